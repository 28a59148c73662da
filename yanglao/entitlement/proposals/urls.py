"""Addresses of proposals."""

from django.urls import include, path

from yanglao.entitlement.proposals import views, views_stock

patterns = [
    path("", views.WaitingList.as_view(), name="list"),
    path("all/", views.ProposalList.as_view(), name="all"),
    path("stock/", views_stock.StockPage.as_view(), name="stock"),
    path("<int:pk>/", views.ProposalPage.as_view(), name="proposal"),
    path("<int:pk>/agree/", views.AgreePage.as_view(), name="agree"),
    path("<int:pk>/refuse/", views.RefusePage.as_view(), name="refuse"),
    path("<int:pk>/evidence/", views.evidence, name="evidence"),
    path("<int:pk>/reopen/", views.ReopenPage.as_view(), name="reopen"),
]
urlpatterns = [path("proposals/", include((patterns, "proposals")))]
