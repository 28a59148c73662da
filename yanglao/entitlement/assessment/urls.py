"""Addresses of assessments."""

from django.urls import include, path

from yanglao.entitlement.assessment.views import (
    bodies,
    homes,
    lists,
    planning,
    quality,
    results,
    signing,
    workbooks,
    working,
)

patterns = [
    path("", lists.AssessmentList.as_view(), name="list"),
    path("<int:pk>/", results.ResultPage.as_view(), name="result"),
    path("<int:pk>/letter/", results.LetterPage.as_view(), name="letter"),
    path("<int:pk>/object/", results.ObjectPage.as_view(), name="object"),
    path("<int:pk>/withdraw/", results.WithdrawPage.as_view(), name="withdraw"),
    path("requests/", lists.RequestList.as_view(), name="requests"),
    path("requests/<int:pk>/", results.RequestPage.as_view(), name="request"),
    path("requests/<int:pk>/assign/", results.AssignPage.as_view(), name="assign"),
    path("ask/<int:pk>/", results.AskPage.as_view(), name="ask"),
    path("calendar/", lists.CalendarPage.as_view(), name="calendar"),
    path("calendar/file/", workbooks.CalendarFile.as_view(), name="calendar_file"),
    path("mine/", working.DayPage.as_view(), name="day"),
    path("mine.json", working.my_assignments, name="my_assignments"),
    path("scales/<int:pk>.json", working.scale, name="scale"),
    path("attachments/<int:pk>/", working.attachment, name="attachment"),
    path("assignments/", lists.AssignmentList.as_view(), name="assignments"),
    path("assignments/<int:pk>/", working.AssignmentPage.as_view(), name="assignment"),
    path("assignments/<int:pk>/plan/", planning.PlanPage.as_view(), name="plan"),
    path("assignments/<int:pk>/reveal/", planning.reveal, name="reveal"),
    path("assignments/<int:pk>/fill/", working.FillPage.as_view(), name="fill"),
    path("assignments/<int:pk>/sign/", signing.SignPage.as_view(), name="sign"),
    path("assignments/<int:pk>/settle/", signing.SettlePage.as_view(), name="settle"),
    path("residents/", homes.ResidentList.as_view(), name="residents"),
    path("residents/<int:pk>/", homes.ResidentPage.as_view(), name="resident"),
    path("residents/<int:pk>/ask/", homes.ResidentAsk.as_view(), name="resident_ask"),
    path(
        "residents/<int:pk>/object/<int:assessment>/", homes.ResidentObject.as_view(), name="resident_object"
    ),
    path(
        "residents/<int:pk>/letters/<int:assessment>/", homes.ResidentLetter.as_view(), name="resident_letter"
    ),
    path("bodies/", bodies.BodyList.as_view(), name="bodies"),
    path("bodies/add/", bodies.BodyAdd.as_view(), name="body_add"),
    path("bodies/<int:pk>/", bodies.BodyPage.as_view(), name="body"),
    path("bodies/<int:pk>/end/", bodies.BodyEnd.as_view(), name="body_end"),
    path("bodies/<int:pk>/assessors/", bodies.AssessorAdd.as_view(), name="assessor_add"),
    path("assessors/<int:pk>/release/", bodies.AssessorRelease.as_view(), name="assessor_release"),
    path("statistics/", quality.StatisticsPage.as_view(), name="statistics"),
    path("statistics/file/", workbooks.StatisticsFile.as_view(), name="statistics_file"),
    path("samples/", quality.SampleList.as_view(), name="samples"),
    path("samples/draw/", quality.DrawPage.as_view(), name="draw"),
    path("samples/<int:pk>/", quality.SamplePage.as_view(), name="sample"),
    path("samples/lines/<int:pk>/", quality.AgreementPage.as_view(), name="agreement"),
]
urlpatterns = [path("assessment/", include((patterns, "assessment")))]
