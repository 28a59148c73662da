"""The course of a place, for the timeline of its page."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from django.utils.translation import gettext as _

from yanglao.kernel.rooms import TimelineEvent
from yanglao.registers.places.kinds import facts
from yanglao.registers.places.models import Contract, Membership, PlaceFact, Price
from yanglao.registers.places.showing import contents_text
from yanglao.shell.templatetags.shell import yuan

TOLD = ("state", "ownership", "approved_beds", "star", "centre_grade", "demonstration", "filing", "renovated")


def events(place_id: int) -> Iterable[TimelineEvent]:
    """Turns of its life, contracts, prices, unions."""
    yield from _facts(place_id)
    yield from _contracts(place_id)
    yield from _prices(place_id)
    for member in (
        Membership.objects.filter(member_id=place_id).select_related("place").order_by("valid_from")
    ):
        yield TimelineEvent(member.valid_from, _("加入康养联合体"), member.place.name, icon="affiliate")


def _prices(place_id: int) -> Iterable[TimelineEvent]:
    """What changed on a day, together."""
    rows = Price.objects.filter(place_id=place_id, withdrawn_at=None).order_by("valid_from", "item", "id")
    for day, changed in groupby(rows, key=lambda price: price.valid_from):
        detail = _("；").join(_price(price) for price in changed)
        yield TimelineEvent(day, _("执行新的收费标准"), detail, icon="coin-yuan")


def _price(price: Price) -> str:
    high = "" if price.high == price.low else f"–{yuan(price.high)}"
    parts = [price.get_item_display(), price.get_bed_display(), price.get_ability_display()]
    what = " ".join(str(part) for part in parts if part)
    return f"{what} {yuan(price.low)}{high} {price.get_unit_display()}"


def _facts(place_id: int) -> Iterable[TimelineEvent]:
    rows = PlaceFact.objects.filter(place_id=place_id, kind__in=TOLD, replaced_at=None).order_by("valid_from")
    for row in rows:
        kind = facts()[row.kind]
        yield TimelineEvent(row.valid_from, str(kind), contents_text(row), icon="building")


def _contracts(place_id: int) -> Iterable[TimelineEvent]:
    rows = Contract.objects.filter(place_id=place_id, withdrawn_at=None).select_related("operator")
    for row in rows.order_by("starts_on"):
        url = row.get_absolute_url()
        yield TimelineEvent(row.starts_on, _("运营合同开始"), row.operator.name, url, icon="file-text")
        if row.end_reason:
            yield TimelineEvent(row.ends_on, _("运营合同提前终止"), row.end_reason, url, icon="file-x")
