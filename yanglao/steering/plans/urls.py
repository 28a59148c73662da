"""Addresses of plans."""

from django.urls import include, path

from yanglao.steering.plans import views, views_coverage

patterns = [
    path("", views.BoardPage.as_view(), name="board"),
    path("coverage/", views_coverage.CoveragePage.as_view(), name="coverage"),
    path("<slug:slug>/", views.BoardPage.as_view(), name="plan"),
    path("<slug:slug>/tasks/", views.TasksPage.as_view(), name="tasks"),
    path("<slug:slug>/targets/<slug:key>/", views.TargetPage.as_view(), name="target"),
    path("<slug:slug>/report/", views.ReportPage.as_view(), name="report"),
    path("<slug:slug>/report.<str:form>", views.report_file, name="report_file"),
    path("<slug:slug>/returns/", views.ReturnsPage.as_view(), name="returns"),
    path("<slug:slug>/returns/<int:division>/", views.FillPage.as_view(), name="fill"),
    path("<slug:slug>/recompute/", views.recompute, name="recompute"),
]
urlpatterns = [path("plans/", include((patterns, "plans")))]
