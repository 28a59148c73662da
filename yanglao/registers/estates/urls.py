from django.urls import path

from yanglao.registers.estates import views

app_name = "estates"
urlpatterns = [
    path("estates/", views.EstateList.as_view(), name="list"),
    path("estates/map/", views.EstateMap.as_view(), name="map"),
    path("estates/add/", views.AddEstate.as_view(), name="add"),
    path("estates/<int:pk>/", views.EstateDetail.as_view(), name="estate"),
    path("estates/<int:pk>/correct/", views.CorrectEstate.as_view(), name="correct"),
    path("estates/<int:pk>/premises/", views.AddPremises.as_view(), name="add_premises"),
    path("estates/<int:pk>/plan/", views.PlanRemedy.as_view(), name="plan"),
    path("estates/premises/<int:pk>/", views.PremisesDetail.as_view(), name="premises"),
    path("estates/premises/<int:pk>/correct/", views.CorrectPremises.as_view(), name="correct_premises"),
    path("estates/premises/<int:pk>/share/", views.ShareOut.as_view(), name="share"),
    path("estates/premises/<int:pk>/stage/", views.Reach.as_view(), name="reach"),
    path("estates/premises/<int:pk>/back/", views.StepBack.as_view(), name="step_back"),
    path("estates/files/<int:pk>/", views.milestone_file, name="file"),
    path("estates/plans/<int:pk>/done/", views.Fulfil.as_view(), name="fulfil"),
    path("estates/plans/<int:pk>/drop/", views.DropPlan.as_view(), name="drop_plan"),
]
