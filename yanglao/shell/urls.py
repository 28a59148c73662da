"""Addresses of the shell."""

from django.urls import path

from yanglao.shell import desk, find, trail, views
from yanglao.shell.accounts import keys, users

app_name = "shell"
urlpatterns = [
    path("", desk.home, name="home"),
    path("search/", find.search, name="search"),
    path("divisions/find/", find.find_division, name="find_division"),
    path("me/", views.me, name="me"),
    path("me/keys/", keys.KeysPage.as_view(), name="keys"),
    path("me/keys/add/", keys.KeyAddPage.as_view(), name="key_add"),
    path("me/keys/<int:pk>/revoke/", keys.KeyRevokePage.as_view(), name="key_revoke"),
    path("type-size/", views.type_size, name="type_size"),
    path("help/", views.help_page, name="help"),
    path("about/", views.about, name="about"),
    path("users/", users.UsersPage.as_view(), name="users"),
    path("users/add/", users.UserAddPage.as_view(), name="user_add"),
    path("users/<int:pk>/", users.UserPage.as_view(), name="user"),
    path("users/<int:pk>/password/", users.UserResetPage.as_view(), name="user_reset"),
    path("users/<int:pk>/lock/", users.UserLockPage.as_view(), name="user_lock"),
    path("users/<int:pk>/grant/", users.GrantAddPage.as_view(), name="grant_add"),
    path("grants/<int:pk>/revoke/", users.GrantRevokePage.as_view(), name="grant_revoke"),
    path("organisations/", users.OrganisationsPage.as_view(), name="organisations"),
    path("organisations/add/", users.OrganisationAddPage.as_view(), name="organisation_add"),
    path("audit/", trail.TrailPage.as_view(), name="trail"),
    path("audit/<int:pk>/", trail.TrailEntryPage.as_view(), name="trail_entry"),
]
