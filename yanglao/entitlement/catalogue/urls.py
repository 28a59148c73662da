"""Addresses of the lists."""

from django.urls import path

from yanglao.entitlement.catalogue.views import months, overview, people, published

app_name = "catalogue"
urlpatterns = [
    path("catalogue/", overview.Overview.as_view(), name="overview"),
    path("catalogue/coverage.xlsx", overview.CoverageFile.as_view(), name="coverage_file"),
    path("catalogue/recompute/", overview.Recompute.as_view(), name="recompute"),
    path("catalogue/months/", months.Months.as_view(), name="months"),
    path("catalogue/months/recover/", months.Recover.as_view(), name="recover"),
    path("catalogue/items/<int:pk>/", overview.ItemPage.as_view(), name="item"),
    path("catalogue/people/", people.EntitlementList.as_view(), name="list"),
    path("catalogue/people/<int:pk>/", people.PersonPage.as_view(), name="person"),
    path("catalogue/people/<int:pk>/<int:item>/start/", people.Start.as_view(), name="start"),
    path("catalogue/people/<int:pk>/<int:item>/<slug:kind>/", people.Enter.as_view(), name="enter"),
    path("lists/", published.Index.as_view(), name="lists"),
    path("lists/due/", published.Due.as_view(), name="due"),
    path("lists/<slug:city>/<slug:key>/", published.Published.as_view(), name="published"),
    path("lists/<slug:city>/<slug:key>/workbook/", published.Workbook.as_view(), name="published_file"),
]
