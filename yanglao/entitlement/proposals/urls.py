"""Addresses of proposals."""

from django.urls import include, path

from yanglao.entitlement.proposals import views

patterns = [
    path("", views.ProposalList.as_view(), name="list"),
    path("<int:pk>/", views.ProposalPage.as_view(), name="proposal"),
    path("<int:pk>/agree/", views.AgreePage.as_view(), name="agree"),
    path("<int:pk>/refuse/", views.RefusePage.as_view(), name="refuse"),
    path("<int:pk>/reopen/", views.ReopenPage.as_view(), name="reopen"),
]
urlpatterns = [path("proposals/", include((patterns, "proposals")))]
