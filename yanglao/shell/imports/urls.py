from django.urls import path, re_path

from yanglao.shell.imports import views

app_name = "imports"
urlpatterns = [
    path("imports/", views.index, name="list"),
    path("imports/<int:pk>/", views.batch, name="batch"),
    path("imports/<int:pk>/commit/", views.commit, name="commit"),
    path("imports/<int:pk>/undo/", views.undo, name="undo"),
    path("imports/<int:pk>/cancel/", views.cancel, name="cancel"),
    re_path(r"^imports/(?P<pk>\d+)/(?P<what>original|marked)/$", views.download, name="download"),
    path("imports/new/<str:name>/", views.start, name="start"),
    path("imports/new/<str:name>/template/", views.template_file, name="template"),
]
