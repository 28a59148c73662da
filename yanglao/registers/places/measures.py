"""What the register can count, for indicators and figures: at any past day, by division, down to its records.

All is counted on dated facts, as they are known now, so a past day is answered like today.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yanglao.kernel.rooms import Measure, Split
from yanglao.kernel.scope import Level
from yanglao.kernel.scope.spans import ancestor
from yanglao.registers.places import parts, queries
from yanglao.registers.places.kinds import in_group, kinds, lodging
from yanglao.registers.places.models import Contract, Place, PlaceFact
from yanglao.registers.places.rules import CONTRACT_WARN_DAYS

Values = tuple[str, ...]


@dataclass(frozen=True)
class Counted:
    """Open places of some kinds (all when none is named) with some facts in force.

    `facts`: (kind, values), no values: any. `least`: (kind, amount). `lacks`: facts that must not be in force.
    `ever`: all that opened (and of which the facts began) up to the day, also those that closed since: what was built.
    `owes`: (done, excused): those that did it, and those that are not excused. `sums`: the amount of this fact is added up (times `scale`) instead of places counted. `covers`: the divisions of this level that
    have at least one are counted.
    """

    name: str
    label: Any
    unit: Any = field(default=_("个"))
    of: Values = ()
    facts: tuple[tuple[str, Values], ...] = ()
    least: tuple[str, int] | None = None
    lacks: Values = ()
    sums: str = ""
    covers: Level | None = None
    tier: str = ""
    ever: bool = False
    scale: float = 1
    owes: Values = ()
    note: Any = ""

    def count(self, on: dt.date) -> Mapping[int, float]:
        """Number by the division code of the place."""
        places = self.records(on).order_by()
        if self.sums:
            rows = PlaceFact.objects.filter(
                queries.in_force(on), kind=self.sums, replaced_at=None, place__in=places
            )
            summed = rows.order_by().values_list("place__division_id").annotate(n=Sum("amount"))
            return {code: n * self.scale for code, n in summed if n}
        if self.covers:
            codes = places.values_list("division_id", flat=True).distinct()
            return {ancestor(code, self.covers): 1 for code in codes}
        return dict(places.values_list("division_id").annotate(n=Count("pk")))

    def told_apart(self, dimension: str, on: dt.date) -> Mapping[tuple[int, str], float]:
        """Number by the division code of the place and the part it belongs to."""
        places = self.records(on).order_by().annotate(part=parts.part_of(dimension, on))
        if not self.sums:
            return {
                (code, part): n
                for code, part, n in places.values_list("division_id", "part").annotate(n=Count("pk"))
            }
        part_of = dict(places.values_list("pk", "part"))
        rows = PlaceFact.objects.filter(
            queries.in_force(on), kind=self.sums, replaced_at=None, place__in=part_of
        )
        found: dict[tuple[int, str], float] = {}
        for place, code, amount in rows.order_by("pk").values_list(
            "place_id", "place__division_id", "amount"
        ):
            key = (code, part_of[place])
            found[key] = found.get(key, 0) + (amount or 0) * self.scale
        return found

    def records(self, on: dt.date) -> QuerySet[Place]:
        """The places behind the number."""
        places = Place.objects.filter(self._was("state", ("open",), on) if self.ever else queries.open_on(on))
        if self.of:
            places = places.filter(kind__in=self.of)
        if self.tier:
            places = places.filter(tier=self.tier)
        for kind, values in self.facts:
            places = places.filter(
                self._was(kind, values, on) if self.ever else queries.has(kind, *values, day=on)
            )
        if self.least:
            places = places.filter(queries.has(self.least[0], day=on, least=self.least[1]))
        if self.owes:
            done, excused = (queries.has(kind, day=on) for kind in self.owes)
            places = places.filter(done | ~excused)
        for kind in self.lacks:
            places = places.exclude(queries.has(kind, day=on))
        return places.order_by("pk")

    @staticmethod
    def _was(kind: str, values: Values, on: dt.date) -> Q:
        """A condition on Place: the fact began on a day up to this one."""
        rows = PlaceFact.objects.filter(kind=kind, valid_from__lte=on, replaced_at=None)
        return Q(pk__in=(rows.filter(value__in=values) if values else rows).order_by().values("place_id"))

    def offer(self) -> Measure:
        """The measure as the house takes it."""
        return Measure(
            name=f"places.{self.name}",
            label=self.label,
            unit=self.unit,
            count=self.count,
            records=self.records,
            list_url=self.list_url,
            note=self.note,
            splits={} if self.covers else {name: self._split(name) for name in parts.PART_LABELS},
        )

    def _split(self, dimension: str) -> Split:
        return Split(
            parts.PART_LABELS[dimension],
            parts.part_values(dimension),
            lambda on: self.told_apart(dimension, on),
        )

    def list_url(self, on: dt.date, division: int) -> str:
        """The list of these places in a division."""
        return f"{reverse('places:list')}?measure={self.name}&on={on}&division={division}"


def _share(name: str, label: Any, fact: str, *values: str) -> Counted:
    return Counted(name, label, of=lodging(), facts=((fact, values),))


PUBLIC = ("public", "public_private")
SOCIAL = ("public_private", "private")
RENT = _("指备案或登记的数，在用床位由床位登记计算。")
INSTITUTIONS = in_group("institution", "embedded")
CENTRES = ("regional_centre", "street_complex")
BEDS = _("张")
OUTREACH = (("neighbour_services", ("day_care", "respite", "home_care")),)
FACILITIES = in_group("institution", "embedded", "community", "meals", "mutual")
SERVED = (*lodging(), "regional_centre", "community_centre")
URBAN = (("setting", ("urban",)),)

COUNTED: tuple[Counted, ...] = (
    Counted("open", _("运营中的机构设施")),
    Counted("homes", _("提供住宿的养老机构"), of=lodging()),
    Counted("institutions", _("养老机构"), of=INSTITUTIONS),
    Counted("community", _("社区养老服务设施"), of=in_group("community", "meals", "mutual")),
    *(Counted(f"kind_{name}", kind, of=(name,)) for name, kind in kinds().items()),
    *(Counted(f"tier_{tier}", label, tier=tier) for tier, label in Place.Tier.choices),
    *(
        Counted(f"homes_{value}", label, of=lodging(), facts=(("ownership", (value,)),))
        for value, label in (
            ("public", _("公办养老机构")),
            ("public_private", _("公建民营养老机构")),
            ("private", _("民办养老机构")),
        )
    ),
    Counted("approved_beds", _("核定床位"), BEDS, of=lodging(), sums="approved_beds", note=RENT),
    Counted("nursing_beds_filed", _("备案的护理型床位"), BEDS, of=lodging(), sums="nursing_beds", note=RENT),
    Counted("day_beds", _("日间照料床位"), BEDS, sums="day_beds"),
    Counted("seats", _("就餐座位"), sums="seats"),
    _share("filed", _("已备案的养老机构"), "filing"),
    Counted("unfiled", _("未备案的养老机构"), of=lodging(), lacks=("filing",)),
    _share("insured", _("投保综合责任保险的养老机构"), "liability_insurance"),
    _share("fire_approved", _("有消防验收或备案的养老机构"), "fire_approval"),
    _share("fire_renovated", _("完成消防安全改造的养老机构"), "fire_renovated"),
    _share("with_kitchen", _("设食堂的养老机构"), "has_kitchen"),
    Counted(
        "sunshine_kitchen",
        _("建成阳光厨房的养老机构"),
        of=lodging(),
        facts=(("has_kitchen", ()), ("sunshine_kitchen", ())),
    ),
    _share("food_graded", _("食堂已评食品安全等级的养老机构"), "food_grade"),
    _share("food_grade_ab", _("食品安全等级A、B的养老机构"), "food_grade", "A", "B"),
    _share("medical", _("医养结合型养老机构"), "medical_unit"),
    Counted("ltci", _("长期护理保险定点机构"), facts=(("ltci", ()),)),
    *(
        _share(f"stars_{n}", label, "star", *(str(i) for i in range(n, 6)))
        for n, label in (
            (1, _("已评等级的养老机构")),
            (2, _("二星级以上养老机构")),
            (3, _("三星级以上养老机构")),
            (4, _("四星级以上养老机构")),
            (5, _("五星级养老机构")),
        )
    ),
    *(
        Counted(name, label, of=lodging(), facts=(("ownership", PUBLIC), ("sponsor", (level,)), *more))
        for name, label, level, more in (
            ("city_public", _("市级公办养老机构"), "city", ()),
            ("city_public_stars_3", _("三星级以上市级公办养老机构"), "city", (("star", ("3", "4", "5")),)),
            ("county_public", _("县级公办养老机构"), "county", ()),
            (
                "county_public_stars_3",
                _("三星级以上县级公办养老机构"),
                "county",
                (("star", ("3", "4", "5")),),
            ),
        )
    ),
    Counted(
        "upper_public",
        _("市、县级公办养老机构"),
        of=lodging(),
        facts=(("ownership", PUBLIC), ("sponsor", ("city", "county"))),
    ),
    Counted(
        "upper_public_dementia",
        _("设认知症照护专区的市、县级公办养老机构"),
        of=lodging(),
        facts=(("ownership", PUBLIC), ("sponsor", ("city", "county")), ("dementia_zone", ())),
    ),
    *(
        Counted(f"homes_{value}{end}", label, of=lodging(), facts=(("setting", (value,)), *more))
        for value, end, label, more in (
            ("urban", "", _("城区养老机构"), ()),
            ("rural", "", _("农村养老机构"), ()),
            ("urban", "_outreach", _("开展家院互融的城区养老机构"), OUTREACH),
            ("rural", "_outreach", _("开展家院互融的农村养老机构"), OUTREACH),
        )
    ),
    Counted("beds_100", _("100张床位以上养老机构"), of=lodging(), least=("approved_beds", 100)),
    Counted(
        "beds_100_rehab",
        _("设康复室的100张床位以上养老机构"),
        of=lodging(),
        least=("approved_beds", 100),
        facts=(("rehab_room", ()),),
    ),
    Counted("beds_50", _("50张床位以上养老机构"), of=lodging(), least=("approved_beds", 50)),
    Counted(
        "beds_50_social",
        _("社会化运营的50张床位以上养老机构"),
        of=lodging(),
        least=("approved_beds", 50),
        facts=(("ownership", SOCIAL),),
    ),
    Counted(
        "private_homes", _("民办养老机构（含民办公助）"), of=lodging(), facts=(("ownership", ("private",)),)
    ),
    _share("renovated", _("完成提质改造的养老机构"), "renovated"),
    _share("smart", _("智慧养老机构"), "smart"),
    _share("party", _("建有党组织的养老机构"), "party"),
    Counted("centres", _("乡镇（街道）居家养老服务中心"), of=CENTRES),
    Counted(
        "centres_college",
        _("设老年大学教学点的乡镇（街道）居家养老服务中心"),
        of=CENTRES,
        facts=(("college_site", ()),),
    ),
    Counted("centres_5a", _("5A级居家养老服务中心"), facts=(("centre_grade", ("5A",)),)),
    Counted(
        "centres_demonstration",
        _("示范型居家养老服务中心"),
        of=(*CENTRES, "community_centre"),
        facts=(("demonstration", ()),),
    ),
    Counted("canteens_standard", _("标准化老年食堂"), facts=(("standard_canteen", ()),)),
    Counted(
        "streets_with_embedded",
        _("有嵌入式养老机构的乡镇（街道）"),
        of=("embedded_home", "street_complex"),
        covers=Level.STREET,
    ),
    Counted("streets_with_centre", _("有居家养老服务中心的乡镇（街道）"), of=CENTRES, covers=Level.STREET),
    Counted(
        "villages_with_station",
        _("有居家养老服务站（中心）的村（社区）"),
        of=("station", "community_centre", "day_care", "mutual_centre"),
        covers=Level.VILLAGE,
    ),
    Counted(
        "villages_with_mutual",
        _("有互助养老设施的村（社区）"),
        of=in_group("mutual"),
        covers=Level.VILLAGE,
    ),
)
BUILT: tuple[Counted, ...] = (
    Counted("unions_built", _("建成的康养联合体"), of=("health_union",), ever=True),
    Counted(
        "centres_5a_rated", _("评定为5A级的居家养老服务中心"), facts=(("centre_grade", ("5A",)),), ever=True
    ),
    Counted(
        "centres_model_built",
        _("建成的示范型居家养老服务中心"),
        of=(*CENTRES, "community_centre"),
        facts=(("demonstration", ()),),
        ever=True,
    ),
    Counted(
        "canteens_standard_built", _("建成的标准化老年食堂"), facts=(("standard_canteen", ()),), ever=True
    ),
    Counted(
        "private_homes_opened",
        _("投入运营的民办养老机构"),
        of=lodging(),
        facts=(("ownership", ("private",)),),
        ever=True,
    ),
    Counted("complexes_built", _("建成的综合嵌入式居家养老服务中心"), of=("street_complex",), ever=True),
    Counted("day_care_built", _("建成的日间照料中心"), of=("day_care",), ever=True),
    Counted(
        "urban_centres_built",
        _("建成的城市社区居家养老服务中心"),
        of=("community_centre",),
        facts=URBAN,
        ever=True,
    ),
    Counted(
        "urban_facilities_built",
        _("建成的城市社区居家养老设施"),
        of=in_group("community"),
        facts=URBAN,
        ever=True,
    ),
    Counted("mutual_built", _("建成的农村互助式养老服务中心（含中心户）"), of=in_group("mutual"), ever=True),
    Counted(
        "floor_area",
        _("养老服务设施建筑面积"),
        _("万平方米"),
        of=FACILITIES,
        sums="building_area",
        scale=1e-6,
    ),
    Counted("served", _("养老机构和居家养老服务中心"), of=SERVED),
    Counted(
        "fire_owed",
        _("应做消防安全改造的养老机构"),
        of=lodging(),
        owes=("fire_renovated", "fire_approval"),
        note=_("在运营机构中，已完成消防安全改造的，和没有消防验收或备案手续的。"),
    ),
    Counted(
        "renovated_built",
        _("历年完成提质改造的养老机构"),
        of=INSTITUTIONS,
        facts=(("renovated", ()),),
        ever=True,
    ),
    Counted(
        "industry_education_built",
        _("历年培育的产教融合型养老机构"),
        of=lodging(),
        facts=(("industry_education", ()),),
        ever=True,
    ),
    Counted("served_party", _("建有党组织的养老机构和居家养老服务中心"), of=SERVED, facts=(("party", ()),)),
)
COUNTED = (*COUNTED, *BUILT)


def _ending(on: dt.date) -> QuerySet[Contract]:
    """Contracts that run on a day and end within 180 days of it."""
    soon = on + dt.timedelta(days=CONTRACT_WARN_DAYS[0])
    rows = Contract.objects.filter(withdrawn_at=None, starts_on__lte=on, ends_on__gte=on, ends_on__lte=soon)
    return rows.order_by("pk")


def _count_ending(on: dt.date) -> Mapping[int, float]:
    return dict(_ending(on).order_by().values_list("place__division_id").annotate(n=Count("pk")))


def _list_ending(on: dt.date, division: int) -> str:
    return f"{reverse('places:contracts')}?due=180&division={division}"


CONTRACTS_ENDING = Measure(
    name="places.contracts_ending",
    label=_("180天内到期的运营合同"),
    unit=_("个"),
    count=_count_ending,
    records=_ending,
    division_path="place__division",
    list_url=_list_ending,
)
BY_NAME = {counted.name: counted for counted in COUNTED}
