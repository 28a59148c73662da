from django.urls import path

from yanglao.shell.offline import phone, views

app_name = "offline"
urlpatterns = [
    path("sw.js", phone.worker, name="worker"),
    path("manifest.webmanifest", phone.manifest, name="manifest"),
    path("field/", phone.field, name="field"),
    path("field/app/<str:version>/<str:name>.js", phone.module, name="module"),
    path("field/open/", phone.open_device, name="open"),
    path("field/work/", phone.work, name="work"),
    path("field/number/", phone.number, name="number"),
    path("field/asked/", phone.asked, name="asked"),
    path("field/photos/<uuid:uid>/<str:sha256>/", phone.photo, name="photo"),
    path("field/send/", phone.send, name="send"),
    path("offline/", views.ReceivedList.as_view(), name="list"),
    path("offline/waiting/", views.WaitingList.as_view(), name="waiting"),
    path("offline/<int:pk>/", views.ReceivedPage.as_view(), name="received"),
    path("offline/<int:pk>/content/", views.content, name="content"),
    path("offline/<int:pk>/photos/<str:sha256>/", views.picture, name="picture"),
    path("offline/<int:pk>/settle/", views.SettlePage.as_view(), name="settle"),
]
