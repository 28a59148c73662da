"""Addresses of documents."""

from django.urls import path

from yanglao.steering.documents import views, views_hand, views_rows

app_name = "documents"
urlpatterns = [
    path("documents/", views.Documents.as_view(), name="list"),
    path("documents/add/", views.Bring.as_view(), name="bring"),
    path("documents/<int:pk>/", views.DocumentPage.as_view(), name="document"),
    path("documents/source/<slug:slug>/<slug:key>/", views.SourcePage.as_view(), name="source"),
    path("documents/<int:pk>/repairs/", views.RepairsPage.as_view(), name="repairs"),
    path("documents/<int:pk>/original/", views.original, name="original"),
    path("documents/<int:pk>/tasks.xlsx", views.sheet_file, name="sheet"),
    path("documents/<int:pk>/decide/", views_rows.decide, name="decide"),
    path("documents/<int:pk>/undo/", views_rows.undo, name="undo"),
    path("documents/<int:pk>/hand/", views_hand.HandPage.as_view(), name="hand"),
    path("documents/origin/<int:pk>/", views_hand.origin, name="origin"),
    path("documents/<int:pk>/take/", views_rows.TakePage.as_view(), name="take"),
    path("documents/<int:pk>/rows/<int:row>/", views_rows.RowPage.as_view(), name="row"),
    path("documents/<int:pk>/rows/<int:row>/split/", views_rows.split, name="split"),
]
