"""Addresses of plans."""

from django.urls import include, path

from yanglao.steering.plans import (
    views,
    views_breakdown,
    views_coverage,
    views_returns,
    views_review,
    views_supervision,
)

patterns = [
    path("", views.BoardPage.as_view(), name="board"),
    path("coverage/", views_coverage.CoveragePage.as_view(), name="coverage"),
    path("<slug:slug>/", views.BoardPage.as_view(), name="plan"),
    path("<slug:slug>/tasks/", views.TasksPage.as_view(), name="tasks"),
    path("<slug:slug>/targets/<slug:key>/", views.TargetPage.as_view(), name="target"),
    path("<slug:slug>/report/", views.ReportPage.as_view(), name="report"),
    path("<slug:slug>/report.<str:form>", views.report_file, name="report_file"),
    path("<slug:slug>/supervision/", views_supervision.SupervisionPage.as_view(), name="supervision"),
    path("<slug:slug>/supervision/open/", views_supervision.supervise, name="supervise"),
    path("<slug:slug>/scores/", views_supervision.ScoresPage.as_view(), name="scores"),
    path("<slug:slug>/breakdown/", views_breakdown.BreakdownPage.as_view(), name="breakdown"),
    path("<slug:slug>/breakdown.xlsx", views_breakdown.DividedSheet.as_view(), name="divide_sheet"),
    path("<slug:slug>/breakdown/<slug:key>/", views_breakdown.DividePage.as_view(), name="divide"),
    path("<slug:slug>/returns/", views_returns.ReturnsPage.as_view(), name="returns"),
    path("<slug:slug>/returns/remind/", views_review.remind, name="remind"),
    path("<slug:slug>/returns/<int:division>/", views_returns.FillPage.as_view(), name="fill"),
    path("<slug:slug>/returns/<int:division>/table/", views_review.SheetPage.as_view(), name="return_sheet"),
    path("<slug:slug>/returns/<int:division>/files/", views_review.EvidencePage.as_view(), name="attach"),
    path("<slug:slug>/returns/<int:division>/review/", views_review.ReviewPage.as_view(), name="review"),
    path("<slug:slug>/returns/<int:division>/hand-over/", views_returns.HandOver.as_view(), name="hand_over"),
    path("<slug:slug>/parts/<int:report>/", views_returns.PartPage.as_view(), name="part"),
    path("<slug:slug>/parts/<int:pk>/take-back/", views_review.take_back, name="take_back"),
    path("<slug:slug>/files/<int:pk>/", views_review.evidence, name="evidence"),
    path("<slug:slug>/files/<int:pk>/remove/", views_review.detach, name="detach"),
    path("<slug:slug>/recompute/", views.recompute, name="recompute"),
]
urlpatterns = [path("plans/", include((patterns, "plans")))]
