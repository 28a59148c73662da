from django.urls import path

from yanglao.kernel.jobs import views

app_name = "jobs"
urlpatterns = [
    path("jobs/", views.runs, name="list"),
    path("jobs/<uuid:run_id>/", views.run, name="run"),
    path("jobs/<uuid:run_id>/cancel/", views.cancel, name="cancel"),
    path("jobs/<uuid:run_id>/restart/", views.restart, name="restart"),
]
