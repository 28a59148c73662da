# i18n: data — labels stand here in both languages, as in the policy files
"""What benefit policies may say of a place (机构设施), read from this register.

Dated facts keep two time lines: what was known at a moment about any day. A document (licence, insurance, rating)
holds to the last day it is good for. Numbers that other rooms count (residents, beds in use) are theirs to offer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from yanglao.kernel.rooms import Fact, FactView, SnapshotTable

LABEL, LABEL_EN = "机构设施", "Place"
REGISTER = "机构设施登记"

PLACE_TABLE = SnapshotTable(
    name="place",
    key="place_id",
    columns={
        "place_id": "int",
        "kind": "text",
        "tier": "text",
        "location": "int",
        "operator": "int",
        "opened_on": "date",
        "closed_on": "date",
    },
    sql=(
        "SELECT id AS place_id, kind, tier, division_id AS location, operator_id AS operator, opened_on, closed_on "
        "FROM places_place WHERE added_at <= {known_at}"
    ),
)


@dataclass(frozen=True)
class Dated:
    """A kind of fact of standards/place_facts.yaml as a fact of policies: `value` is its SQL over `place_fact`.

    `shared`: what is true of a place is also a fact of its stays and beds.
    """

    kind: str
    name: str
    type: str
    label: Any
    label_en: str
    value: str
    shared: bool = False


_TEXT, _NUMBER, _HELD = "value", "amount", "valid_from"
DATED = (
    Dated("ownership", "ownership", "text", "所有制形式", "Ownership", _TEXT, shared=True),
    Dated("nature", "nature", "text", "法人性质", "Legal nature", _TEXT, shared=True),
    Dated("operation_mode", "operation_mode", "text", "经营方式", "Operation mode", _TEXT, shared=True),
    Dated("state", "state", "text", "运营状态", "State", _TEXT),
    Dated("setting", "setting", "text", "城乡", "Urban or rural", _TEXT, shared=True),
    Dated("star", "star", "int", "等级（星级）", "Star rating", "CAST(value AS BIGINT)", shared=True),
    Dated("centre_grade", "centre_grade", "text", "居家养老服务中心等级", "Centre grade", _TEXT),
    Dated("demonstration", "demonstration", "text", "示范级别", "Demonstration", _TEXT),
    Dated("approved_beds", "approved_beds", "int", "核定床位数", "Approved beds", _NUMBER),
    Dated("nursing_beds", "nursing_beds", "int", "护理型床位数（备案）", "Nursing beds as filed", _NUMBER),
    Dated("day_beds", "day_beds", "int", "日间照料床位数", "Day-care beds", _NUMBER),
    Dated("seats", "seats", "int", "就餐座位数", "Seats", _NUMBER),
    Dated("medical_mode", "medical_mode", "text", "医疗服务方式", "Medical care by", _TEXT),
    Dated("filing", "filed_on", "date", "备案日期", "Filed since", _HELD, shared=True),
    Dated("registration", "registered_on", "date", "登记日期", "Registered since", _HELD),
    Dated("fire_approval", "fire_approved_on", "date", "消防验收（备案）日期", "Fire approval since", _HELD),
    Dated("food_licence", "food_licensed_on", "date", "食品经营许可日期", "Food licence since", _HELD),
    Dated("medical_licence", "medical_licensed_on", "date", "医疗执业许可日期", "Medical licence since", _HELD),
    Dated("liability_insurance", "insured_on", "date", "综合责任保险起保日期", "Liability insurance since", _HELD),
    Dated("ltci", "ltci_designated_on", "date", "长护险定点日期", "Designated for LTCI since", _HELD, shared=True),
    Dated("inclusive", "inclusive_since", "date", "普惠型认定日期", "Inclusive price since", _HELD, shared=True),
)  # fmt: skip
_KIND_LIST = ", ".join(f"'{one.kind}'" for one in DATED)
FACT_TABLE = SnapshotTable(
    name="place_fact",
    key="fact_id",
    columns={
        "fact_id": "int",
        "place_id": "int",
        "kind": "text",
        "value": "text",
        "amount": "int",
        "valid_from": "date",
        "valid_to": "date",
        "expires_on": "date",
        "source": "text",
    },
    sql=(
        "SELECT id AS fact_id, place_id, kind, value, amount, valid_from, valid_to, expires_on, source "
        f"FROM places_placefact WHERE kind IN ({_KIND_LIST}) "
        "AND recorded_at <= {known_at} AND (replaced_at IS NULL OR replaced_at > {known_at})"
    ),
    changed="SELECT id FROM places_placefact WHERE recorded_at > {since} OR replaced_at > {since}",
)
PREMISES_TABLE = SnapshotTable(  # keeps no second time line: a snapshot freezes it as it is
    name="place_premises",
    key="premises_id",
    columns={
        "premises_id": "int",
        "place_id": "int",
        "tenure": "text",
        "valid_from": "date",
        "valid_to": "date",
        "lease_end": "date",
        "source": "text",
    },
    sql=(
        "SELECT id AS premises_id, place_id, tenure, valid_from, valid_to, lease_end, source "
        "FROM places_premises WHERE added_at <= {known_at}"
    ),
)


def _end(last_day: str, end: str) -> str:
    """The first day it no longer holds: a day after its last good one, or earlier when it was ended."""
    after = f"CAST(DATE_ADD({last_day}, INTERVAL 1 DAY) AS DATE)"
    return f"CASE WHEN {last_day} IS NULL THEN {end} WHEN {end} IS NULL OR {end} > {after} THEN {after} ELSE {end} END"


def of_place(one: Dated) -> str:
    """SELECT place_id, valid_from, valid_to, source, <fact> of one kind: spells of a place."""
    # rated or licensed anew before the old paper ran out: the new one counts from its first day
    follows = "LEAD(valid_from) OVER (PARTITION BY place_id ORDER BY valid_from, fact_id)"
    spells = (
        f"SELECT place_id, valid_from, {_end('expires_on', 'valid_to')} AS ended, source, "
        f"{one.value} AS {one.name}, {follows} AS next_from FROM place_fact WHERE kind = '{one.kind}'"
    )
    return (
        "SELECT place_id, valid_from, CASE WHEN next_from IS NOT NULL AND (ended IS NULL OR next_from < ended) "
        f"THEN next_from ELSE ended END AS valid_to, source, {one.name} FROM ({spells}) AS spells"
    )


def _said(kind: str) -> Mapping[str, str]:
    from yanglao.registers.places.kinds import facts

    return {name: str(value.label) for name, value in facts()[kind].values.items()}


def kinds_of_place() -> Mapping[str, str]:
    """The kinds of places with their names."""
    from yanglao.registers.places.kinds import kinds

    return {name: kind.label for name, kind in kinds().items()}


def _tiers() -> Mapping[str, Any]:
    from yanglao.registers.places.models import Place

    return dict(Place.Tier.choices)


def _tenures() -> Mapping[str, Any]:
    from yanglao.registers.places.models import Premises

    return dict(Premises.Tenure.choices)


def offered(one: Dated) -> Fact:
    values = partial(_said, one.kind) if one.type == "text" else None
    return Fact(one.name, one.type, one.label, one.label_en, source=REGISTER, values=values)


# the premises it began to use last are those that count
TENURE_SQL = (
    "SELECT place_id, valid_from, CASE WHEN next_from IS NOT NULL AND (ended IS NULL OR next_from < ended) "
    "THEN next_from ELSE ended END AS valid_to, source, tenure, lease_end FROM ("
    "SELECT place_id, valid_from, valid_to AS ended, source, tenure, lease_end, "
    "LEAD(valid_from) OVER (PARTITION BY place_id ORDER BY valid_from, premises_id) AS next_from "
    "FROM place_premises) AS spells"
)
TENURE = (
    Fact("tenure", "text", "服务场所权属", "Tenure of the premises", source=REGISTER, values=_tenures),
    Fact("lease_end", "date", "租期至", "Lease until", source=REGISTER),
)
WINDOWS = ("lead", "to_days")


def of_part(subject: str, part: str, label: Any, label_en: str) -> tuple[FactView, ...]:
    """The shared facts of places as facts of something in a place: a snapshot table with `<part>_id`, `place_id`.

    A room whose subjects stand in places (stays, beds) offers them with one line.
    """

    def view(name: str, sql: str, facts: tuple[Fact, ...]) -> FactView:
        names = ", ".join(f"f.{fact.name}" for fact in facts)
        joined = (
            f"SELECT p.{part}_id AS subject_id, f.valid_from, f.valid_to, f.source, {names} "
            f"FROM {part} AS p JOIN ({sql}) AS f ON f.place_id = p.place_id"
        )
        return FactView(
            subject, f"{subject}_place_{name}", label, label_en, "dated", joined, facts, functions=WINDOWS
        )

    return (
        *(view(one.kind, of_place(one), (offered(one),)) for one in DATED if one.shared),
        view("tenure", TENURE_SQL, TENURE),
    )


def _as_subject(sql: str) -> str:
    return sql.replace("SELECT place_id,", "SELECT place_id AS subject_id,", 1)


FACTS = (
    FactView(
        "place",
        "place",
        LABEL,
        LABEL_EN,
        "fixed",
        "SELECT place_id AS subject_id, kind AS place_kind, tier, location, operator, opened_on, closed_on FROM place",
        (
            Fact("place_kind", "text", "类别", "Kind of place", nullable=False, source=REGISTER, example="care_home", values=kinds_of_place),
            Fact("tier", "text", "层级", "Tier", source=REGISTER, values=_tiers),
            Fact("location", "division", "所在区划", "Division", nullable=False, source=REGISTER),
            Fact("operator", "int", "运营方编号", "Operator", source=REGISTER),
            Fact("opened_on", "date", "启用日期", "Opened on", source=REGISTER),
            Fact("closed_on", "date", "停用日期", "Closed on", source=REGISTER),
        ),
        (PLACE_TABLE, FACT_TABLE, PREMISES_TABLE),
    ),
    *(
        FactView(
            "place", f"place_{one.kind}", LABEL, LABEL_EN, "dated", _as_subject(of_place(one)), (offered(one),),
            functions=WINDOWS,
        )
        for one in DATED
    ),
    FactView(
        "place", "place_tenure", LABEL, LABEL_EN, "dated", _as_subject(TENURE_SQL), TENURE, functions=WINDOWS
    ),
)  # fmt: skip
