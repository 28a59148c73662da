"""Addresses of corrections."""

from django.urls import path

from yanglao.entitlement.corrections.views import deciding, recomputing

app_name = "corrections"
urlpatterns = [
    path("corrections/", recomputing.Overview.as_view(), name="overview"),
    path("corrections/new/", recomputing.Ask.as_view(), name="ask"),
    path("corrections/recomputations/<int:pk>/", recomputing.RecomputationPage.as_view(), name="recomputation"),
    path("corrections/list/", deciding.Corrections.as_view(), name="list"),
    path("corrections/<int:pk>/", deciding.CorrectionPage.as_view(), name="correction"),
    path("corrections/<int:pk>/<str:step>/", deciding.Decide.as_view(), name="decide"),
]
