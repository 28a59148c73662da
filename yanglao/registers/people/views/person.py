"""The person's whole file on one page, as it is or as it was; reading personal data; the sheet to print."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from yanglao.kernel.divisions.queries import full_name
from yanglao.kernel.rooms import house
from yanglao.kernel.scope import Level
from yanglao.registers.people import actions, around, completeness, queries
from yanglao.registers.people.completeness_file import ASKERS
from yanglao.registers.people.forms import PURPOSES
from yanglao.registers.people.groups import Membership, memberships
from yanglao.registers.people.kinds import GROUPS, kinds
from yanglao.registers.people.models import Appointment, Circumstance, Contact, Person
from yanglao.registers.people.recording import projection, spell
from yanglao.registers.people.rules.ethnic import ETHNIC_GROUPS
from yanglao.registers.people.spells_chart import draw
from yanglao.shell.pages import Crumb, PageView, page
from yanglao.shell.pages.revealing import SealedLine, revealed
from yanglao.shell.templatetags.shell import source as source_label

LOOKED_SHOWN = 10


@dataclass(frozen=True)
class FactLine:
    """A fact as the page shows it."""

    row: Circumstance
    label: str
    value: str
    source: str
    ends: bool  # may be ended or withdrawn (places and deaths have their own ways)
    late: bool = False  # recorded after the file was closed
    sealed: SealedLine | None = None  # an amount, to be seen by one who says what for


def value_text(row: Circumstance) -> str:
    """A fact's value in words."""
    kind = kinds().get(row.kind)
    if kind is None:
        return row.value
    if kind.form == "division" and row.value.isdigit():
        return full_name(int(row.value), below=Level.CITY) or full_name(int(row.value))
    return kind.name_of(row.value)


def fact_line(row: Circumstance, closed_at: dt.datetime | None = None) -> FactLine:
    label = str(kinds()[row.kind]) if row.kind in kinds() else row.kind
    late = closed_at is not None and row.recorded_at > closed_at
    movable = row.kind not in ("hukou", "residence", "dead")
    value = value_text(row)
    seal = row.kind in kinds() and kinds()[row.kind].is_sealed
    sealed = SealedLine(label, f"fact:{row.pk}", value) if seal else None
    return FactLine(row, label, value, source_label(row.source), movable, late, sealed)


def by_group(
    rows: list[Circumstance], closed_at: dt.datetime | None = None
) -> list[tuple[Any, list[FactLine]]]:
    """Facts under the headings of their groups, in the order of the file of kinds."""
    order = {name: i for i, name in enumerate(kinds())}
    known = sorted((r for r in rows if r.kind in order), key=lambda r: (order[r.kind], r.valid_from))
    groups = groupby(sorted(known, key=lambda r: list(GROUPS).index(kinds()[r.kind].group)), _group)
    return [(GROUPS[name], [fact_line(r, closed_at) for r in found]) for name, found in groups]


def _group_of(row: Circumstance) -> str:
    return kinds()[row.kind].group if row.kind in kinds() else ""


def _group(row: Circumstance) -> str:
    return kinds()[row.kind].group


class PersonPage(PageView):
    """One person: facts now with source, facts over time, everything received, contacts, accounts, who looked."""

    right = "people.view"
    template = "people/person.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self._person: Person | None = None

    @property
    def person(self) -> Person:
        if self._person is None:
            self._person = get_object_or_404(Person.files, pk=self.kwargs["pk"])
        return self._person

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """A file that was merged leads to the one it became part of; as it was known then it can still be read."""
        kept = self.person.merged_into_id
        if kept is None or self.known:
            return super().get(request, *args, **kwargs)
        if not Person.objects.filter(pk=kept).exists():
            self.template = "people/merged.html"
            return self.show({"person": self.person})
        messages.info(request, _("档案%(pk)s已并入本档案。") % {"pk": self.person.pk})
        return redirect("people:person", pk=kept)

    def crumbs(self) -> tuple[Crumb, ...]:
        return (Crumb(_("老年人"), reverse("people:list")), Crumb(self.person.name))

    def page_title(self) -> Any:
        return self.person.name

    @property
    def as_of(self) -> dt.date:
        """The day asked for; today for none, for no date, and for a day before the person was born."""
        asked = parse_date_or_none(self.request.GET.get("as_of"))
        return asked if asked and not self._impossible(asked) else queries.today()

    def _impossible(self, day: dt.date) -> bool:
        return day < self.person.birth_date or day > queries.today() + dt.timedelta(days=366)

    @property
    def wrong_day(self) -> bool:
        """Something was asked for that is no day of this person's file."""
        texts = [text for name in ("as_of", "known") if (text := self.request.GET.get(name))]
        days = [parse_date_or_none(text) for text in texts]
        return any(day is None or self._impossible(day) for day in days)

    @property
    def known(self) -> dt.date | None:
        asked = parse_date_or_none(self.request.GET.get("known"))
        return asked if asked and not self._impossible(asked) else None

    def may(self, right: str) -> bool:
        return self.actor.can(right, *self.person.scope_codes())

    def context(self) -> dict[str, Any]:
        person, day = self.person, self.as_of
        moment = _end_of(self.known) if self.known else None
        withheld = around.withheld(self.actor, person)
        rows = [r for r in queries.all_facts(person, moment) if _group_of(r) not in withheld]
        closure = around.closure_of(person) if person.closed_on else None
        closed_at = closure.closed_at if closure else None
        return {
            "person": person,
            "age": person.age(day),
            "places": places_on(person, rows, day),
            "ethnicity": ETHNIC_GROUPS.get(person.ethnicity, ""),
            "as_of": day,
            "known": self.known,
            "wrong_day": self.wrong_day,
            "today": queries.today(),
            "is_today": day == queries.today() and not self.known,
            "groups": by_group([r for r in rows if _holds(r, day)], closed_at),
            "memberships": [] if withheld else _memberships(person, rows, day),
            "standing": self._standing(person, bool(withheld)),
            "badges": _badges([r for r in rows if _holds(r, day)]),
            "history": [fact_line(r) for r in reversed(rows)],
            "chart": draw(rows, day, queries.today(), {r.pk: value_text(r) for r in rows}),
            "sealed": sealed_lines(person),
            "purposes": PURPOSES,
            "reveal_url": reverse("people:reveal", args=(person.pk,)),
            "may_edit": self._may_edit(person),
            "may_late": self.may("people.late"),
            "closure": closure,
            "withheld": [GROUPS[name] for name in GROUPS if name in withheld],
            "may_reveal": self.may("people.reveal"),
            "may_merge": self.may("people.merge"),
            "panels": self._panels(),
            **self._around(person),
        }

    def _standing(self, person: Person, withheld: bool) -> list[Any]:
        """[(standing, [(who asks, key, gaps)])]; empty where nothing is to be asked any more, or may not be told."""
        today = self.as_of == queries.today() and not self.known
        if withheld or not today or person.death_date or person.closed_on or person.merged_into_id:
            return []
        found = completeness.standing(person)
        asked = [(label, who, found.asked_by(who)) for who, label in ASKERS.items()]
        return [(found, [line for line in asked if line[2]])]

    def _may_edit(self, person: Person) -> bool:
        if person.merged_into_id is not None or not self.may("people.edit"):
            return False
        return person.closed_on is None or self.may("people.late")

    def _around(self, person: Person) -> dict[str, Any]:
        accounts = list(person.accounts.order_by("-valid_from", "-id"))
        return {
            "contacts": _with_appointments(person),
            "accounts": [(a, _of("account", a.pk, a.account), source_label(a.source)) for a in accounts],
            "received": [one for one in queries.received(person.pk) if one.day <= self.as_of],
            "looked": list(queries.looks_at(person)[:LOOKED_SHOWN]),
            "merges": list(queries.merges_of(person)),
            "claims": list(person.claims.filter(settled_at=None).order_by("id")),
            "source": source_label(person.source),
            "member": (member := around.membership(person)),
            "home": _of("household", member.household_id, member.household.address) if member else None,
            "household": [m for m in around.members_of(member.household) if m.valid_to is None]
            if member
            else [],
            "consents": list(person.consents.order_by("-valid_from", "-id")),
            "requests": list(person.data_requests.order_by("-received_on", "-id")),
        }

    def _panels(self) -> list[dict[str, Any]]:
        """Sections of other rooms; none when asked what was known then, for they answer as known now."""
        if self.known:
            return []
        return [
            {"label": p.label, "template": p.template, "data": data}
            for p in house().person_panels
            if self.may(p.right) and (data := p.context(self.actor, self.person.pk, self.as_of)) is not None
        ]


class PersonSheet(PersonPage):
    """The same file on one printed page, masked."""

    template = "people/sheet.html"

    def crumbs(self) -> tuple[Crumb, ...]:
        return (
            Crumb(_("老年人"), reverse("people:list")),
            Crumb(self.person.name, self.person.get_absolute_url()),
            Crumb(_("打印")),
        )


def places_on(person: Person, rows: list[Circumstance], day: dt.date) -> dict[str, int]:
    """Hukou and residence on the day asked for; today's where the day is before anything known."""
    _died, facts = projection([(r.kind, spell(r)) for r in rows], day)
    return {
        kind: int(facts[kind]) if kind in facts else getattr(person, f"{kind}_id")
        for kind in ("hukou", "residence")
    }


def parse_date_or_none(text: str | None) -> dt.date | None:
    """A date of the address; None for one that is none."""
    try:
        return parse_date(text or "")
    except ValueError:
        return None


def _end_of(day: dt.date) -> dt.datetime:
    """The last moment of a day: what was known then includes what was recorded on it."""
    return timezone.make_aware(dt.datetime.combine(day, dt.time.max))


def _holds(row: Circumstance, day: dt.date) -> bool:
    return row.valid_from <= day and (row.valid_to is None or day < row.valid_to)


BADGES = (
    "dead",
    "economic",
    "living",
    "ability",
    "three_elders",
    "veteran",
    "special_family",
    "empty_nest",
    "left_behind",
)
TONES = {"dead": "dull", "economic": "warn", "ability": "warn"}
ORDINARY = frozenset({"ordinary", "gbt42195-2022:0", "spouse", "children"})


def _badges(rows: list[Circumstance]) -> list[tuple[str, str]]:
    """(words, tone) of what someone who opens the file must see first."""
    shown = [r for r in rows if r.kind in BADGES and r.value not in ORDINARY]
    shown.sort(key=lambda r: BADGES.index(r.kind))
    return [(_badge(r), TONES.get(r.kind, "info")) for r in shown]


def _memberships(
    person: Person, rows: list[Circumstance], day: dt.date
) -> list[tuple[Membership, list[FactLine]]]:
    found = memberships(person, [r for r in rows if _holds(r, day)], day)
    return [(one, [fact_line(row) for row in one.because]) for one in found]


def _badge(row: Circumstance) -> str:
    if row.kind == "dead":
        return _("已去世")
    return str(kinds()[row.kind]) if row.value == "listed" else value_text(row)


def sealed_lines(person: Person) -> list[SealedLine]:
    """The personal fields of the file that hold something."""
    labels = (
        ("id_number", gettext_lazy("公民身份号码")),
        ("phone", gettext_lazy("联系电话")),
        ("address", gettext_lazy("居住地址")),
        ("hukou_address", gettext_lazy("户籍地址")),
    )
    return [SealedLine(label, field, str(getattr(person, field))) for field, label in labels]


def _with_appointments(person: Person) -> list[tuple[Contact, SealedLine, list[Appointment]]]:
    """Contacts in the order of calling, each with what he is appointed to now."""
    appointed: dict[int, list[Appointment]] = {}
    for one in around.appointments(person):
        appointed.setdefault(one.contact_id, []).append(one)
    found = person.contacts.filter(removed_at=None).order_by("turn", "id")
    return [(c, _of("contact", c.pk, c.phone), appointed.get(c.pk, [])) for c in found]


def _of(what: str, pk: int, sealed: Any) -> SealedLine:
    return SealedLine("", f"{what}:{pk}", str(sealed))


@never_cache
@require_POST
@page(right="people.reveal")
def reveal(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A personal field in clear. Never cached, never in an address."""
    person = get_object_or_404(Person, pk=pk)
    actor = request.actor  # type: ignore[attr-defined]
    return revealed(
        request,
        lambda field, purpose: actions.reveal(actor, person, field=field, purpose=purpose),
        title=person.name,
        back=person.get_absolute_url(),
        fields=r"id_number|phone|address|hukou_address|(contact|account|household|fact):\d{1,18}",
    )
