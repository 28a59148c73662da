"""Addresses of indicators."""

from django.urls import include, path

from yanglao.steering.indicators import comparing, views

patterns = [
    path("", views.CataloguePage.as_view(), name="list"),
    path("<slug:code>/compare/", comparing.ComparePage.as_view(), name="compare"),
    path("<slug:code>/", views.IndicatorPage.as_view(), name="detail"),
]
urlpatterns = [path("indicators/", include((patterns, "indicators")))]
