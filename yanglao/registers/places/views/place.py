"""A place's whole file on one page, as it is or as it was; its prices over time; reading the sealed telephone."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from yanglao.kernel.rooms import house
from yanglao.registers.places import actions, queries
from yanglao.registers.places.forms import PURPOSES
from yanglao.registers.places.kinds import kind_label, kinds
from yanglao.registers.places.models import Membership, Operator, Place, PlaceFact, Price, Report
from yanglao.registers.places.rules import CONTRACT_WARN_DAYS, monthly, urgency
from yanglao.registers.places.showing import TONES, Line, by_group, line
from yanglao.registers.places.views.lists import state_name, state_tone
from yanglao.shell.charts import Map, Point
from yanglao.shell.pages import Crumb, PageView, page
from yanglao.shell.pages.revealing import SealedLine, revealed

SITES_SHOWN = 20


def day_asked(request: HttpRequest, name: str) -> dt.date | None:
    """A day of the address; None for none, for no date, and for one more than a year ahead."""
    try:
        asked = parse_date(request.GET.get(name, ""))
    except ValueError:
        return None
    return asked if asked and asked <= queries.today() + dt.timedelta(days=366) else None


class OfPlacePage(PageView):
    """A page about one place. `pk` of the address is its."""

    right = "places.view"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self._place: Place | None = None

    @property
    def place(self) -> Place:
        if self._place is None:
            rows = Place.objects.select_related("operator", "organisation")
            self._place = get_object_or_404(rows, pk=self.kwargs["pk"])
        return self._place

    def crumbs(self) -> tuple[Crumb, ...]:
        return (Crumb(_("机构设施"), reverse("places:list")), Crumb(self.place.name))

    def page_title(self) -> Any:
        return self.place.name

    def may(self, right: str) -> bool:
        return self.actor.can(right, self.place)


class PlacePage(OfPlacePage):
    """One place: facts with expiries, prices, contract, sites of the operator, its course, panels of other rooms."""

    template = "places/place.html"

    @property
    def as_of(self) -> dt.date:
        return day_asked(self.request, "as_of") or queries.today()

    @property
    def known(self) -> dt.date | None:
        return day_asked(self.request, "known")

    def context(self) -> dict[str, Any]:
        place, day, known = self.place, self.as_of, self.known
        moment = timezone.make_aware(dt.datetime.combine(known, dt.time.max)) if known else None
        rows = list(queries.all_facts(place, moment))
        holds = [r for r in rows if r.valid_from <= day and (r.valid_to is None or day < r.valid_to)]
        return {
            "place": place,
            "kind": kind_label(place.kind),
            "state": (state_name(place), state_tone(place)),
            "as_of": day,
            "known": known,
            "is_today": day == queries.today() and not known,
            "groups": by_group((r for r in holds if r.kind != "state"), day),
            "history": [line(r, r.valid_to or day) for r in reversed(rows)],
            "badges": _badges(holds, day),
            "reports": [line(r, day) for r in self._reports()],
            "map": _map(place),
            "purposes": PURPOSES,
            "phone": SealedLine(gettext_lazy("联系人电话"), "", str(place.contact_phone)),
            "reveal_url": reverse("places:reveal", args=(place.pk,)),
            **self._rights(),
            **self._around(day),
            **self._offered(day),
        }

    def _rights(self) -> dict[str, bool]:
        names = ("edit", "manage", "confirm", "reveal")
        return {f"may_{name}": self.may(f"places.{name}") for name in names}

    def _reports(self) -> list[Report]:
        return list(self.place.reports.filter(settled_at=None).order_by("reported_at", "id"))

    def _around(self, day: dt.date) -> dict[str, Any]:
        place = self.place
        prices = list(queries.prices_on(place, day))
        contract = queries.contract_on(place, day)
        last = (
            place.contracts.filter(withdrawn_at=None).order_by("-ends_on").first()
            if contract is None
            else None
        )
        left = urgency(contract.ends_on, queries.today(), CONTRACT_WARN_DAYS) if contract else ""
        return {
            "prices": prices,
            "monthly": monthly([(p.item, p.unit, p.low, p.high) for p in prices]),
            "contract": contract,
            "contract_tone": TONES.get(left, ""),
            "last_contract": last,
            "operator_shown": place.operator_id is not None
            and Operator.objects.filter(pk=place.operator_id).exists(),
            "premises": list(queries.premises_on(place, day)),
            "sites": list(queries.siblings(place)[: SITES_SHOWN + 1])[:SITES_SHOWN],
            "members": _members(place, day) if place.kind == "health_union" else [],
            "unions": list(
                place.unions.filter(queries.true_on(day)).select_related("place").order_by("valid_from")
            ),
            "is_union": place.kind == "health_union",
            "lodges": place.kind in kinds() and kinds()[place.kind].lodges,
        }

    def _offered(self, day: dt.date) -> dict[str, Any]:
        """Numbers, sections and events of other rooms; they answer as known now, so none for what was known then."""
        if self.known:
            return {"figures": _own_figures(self.place), "panels": [], "happened": []}
        figures = [
            (f.label, value, f.unit)
            for f in house().place_figures
            if self.may(f.right) and (value := f.value(self.actor, self.place.pk, day)) is not None
        ]
        panels = [
            {"label": p.label, "template": p.template, "data": data}
            for p in house().place_panels
            if self.may(p.right) and (data := p.context(self.actor, self.place.pk, day)) is not None
        ]
        happened = [one for one in queries.happened(self.place.pk) if one.day <= day]
        return {"figures": [*_own_figures(self.place), *figures], "panels": panels, "happened": happened}


def _own_figures(place: Place) -> list[tuple[Any, Any, Any]]:
    figures = [
        (_("核定床位"), place.beds, _("张")),
        (_("备案护理型"), place.nursing_beds, _("张")),
    ]
    return [f for f in figures if f[1] is not None]


def _members(place: Place, day: dt.date) -> list[Membership]:
    return list(
        place.members.filter(queries.true_on(day)).select_related("member").order_by("part", "valid_from")
    )


BADGES = ("ownership", "star", "centre_grade", "demonstration", "ltci", "smart", "inclusive")


def _badges(rows: list[PlaceFact], day: dt.date) -> list[tuple[str, str]]:
    """(words, tone) of what one who opens the file should see first."""
    lines = [line(r, day) for r in rows if r.kind in BADGES]
    lines.sort(key=lambda one: BADGES.index(one.kind))
    return [(_badge(one), "dull" if one.urgency == "over" else "info") for one in lines]


def _badge(one: Line) -> str:
    return one.label if one.kind in ("ltci", "smart", "inclusive") else one.text


def _map(place: Place) -> Map | None:
    if place.longitude is None or place.latitude is None:
        return None
    return Map(_("位置"), (Point(place.name, place.latitude, place.longitude, place.address, size=10),))


class PriceHistory(OfPlacePage):
    """Every price a place ever published."""

    template = "places/prices.html"

    def crumbs(self) -> tuple[Crumb, ...]:
        back = Crumb(self.place.name, self.place.get_absolute_url())
        return (Crumb(_("机构设施"), reverse("places:list")), back, Crumb(_("收费历史")))

    def page_title(self) -> Any:
        return _("%(name)s的收费历史") % {"name": self.place.name}

    def context(self) -> dict[str, Any]:
        rows = Price.objects.filter(place=self.place).order_by(
            "item", "bed", "ability", "unit", "-valid_from", "-id"
        )
        today = queries.today()
        return {
            "place": self.place,
            "prices": [(p, _price_state(p, today)) for p in rows],
            "may_edit": self.may("places.edit"),
        }


def _price_state(price: Price, today: dt.date) -> tuple[str, str]:
    if price.withdrawn_at:
        return _("已作废"), "dull"
    if price.valid_from > today:
        return _("未执行"), "info"
    if price.valid_to and price.valid_to <= today:
        return _("已停止"), "dull"
    return _("执行中"), "good"


@never_cache
@require_POST
@page(right="places.reveal")
def reveal(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The telephone of a place's contact. Never cached, never in an address."""
    place = get_object_or_404(Place, pk=pk)
    actor = request.actor  # type: ignore[attr-defined]
    return revealed(
        request,
        lambda _field, purpose: actions.reveal(actor, place, purpose=purpose),
        title=gettext_lazy("联系人电话"),
        back=place.get_absolute_url(),
    )
