"""What a document gives to see to is handed over once, edited, and both sides lead to one another."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from tests.harness.house import House
from yanglao.kernel.accounts.actor import Actor, Forbidden
from yanglao.kernel.scope import entered, everything
from yanglao.steering.documents import handing
from yanglao.steering.documents.forms_hand import Asked
from yanglao.steering.documents.models import Document
from yanglao.steering.documents.tests import made_up
from yanglao.steering.documents.tests.access import make
from yanglao.steering.matters.models import Matter

pytestmark = pytest.mark.django_db
DUE = timezone.localdate() + dt.timedelta(days=90)


@pytest.fixture
def officer(house: House) -> Actor:
    return house.actor("city_officer", house.city)


@pytest.fixture
def document(house: House) -> Document:
    return make(house.county, made_up.LISTED)


def asked(row: dict[str, object]) -> Asked:
    return Asked(
        str(row["key"]),
        str(row["kind"]),
        str(row["category"]),
        "",
        str(row["title"]),
        "区民政局",
        "",
        DUE,
        None,
    )


def hand(actor: Actor, document: Document, *rows: Asked) -> list[Matter]:
    with entered(actor):
        return handing.hand(actor, document, rows=rows)


def test_items_bottlenecks_and_funds_are_offered(document: Document) -> None:
    told = [(row["kind"], row["category"], row["title"]) for row in document.handed]
    assert [t for t in told if t[0] == "item"] == [
        ("item", "work", "建设嵌入式服务综合体6个"),
        ("item", "work", "改造农村敬老院4所，2028年10月底前完成"),
        ("item", "work", "培训护理员900人次"),
    ]
    assert [t[:2] for t in told if t[0] == "bottleneck"] == [("bottleneck", "land"), ("bottleneck", "staff")]
    money = {row["category"]: row["planned_fen"] for row in document.handed if row["kind"] == "fund"}
    assert money == {"lottery": 1_200 * 10**6, "bond": 8 * 10**9}
    first = document.handed[0]
    assert first["departments"] == ["区民政局", "区住建局", "区财政局"]


def test_a_reply_offers_the_proposal_it_answers(house: House) -> None:
    (row,) = make(house.county, made_up.REPLY).handed
    assert (row["kind"], row["category"], row["number"], row["title"]) == (
        "proposal",
        "committee",
        "第37号",
        "完善社区助餐服务",
    )


def test_a_place_is_handed_over_once(document: Document, officer: Actor) -> None:
    rows = [asked(row) for row in document.handed[:2]]
    assert len(hand(officer, document, *rows)) == 2
    assert len(handing.left(document)) == len(document.handed) - 2
    with pytest.raises(ValidationError, match="已经交办"):
        hand(officer, document, rows[0])
    with everything("a test"):
        assert Matter.objects.count() == 2


def test_all_are_handed_over_or_none(document: Document, officer: Actor) -> None:
    good, bad = (asked(row) for row in document.handed[:2])
    with pytest.raises(ValidationError, match=bad.title):
        hand(officer, document, good, replace(bad, due_on=timezone.localdate() - dt.timedelta(days=1)))
    with everything("a test"):
        assert not Matter.objects.exists()


def test_what_does_not_stand_in_the_document_is_refused(document: Document, officer: Actor) -> None:
    with pytest.raises(ValidationError, match="不在这份文件里"):
        hand(officer, document, replace(asked(document.handed[0]), key="item-99999"))


def test_who_may_not_register_matters_hands_nothing_over(house: House, document: Document) -> None:
    with pytest.raises(Forbidden):
        hand(house.actor("auditor", house.city), document, asked(document.handed[0]))


def test_the_page_registers_what_is_ticked_as_it_was_edited(house: House, document: Document) -> None:
    client = house.client("city_officer", house.city)
    url = reverse("documents:hand", args=[document.pk])
    page = client.get(url).content.decode()
    assert "建设嵌入式服务综合体6个" in page
    first, second = document.handed[0]["key"], document.handed[1]["key"]
    data = {
        "due_on": DUE.isoformat(),
        f"take_{first}": "on",
        f"title_{first}": "建好六个综合体",
        f"lead_{first}": "区民政局",
        f"title_{second}": "没有勾选",
    }
    assert client.post(url, data).status_code == 302
    with everything("a test"):
        matter = Matter.objects.get()
    assert (matter.title, matter.lead, matter.due_on, matter.category) == (
        "建好六个综合体",
        "区民政局",
        DUE,
        "work",
    )
    assert matter.source == f"《{document.title}》"
    assert f'href="{matter.get_absolute_url()}"' in client.get(url).content.decode()
    there = client.get(matter.get_absolute_url()).content.decode()
    assert reverse("documents:origin", args=[matter.pk]) in there
    way = client.get(reverse("documents:origin", args=[matter.pk]))
    assert way["Location"].startswith(document.get_absolute_url())


def test_nothing_ticked_or_no_day_is_told(house: House, document: Document) -> None:
    client = house.client("city_officer", house.city)
    url = reverse("documents:hand", args=[document.pk])
    answer = client.post(url, {})
    assert answer.status_code == 422
    assert "还没有勾选" in answer.content.decode()
    key = document.handed[0]["key"]
    answer = client.post(url, {f"take_{key}": "on", f"title_{key}": "一件事", f"lead_{key}": "区民政局"})
    assert "请填写办理期限" in answer.content.decode()
