"""Addresses of the shell."""

from django.urls import path

from yanglao.shell import desk, find, views

app_name = "shell"
urlpatterns = [
    path("", desk.home, name="home"),
    path("search/", find.search, name="search"),
    path("divisions/find/", find.find_division, name="find_division"),
    path("me/", views.me, name="me"),
    path("type-size/", views.type_size, name="type_size"),
    path("help/", views.help_page, name="help"),
    path("about/", views.about, name="about"),
]
