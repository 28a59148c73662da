"""What beds and stays can count, for indicators and figures: on any day, by the division of the place, down to records."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from django.apps import apps
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yanglao.kernel.rooms import Measure, Split
from yanglao.registers.people.queries import true_on
from yanglao.registers.places.queries import Place, has, lodging
from yanglao.registers.stays import parts
from yanglao.registers.stays.models import Bed, BedSpell, CareLevel, Leave, Occupancy, Stay
from yanglao.registers.stays.queries.map import on_day
from yanglao.registers.stays.vocabulary import vocabulary

Table = Literal["beds", "stays"]
Narrow = Callable[[dt.date], Q]


@dataclass(frozen=True)
class Counted:
    """Beds in use, or residents, on a day; `narrow(day)` is a condition on the bed's spell or on the occupancy."""

    name: str
    label: Any
    table: Table
    narrow: Narrow = lambda day: Q()
    note: Any = ""

    def rows(self, on: dt.date) -> QuerySet[Any]:
        """The spells of beds, or the occupancies, that count."""
        if self.table == "beds":
            spells = BedSpell.objects.filter(on_day("valid_from", "valid_to", on), state="use")
            return spells.filter(self.narrow(on))
        return Occupancy.objects.filter(on_day("since", "until", on)).filter(self.narrow(on))

    @property
    def division(self) -> str:
        return "bed__place__division" if self.table == "beds" else "place__division"

    def count(self, on: dt.date) -> Mapping[int, float]:
        """Number by the division code of the place."""
        rows = self.rows(on).order_by().values_list(f"{self.division}_id").annotate(n=Count("pk"))
        return dict(rows)

    def told_apart(self, dimension: str, on: dt.date) -> Mapping[tuple[int, str], float]:
        """Number by the division code of the place and the part a bed or resident belongs to."""
        path = "bed__place__" if self.table == "beds" else "place__"
        rows = self.rows(on).order_by().annotate(part=parts.part_of(dimension, on, path))
        counted = rows.values_list(f"{self.division}_id", "part").annotate(n=Count("pk"))
        return {(code, part): n for code, part, n in counted}

    def ids(self, on: dt.date) -> QuerySet[Any]:
        """The keys of the beds or stays that count."""
        return self.rows(on).order_by().values("bed_id" if self.table == "beds" else "stay_id")

    def records(self, on: dt.date) -> QuerySet[Any]:
        """The beds or stays behind the number."""
        model = Bed if self.table == "beds" else Stay
        return model.objects.filter(pk__in=self.ids(on)).order_by("pk")

    def list_url(self, on: dt.date, division: int) -> str:
        page = reverse("stays:beds" if self.table == "beds" else "stays:list")
        return f"{page}?measure={self.name}&on={on}&division={division}"

    def offer(self) -> Measure:
        """The measure as the house takes it."""
        return Measure(
            name=f"stays.{self.name}",
            label=self.label,
            unit=_("张") if self.table == "beds" else _("人"),
            count=self.count,
            records=self.records,
            division_path="place__division",
            list_url=self.list_url,
            note=self.note,
            splits={
                name: self._split(name) for name in (parts.BEDS if self.table == "beds" else parts.STAYS)
            },
        )

    def _split(self, dimension: str) -> Split:
        return Split(
            parts.STAYS[dimension], parts.values(dimension), lambda on: self.told_apart(dimension, on)
        )


def _in_homes() -> Q:
    """Beds of places where older persons live: what statistics call beds of institutions."""
    return Q(bed__place__kind__in=lodging())


def _overnight(day: dt.date) -> Q:
    return Q(kind__in=vocabulary().overnight) & _in_homes()


def _nursing(day: dt.date) -> Q:
    return Q(kind__in=vocabulary().nursing) & _in_homes()


def _of_kind(kind: str) -> Narrow:
    return lambda day: Q(kind=kind) & _in_homes()


def _public(narrow: Narrow) -> Narrow:
    """Of beds of public homes, those publicly owned but privately run included."""

    def narrowed(day: dt.date) -> Q:
        owned = Place.objects.filter(has("ownership", "public", "public_private", day=day))
        return narrow(day) & Q(bed__place__in=owned.order_by())

    return narrowed


def _nights(day: dt.date) -> Q:
    return ~Q(stay__kind="day") & Q(place__kind__in=lodging())


def _payer(*payers: str) -> Narrow:
    return lambda day: _nights(day) & Q(stay__payer__in=payers)


def _level(*levels: str) -> Narrow:
    def narrow(day: dt.date) -> Q:
        held = CareLevel.objects.filter(
            on_day("valid_from", "valid_to", day), stay_id=OuterRef("stay_id"), level__in=levels
        )
        return _nights(day) & Q(Exists(held.order_by()))

    return narrow


def _fact(kind: str, *values: str) -> Narrow:
    def narrow(day: dt.date) -> Q:
        rows = apps.get_model("people", "Circumstance")._base_manager.filter(
            true_on(day), person_id=OuterRef("person_id"), kind=kind, replaced_at=None
        )
        return _nights(day) & Q(Exists((rows.filter(value__in=values) if values else rows).order_by()))

    return narrow


def _away(day: dt.date) -> Q:
    left = Leave.objects.filter(on_day("since", "until", day), stay_id=OuterRef("stay_id"))
    return _nights(day) & Q(Exists(left.order_by()))


PRESENT_PAYER = _("费用来源按现在登记的计算，不能回到过去某一天。")

COUNTED = (
    Counted("beds", _("在用床位"), "beds", _overnight),
    Counted("beds_nursing", _("护理型床位"), "beds", _nursing),
    Counted("beds_ordinary", _("普通床位"), "beds", _of_kind("ordinary")),
    Counted("beds_dementia", _("认知症照护床位"), "beds", _of_kind("dementia")),
    Counted("beds_public", _("公办养老机构床位"), "beds", _public(_overnight)),
    Counted("beds_public_dementia", _("公办养老机构认知症照护床位"), "beds", _public(_of_kind("dementia"))),
    Counted("beds_day", _("日间照料床位"), "beds", lambda day: Q(kind="day")),
    Counted("residents", _("在住老年人"), "stays", _nights),
    Counted("residents_day", _("日间照料老年人"), "stays", lambda day: Q(stay__kind="day")),
    Counted("on_leave", _("离院保留床位的老年人"), "stays", _away),
    Counted("residents_self_care", _("自理的在住老年人"), "stays", _level("self")),
    Counted("residents_half_care", _("半护理的在住老年人"), "stays", _level("half")),
    Counted("residents_full_care", _("全护理以上的在住老年人"), "stays", _level("full", "special")),
    Counted(
        "residents_impaired",
        _("失能的在住老年人（能力评估轻度以上）"),
        "stays",
        _fact("ability", *(f"gbt42195-2022:{n}" for n in (1, 2, 3, 4))),
    ),
    Counted(
        "residents_disabled",
        _("重度以上失能的在住老年人"),
        "stays",
        _fact("ability", "gbt42195-2022:3", "gbt42195-2022:4"),
    ),
    Counted(
        "residents_tekun",
        _("特困的在住老年人"),
        "stays",
        _fact("economic", "tekun_institution", "tekun_home"),
    ),
    Counted("residents_self_paying", _("自费的在住老年人"), "stays", _payer("self"), PRESENT_PAYER),
)
BY_NAME = {counted.name: counted for counted in COUNTED}
