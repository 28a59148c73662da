"""Addresses of corrections."""

from django.urls import path

from yanglao.entitlement.corrections.views import debts, deciding, figures, holds, prospects, recomputing

app_name = "corrections"
urlpatterns = [
    path("corrections/", recomputing.Overview.as_view(), name="overview"),
    path("corrections/new/", recomputing.Ask.as_view(), name="ask"),
    path(
        "corrections/recomputations/<int:pk>/", recomputing.RecomputationPage.as_view(), name="recomputation"
    ),
    path("corrections/list/", deciding.Corrections.as_view(), name="list"),
    path("corrections/errors/", figures.Errors.as_view(), name="errors"),
    path("corrections/errors/workbook/", figures.workbook, name="errors_workbook"),
    path("corrections/debts/", debts.Debts.as_view(), name="debts"),
    path("corrections/debts/<int:pk>/", debts.DebtPage.as_view(), name="debt"),
    path("corrections/debts/<int:pk>/repay/", debts.Repay.as_view(), name="repay"),
    path("corrections/debts/<int:pk>/share/", debts.SetShare.as_view(), name="share"),
    path("corrections/debts/<int:pk>/write-off/", debts.AskWriteOff.as_view(), name="write_off"),
    path("corrections/debts/<int:pk>/write-off/approve/", debts.approve_write_off, name="approve_write_off"),
    path(
        "corrections/debts/<int:pk>/write-off/refuse/",
        debts.RefuseWriteOff.as_view(),
        name="refuse_write_off",
    ),
    path("corrections/debts/<int:pk>/notice/", debts.Notice.as_view(), name="notice"),
    path("corrections/debts/<int:pk>/notice/done/", debts.noticed, name="noticed"),
    path("corrections/holds/", holds.Holds.as_view(), name="holds"),
    path("corrections/holds/<int:pk>/", holds.HoldPage.as_view(), name="hold"),
    path("corrections/holds/<int:pk>/decide/", holds.DecideHold.as_view(), name="decide_hold"),
    path("corrections/prospects/", prospects.Prospects.as_view(), name="prospects"),
    path("corrections/prospects/refresh/", prospects.refresh, name="refresh"),
    path("corrections/prospects/<int:pk>/", prospects.ProspectPage.as_view(), name="prospect"),
    path("corrections/prospects/<int:pk>/tell/", prospects.tell, name="tell"),
    path("corrections/<int:pk>/", deciding.CorrectionPage.as_view(), name="correction"),
    path("corrections/<int:pk>/<str:step>/", deciding.Decide.as_view(), name="decide"),
]
