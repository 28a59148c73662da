"""Addresses of benefits."""

from django.urls import path

from yanglao.entitlement.benefits import (
    library_views,
    views,
    views_cycle,
    views_lines,
    views_spots,
    views_totals,
)

app_name = "benefits"
urlpatterns = [
    path("benefits/", views.RunsPage.as_view(), name="runs"),
    path("benefits/new/", views.StartPage.as_view(), name="start"),
    path("benefits/<int:run>/", views.RunPage.as_view(), name="run"),
    path("benefits/<int:run>/step/<str:step>/", views.StepPage.as_view(), name="step"),
    path("benefits/<int:run>/lines/", views_lines.LinesPage.as_view(), name="lines"),
    path("benefits/<int:run>/workbook/", views_totals.RunWorkbook.as_view(), name="workbook"),
    path("benefits/<int:run>/spots/", views_spots.SpotsPage.as_view(), name="spots"),
    path("benefits/<int:run>/spots/<int:street>/", views_spots.StreetPage.as_view(), name="street"),
    path("benefits/<int:run>/public/", views_cycle.PublicPage.as_view(), name="public"),
    path(
        "benefits/<int:run>/public/workbook/", views_totals.PublicWorkbook.as_view(), name="public_workbook"
    ),
    path("benefits/spots/<int:spot>/", views_spots.SpotPage.as_view(), name="spot"),
    path("benefits/spots/<int:spot>/lift/", views_spots.LiftPage.as_view(), name="lift_spot"),
    path("benefits/lines/<int:line>/object/", views_cycle.ObjectPage.as_view(), name="object"),
    path("benefits/objections/<int:objection>/", views_cycle.DecidePage.as_view(), name="decide"),
    path("benefits/lines/<int:line>/", views_lines.LinePage.as_view(), name="line"),
    path("benefits/policies/", views.PoliciesPage.as_view(), name="policies"),
    path("benefits/library/", library_views.LibraryPage.as_view(), name="library"),
    path("benefits/library/<slug:policy>/", library_views.ExamplePage.as_view(), name="example"),
    path("benefits/policies/<str:policy>/", views.PolicyPage.as_view(), name="policy"),
]
