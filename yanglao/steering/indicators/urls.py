"""Addresses of indicators."""

from django.urls import include, path

from yanglao.steering.indicators import views

patterns = [
    path("", views.CataloguePage.as_view(), name="list"),
    path("<slug:code>/", views.IndicatorPage.as_view(), name="detail"),
]
urlpatterns = [path("indicators/", include((patterns, "indicators")))]
