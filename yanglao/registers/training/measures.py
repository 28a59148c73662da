"""What training can count, for indicators: at any past day, by division, down to its records.

`persons_…` counts each human once for all time, `yearly_…` once in each calendar year, `times_…` each completion
(人次), `sites_…` each place once in each year. A yearly indicator (date_rule year_to_date) takes away what stood on
the last 31 December, so that `yearly_…` gives the humans of the year, each once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.db.models.functions import ExtractYear
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yanglao.kernel.rooms import Measure
from yanglao.registers.training import kinds
from yanglao.registers.training.counting import between, trained
from yanglao.registers.training.models import Contest, Enrolment

FIVE_YEARS = dt.date(2021, 1, 1)
"""The first day of the fourteenth five-year plan (十四五), since which the plans of 2021 count."""
Once = Literal["", "trainee", "session__place", "session"]


@dataclass(frozen=True)
class Counted:
    """Completions of a kind. `once`: what is counted once only; `yearly`: once in each calendar year."""

    name: str
    label: Any
    unit: Any
    kind: str = ""
    once: Once = ""
    yearly: bool = False
    sites: str = ""
    free_only: bool = False
    since: dt.date | None = None
    note: Any = ""

    def records(self, on: dt.date) -> QuerySet[Enrolment]:
        """The completions behind the number: of what is counted once, the first."""
        found = self._all(Enrolment.objects.exclude(completed_on=None), on)
        if self.once == "session__place":
            found = found.exclude(session__place=None)
        if self.once:
            found = found.filter(~Exists(self._earlier(on)))
        return found.order_by("pk")

    def _all(self, rows: QuerySet[Enrolment], on: dt.date) -> QuerySet[Enrolment]:
        what = trained(self.kind, sites=self.sites, free_only=self.free_only)
        return rows.filter(what & between(self.since, on))

    def _earlier(self, on: dt.date) -> QuerySet[Enrolment]:
        """An earlier completion of the same, by the day and then the order of recording."""
        same = self._all(Enrolment.objects.order_by(), on).filter(**{self.once: OuterRef(self.once)})
        if self.yearly:
            same = same.filter(completed_on__year=ExtractYear(OuterRef("completed_on")))
        before = same.filter(completed_on__lt=OuterRef("completed_on"))
        return before | same.filter(completed_on=OuterRef("completed_on"), pk__lt=OuterRef("pk"))

    def count(self, on: dt.date) -> Mapping[int, float]:
        """Number by the division where the session was held."""
        rows = self.records(on).order_by().values_list("session__division_id")
        return dict(rows.annotate(n=Count("pk")))

    def list_url(self, on: dt.date, division: int) -> str:
        return f"{reverse('training:enrolments')}?measure={self.name}&on={on}&division={division}"

    def offer(self) -> Measure:
        """The measure as the house takes it."""
        return Measure(
            name=f"training.{self.name}",
            label=self.label,
            unit=self.unit,
            count=self.count,
            records=self.records,
            division_path="session__division",
            list_url=self.list_url,
            note=self.note,
        )


class _Named:
    """A lazy label with the kind's own label in it."""

    def __init__(self, text: Any, kind: str) -> None:
        self.text, self.kind = text, kind

    def __str__(self) -> str:
        return str(self.text) % {"kind": kinds.label(self.kind)}


def _of_kinds() -> Iterator[Counted]:
    for kind in kinds.kinds():
        yield Counted(f"times_{kind}", _Named(_("%(kind)s培训人次"), kind), _("人次"), kind)
        yield Counted(f"persons_{kind}", _Named(_("%(kind)s累计培训人数"), kind), _("人"), kind, "trainee")
        yield Counted(
            f"yearly_{kind}", _Named(_("%(kind)s按年培训人数"), kind), _("人"), kind, "trainee", yearly=True
        )
        yield Counted(f"sessions_{kind}", _Named(_("%(kind)s培训期数"), kind), _("期"), kind, "session")


def _of_sites() -> Iterator[Counted]:
    for sites, label in (
        ("homes", _("开展智能手机培训的养老机构")),
        ("stations", _("开展智能手机培训的居家养老服务站")),
        ("centres", _("开展智能手机培训的居家养老服务中心")),
    ):
        yield Counted(
            f"sites_smartphone_{sites}",
            label,
            _("个"),
            "smartphone",
            "session__place",
            yearly=True,
            sites=sites,
        )


COUNTED: tuple[Counted, ...] = (
    *_of_kinds(),
    *_of_sites(),
    Counted(
        "yearly_family_free", _("按年免费培训家庭照护者人数"), _("人"), "family", "trainee", yearly=True,
        free_only=True,
    ),
    Counted(
        "persons_staff_2021", _("2021年以来累计培训养老服务从业人员"), _("人"), "", "trainee", since=FIVE_YEARS
    ),
)  # fmt: skip
BY_NAME = {counted.name: counted for counted in COUNTED}


def contests(on: dt.date) -> QuerySet[Contest]:
    """Contests held whose results are out."""
    return Contest.objects.filter(state=Contest.State.PUBLISHED, ends_on__lte=on).order_by("pk")


def _count_contests(on: dt.date) -> Mapping[int, float]:
    return dict(contests(on).order_by().values_list("division_id").annotate(n=Count("pk")))


CONTESTS = Measure(
    name="training.contests",
    label=_("已举办的技能竞赛"),
    unit=_("项"),
    count=_count_contests,
    records=contests,
    list_url=lambda on, division: reverse("training:contests"),
)
OFFERED = (*(counted.offer() for counted in COUNTED), CONTESTS)
