"""Addresses of suspected doubles."""

from django.urls import path

from . import views

app_name = "doubles"
urlpatterns = [
    path("people/doubles/", views.Suspects.as_view(), name="list"),
    path("people/doubles/<int:pk>/", views.PairPage.as_view(), name="pair"),
    path("people/doubles/<int:pk>/dismiss/", views.Dismiss.as_view(), name="dismiss"),
    path("people/doubles/<int:pk>/reopen/", views.Reopen.as_view(), name="reopen"),
]
