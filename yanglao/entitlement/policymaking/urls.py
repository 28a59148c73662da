"""Addresses of policymaking."""

from django.urls import path

from yanglao.entitlement.policymaking.views import drafts, explaining, publishing, studies

app_name = "policymaking"
urlpatterns = [
    path("policymaking/", drafts.Home.as_view(), name="home"),
    path("entitlement/", explaining.Ask.as_view(), name="ask"),
    path("policymaking/why/<int:person>/", explaining.Why.as_view(), name="why"),
    path("policymaking/begin/", drafts.Begin.as_view(), name="begin"),
    path("policymaking/drafts/<int:pk>/", drafts.DraftPage.as_view(), name="draft"),
    path("policymaking/drafts/<int:pk>/edit/", drafts.Edit.as_view(), name="edit"),
    path("policymaking/drafts/<int:pk>/check/", drafts.Check.as_view(), name="check"),
    path("policymaking/drafts/<int:pk>/submit/", drafts.Submit.as_view(), name="submit"),
    path("policymaking/drafts/<int:pk>/drop/", drafts.Drop.as_view(), name="drop"),
    path("policymaking/drafts/<int:pk>/publish/", publishing.Publish.as_view(), name="publish"),
    path("policymaking/drafts/<int:pk>/return/", publishing.SendBack.as_view(), name="return"),
    path("policymaking/drafts/<int:pk>/compare/", publishing.CompareDraft.as_view(), name="compare"),
    path("policymaking/drafts/<int:pk>/file/", publishing.DraftFile.as_view(), name="draft_file"),
    path("policymaking/drafts/<int:pk>/try/", studies.Try.as_view(), name="try"),
    path("policymaking/drafts/<int:pk>/trial/", studies.Trial.as_view(), name="trial"),
    path("policymaking/simulate/", studies.Simulate.as_view(), name="simulate"),
    path("policymaking/studies/<int:pk>/", studies.StudyPage.as_view(), name="study"),
    path("policymaking/studies/<int:pk>/workbook/", studies.StudyWorkbook.as_view(), name="study_workbook"),
    path("policymaking/history/", publishing.History.as_view(), name="history"),
    path("policymaking/published/<int:pk>/", publishing.PublicationPage.as_view(), name="publication"),
    path(
        "policymaking/published/<int:pk>/file/", publishing.PublicationFile.as_view(), name="publication_file"
    ),
    path("policymaking/published/<int:pk>/withdraw/", publishing.Withdraw.as_view(), name="withdraw"),
]
