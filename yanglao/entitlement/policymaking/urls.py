"""Addresses of policymaking."""

from django.urls import path

from yanglao.entitlement.policymaking.views import drafts

app_name = "policymaking"
urlpatterns = [
    path("policymaking/", drafts.Home.as_view(), name="home"),
    path("policymaking/begin/", drafts.Begin.as_view(), name="begin"),
    path("policymaking/drafts/<int:pk>/", drafts.DraftPage.as_view(), name="draft"),
    path("policymaking/drafts/<int:pk>/edit/", drafts.Edit.as_view(), name="edit"),
    path("policymaking/drafts/<int:pk>/check/", drafts.Check.as_view(), name="check"),
    path("policymaking/drafts/<int:pk>/submit/", drafts.Submit.as_view(), name="submit"),
    path("policymaking/drafts/<int:pk>/drop/", drafts.Drop.as_view(), name="drop"),
]
