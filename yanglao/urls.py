"""The site's addresses: allauth's pages, then every room that has a `urls` module, each under its own prefix."""

from importlib.util import find_spec

from django.conf import settings
from django.urls import include, path
from django.views.i18n import set_language

handler400 = "yanglao.shell.errors.bad_request"
handler403 = "yanglao.shell.errors.forbidden"
handler404 = "yanglao.shell.errors.not_found"
handler500 = "yanglao.shell.errors.server_error"

urlpatterns = [
    path("accounts/", include("allauth.urls")),
    path("language/", set_language, name="set_language"),
    *(
        path("", include(f"{room}.urls"))
        for room in [*settings.KERNEL, *settings.ROOMS]
        if find_spec(f"{room}.urls")
    ),
]
