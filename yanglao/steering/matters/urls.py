"""Addresses of matters."""

from django.urls import include, path

from yanglao.steering.matters import views

patterns = [
    path("", views.StandingPage.as_view(), name="standing"),
    path("list/", views.MatterList.as_view(), name="list"),
    path("add/", views.ChoosePage.as_view(), name="choose"),
    path("add/<slug:kind>/", views.RegisterPage.as_view(), name="add"),
    path("<int:pk>/", views.MatterPage.as_view(), name="matter"),
    path("<int:pk>/money/", views.MovePage.as_view(), name="move"),
]
urlpatterns = [path("matters/", include((patterns, "matters")))]
