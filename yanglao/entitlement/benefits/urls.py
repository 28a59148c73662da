"""Addresses of benefits."""

from django.urls import path

from yanglao.entitlement.benefits import library_views, views

app_name = "benefits"
urlpatterns = [
    path("benefits/", views.RunsPage.as_view(), name="runs"),
    path("benefits/new/", views.StartPage.as_view(), name="start"),
    path("benefits/<int:run>/", views.RunPage.as_view(), name="run"),
    path("benefits/<int:run>/step/<str:step>/", views.StepPage.as_view(), name="step"),
    path("benefits/<int:run>/lines/", views.LinesPage.as_view(), name="lines"),
    path("benefits/<int:run>/payment/", views.PaymentPage.as_view(), name="payment"),
    path("benefits/lines/<int:line>/", views.LinePage.as_view(), name="line"),
    path("benefits/policies/", views.PoliciesPage.as_view(), name="policies"),
    path("benefits/library/", library_views.LibraryPage.as_view(), name="library"),
    path("benefits/library/<slug:policy>/", library_views.ExamplePage.as_view(), name="example"),
    path("benefits/policies/<str:policy>/", views.PolicyPage.as_view(), name="policy"),
]
