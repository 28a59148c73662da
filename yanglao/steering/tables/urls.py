"""Addresses of tables."""

from django.urls import include, path

from yanglao.steering.tables import views

patterns = [
    path("", views.RegisterPage.as_view(), name="list"),
    path("count/", views.count, name="count"),
    path("<slug:id>/", views.TablePage.as_view(), name="table"),
    path("<slug:id>/fill/", views.FillPage.as_view(), name="fill"),
    path("<slug:id>/workbook/", views.WorkbookFile.as_view(), name="workbook"),
]
urlpatterns = [path("tables/", include((patterns, "tables")))]
