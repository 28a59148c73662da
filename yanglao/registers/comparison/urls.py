"""Addresses of comparison."""

from django.urls import path, re_path

from yanglao.registers.comparison.views import clues, coverage, files

app_name = "comparison"
urlpatterns = [
    path("comparison/", coverage.Sources.as_view(), name="sources"),
    path("comparison/coverage.xlsx", coverage.CoverageFile.as_view(), name="coverage"),
    path("comparison/files/", coverage.Deliveries.as_view(), name="files"),
    path("comparison/files/<int:pk>/", files.FilePage.as_view(), name="file"),
    path("comparison/files/<int:pk>/columns/", files.LayoutPage.as_view(), name="layout"),
    path("comparison/files/<int:pk>/cancel/", files.cancel, name="cancel"),
    path("comparison/files/<int:pk>/again/", files.again, name="again"),
    path("comparison/files/<int:pk>/complete/", files.vouch, name="vouch"),
    re_path(r"^comparison/files/(?P<pk>\d+)/(?P<what>original|marked)/$", files.download, name="download"),
    path("comparison/clues/", clues.Clues.as_view(), name="clues"),
    path("comparison/clues/<int:pk>/", clues.CluePage.as_view(), name="clue"),
    path("comparison/clues/<int:pk>/confirm/", clues.Confirm.as_view(), name="confirm"),
    path("comparison/clues/<int:pk>/dismiss/", clues.Dismiss.as_view(), name="dismiss"),
    path("comparison/clues/<int:pk>/row/", clues.Reveal.as_view(), name="reveal"),
    path("comparison/<slug:key>/", coverage.SourcePage.as_view(), name="source"),
    path("comparison/<slug:key>/upload/", files.Upload.as_view(), name="upload"),
]
