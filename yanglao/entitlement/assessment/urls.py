"""Addresses of assessments."""

from django.urls import include, path

from yanglao.entitlement.assessment.views import working

patterns = [
    path("mine/", working.DayPage.as_view(), name="day"),
    path("mine.json", working.my_assignments, name="my_assignments"),
    path("scales/<int:pk>.json", working.scale, name="scale"),
    path("attachments/<int:pk>/", working.attachment, name="attachment"),
    path("assignments/<int:pk>/", working.AssignmentPage.as_view(), name="assignment"),
    path("assignments/<int:pk>/fill/", working.FillPage.as_view(), name="fill"),
    path("assignments/<int:pk>/sign/", working.SignPage.as_view(), name="sign"),
    path("assignments/<int:pk>/settle/", working.SettlePage.as_view(), name="settle"),
]
urlpatterns = [path("assessment/", include((patterns, "assessment")))]
