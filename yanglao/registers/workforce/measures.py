"""What the register counts: at any day, by community, down to its records. A person counts once in a number."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yanglao.kernel.rooms import Measure
from yanglao.registers.places.queries import Place
from yanglao.registers.workforce import kinds, queries, staffing
from yanglao.registers.workforce.models import Certificate, PoolMember, Studio

PERSONS = _("人")
Records = Callable[[dt.date], QuerySet[Any]]


@dataclass(frozen=True)
class Counted:
    """A number and the records behind it, listed on the page `page`."""

    name: str
    label: Any
    records: Records
    unit: Any = PERSONS
    path: str = "division"
    page: str = "workforce:staff"
    note: Any = ""

    def count(self, on: dt.date) -> Mapping[int, float]:
        """Number by division code."""
        column = f"{self.path}_id"
        return dict(self.records(on).order_by().values_list(column).annotate(n=Count("pk")))

    def list_url(self, on: dt.date, division: int) -> str:
        return f"{reverse(self.page)}?measure={self.name}&on={on}&division={division}"

    def offer(self) -> Measure:
        return Measure(
            name=f"workforce.{self.name}",
            label=self.label,
            unit=self.unit,
            count=self.count,
            records=self.records,
            division_path=self.path,
            list_url=self.list_url,
            note=self.note,
        )


def _in_post(*posts: str) -> Records:
    return lambda on: queries.persons(on, posts)


def carers(on: dt.date) -> QuerySet[Any]:
    return queries.persons(on, kinds.carer_posts())


def _certified(on: dt.date) -> QuerySet[Any]:
    return carers(on).filter(queries.certified(on))


def _skilled(on: dt.date) -> QuerySet[Any]:
    return carers(on).filter(queries.certified(on, "carer"))


def _uncertified(on: dt.date) -> QuerySet[Any]:
    return carers(on).exclude(queries.certified(on))


def _at_level(level: int) -> Records:
    """Carers whose best skill certificate on the day is of this level."""

    def records(on: dt.date) -> QuerySet[Any]:
        found = carers(on).filter(queries.certified(on, "carer", level=level))
        for better in range(1, level):
            found = found.exclude(queries.certified(on, "carer", level=better))
        return found

    return records


def _issued(on: dt.date) -> QuerySet[Certificate]:
    """Skill certificates of carers ever issued up to the day; an indicator takes what came this year."""
    return Certificate.objects.filter(kind="carer", replaced_at=None, issued_on__lte=on)


def _pool(pool: str) -> Records:
    def records(on: dt.date) -> QuerySet[PoolMember]:
        return PoolMember.objects.filter(queries.serving(on), pool=pool)

    return records


def _studios(kind: str, *, ever: bool = False) -> Records:
    """Studios that stand on the day, or that were ever set up by then."""

    def records(on: dt.date) -> QuerySet[Studio]:
        found = Studio.objects.filter(kind=kind, opened_on__lte=on)
        return found if ever else found.filter(Q(closed_on=None) | Q(closed_on__gt=on))

    return records


def _short(on: dt.date) -> QuerySet[Place]:
    return Place.objects.filter(pk__in=staffing.short_homes(on))


LEVELS = {5: _("五级"), 4: _("四级"), 3: _("三级"), 2: _("二级"), 1: _("一级")}
NOW = _("按今天的工作地统计。")
STUDIOS: dict[str, Any] = {"unit": _("个"), "path": "place__division", "page": "workforce:studios"}
POOLS: dict[str, Any] = {"path": "area", "page": "workforce:pool", "unit": _("人次")}


class _Level:
    """A lazy label with the level put in where it is shown."""

    def __init__(self, level: Any) -> None:
        self.level = level

    def __str__(self) -> str:
        return str(_("%(level)s养老护理员")) % {"level": self.level}


COUNTED: tuple[Counted, ...] = (
    Counted("staff", _("养老服务从业人员"), _in_post()),
    Counted("carers", _("养老护理员"), carers),
    Counted(
        "carers_certified", _("持证养老护理员"), _certified, note=_("证书在统计日有效，含岗前培训合格证。")
    ),
    Counted("carers_skilled", _("有技能等级的养老护理员"), _skilled),
    Counted("carers_uncertified", _("无有效证书的养老护理员"), _uncertified),
    *(Counted(f"carers_level_{n}", _Level(label), _at_level(n)) for n, label in LEVELS.items()),
    Counted("managers", _("养老机构管理人员"), lambda on: queries.persons(on, kinds.posts_of("management"))),
    Counted("assessors", _("在岗能力评估员"), _in_post("assessor")),
    Counted(
        "social_workers", _("养老社会工作者"), lambda on: queries.persons(on, ("social_worker", "adviser"))
    ),
    Counted("medical_staff", _("医护康复人员"), lambda on: queries.persons(on, kinds.posts_of("medical"))),
    Counted(
        "carer_certificates",
        _("累计发放护理员技能等级证书"),
        _issued,
        unit=_("本"),
        path="worker__division",
        page="workforce:certificates",
        note=NOW,
    ),
    Counted(
        "homes_short",
        _("护理员配备不足的养老机构"),
        _short,
        unit=_("家"),
        page="workforce:ratio",
        note=_("按入住老年人能力等级的参考配比计算，不是国家规定。"),
    ),
    Counted("pool_assessors", _("能力评估员库"), _pool("assessor"), **POOLS),
    Counted("pool_experts", _("专家库"), _pool("expert"), **POOLS),
    Counted("master_studios", _("养老护理技能大师工作室"), _studios("master"), **STUDIOS),
    Counted("master_studios_opened", _("累计建成技能大师工作室"), _studios("master", ever=True), **STUDIOS),
    Counted("social_studios", _("养老社工工作室"), _studios("social"), **STUDIOS),
    Counted("social_studios_opened", _("累计建成社工工作室"), _studios("social", ever=True), **STUDIOS),
)
BY_NAME = {counted.name: counted for counted in COUNTED}
