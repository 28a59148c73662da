"""The harness itself: each guard stops what it is there to stop, and nothing else."""

from __future__ import annotations

import random
import socket

import pytest
from django.db import connection
from django.http import HttpResponse
from django.template import Context, Origin, Template
from django.test import Client, RequestFactory
from django.test.utils import override_settings
from django.urls import path

from tests.harness.guards import NetworkRefused, WriteInGet
from tests.harness.pages import defects
from tests.harness.templates import ROOT, UndefinedVariable, UnorderedList
from yanglao.kernel.divisions.models import Division


def writes(request):
    Division.objects.filter(code=1).update(name="x")
    return HttpResponse("done")


urlpatterns = [path("writes/", writes)]
OURS = Origin(str(ROOT / "yanglao" / "shell" / "templates" / "test.html"))


def render(text: str, **context: object) -> str:
    return Template(text, origin=OURS).render(Context(context))


@pytest.mark.django_db
@override_settings(ROOT_URLCONF="tests.test_harness", MIDDLEWARE=[])
def test_it_refuses_a_write_in_a_get_and_lets_a_post_write(client):
    assert client.post("/writes/").status_code == 200
    with pytest.raises(WriteInGet):
        client.get("/writes/")


def test_it_refuses_the_network():
    with socket.socket() as outside, pytest.raises(NetworkRefused):
        outside.connect(("192.0.2.1", 80))


def test_it_refuses_an_undefined_variable():
    for text in ("{{ nobody }}", "{{ nobody.name|upper }}", "{% for x in nobody %}{% endfor %}"):
        with pytest.raises(UndefinedVariable):
            render(text)


def test_it_lets_if_and_default_ask_for_what_is_not_there():
    assert render("{% if nobody %}x{% endif %}{{ nobody|default:'-' }}{{ known }}", known=1) == "-1"


def test_it_leaves_the_templates_of_libraries_alone():
    assert Template("{{ nobody }}", origin=Origin("/elsewhere/x.html")).render(Context()) == ""


@pytest.mark.django_db
def test_it_refuses_a_list_without_an_order():
    text = "{% for d in rows %}{{ d }}{% endfor %}"
    with pytest.raises(UnorderedList):
        render(text, rows=Division.objects.order_by())
    assert render(text, rows=Division.objects.order_by("code")) == ""


@pytest.mark.parametrize(
    "page",
    [
        '<form method="post"></form>',
        '<body><a hx-post="/x"></a></body>',
        "<p style='color:red'></p>",
        "<style>p {}</style>",
        "<script>alert(1)</script>",
        "<a onclick='x()'></a>",
        '<script src="https://cdn.example/x.js"></script>',
        '<link rel="stylesheet" href="//cdn.example/x.css">',
        '<b id="a"></b><i id="a"></i>',
    ],
)
def test_it_finds_a_defect_of_a_page(page):
    assert len(defects(page)) == 1


def test_it_finds_nothing_wrong_with_a_good_page():
    assert not defects(
        '<html><body hx-headers=\'{"X-CSRFToken": "x"}\'><a hx-post="/x" id="a"></a><a href="https://example.org">'
        '</a><form method="post"><input type="hidden" name="csrfmiddlewaretoken"></form><script src="/a.js">'
        '</script><script type="application/json">{}</script></body></html>'
    )


def test_chance_is_the_same_in_every_run():
    assert random.random() == random.Random(20260101).random()


def test_a_request_factory_is_not_guarded(db):
    """Guards stand at the handler, so that a view can be called alone."""
    assert writes(RequestFactory().post("/")).status_code == 200
    assert connection.vendor in ("sqlite", "postgresql")


@pytest.mark.django_db
def test_a_page_holds_no_random_text_a_test_could_stumble_over() -> None:
    assert Client().get("/accounts/login/").content == Client().get("/accounts/login/").content
