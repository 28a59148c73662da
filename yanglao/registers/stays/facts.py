# i18n: data — labels stand here in both languages, as in the policy files
"""What benefit policies may say of a stay (入住) and of a bed (床位), read from this register.

A month of a stay counts days with a bed: the day of admission counts, the day of discharge does not. Days away are
counted apart by reason, so that each policy says itself how many of them it pays. These tables keep no second time
line: a snapshot freezes them as they are known when it is taken.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import partial
from typing import Any

from yanglao.kernel.rooms import Fact, FactView, SnapshotTable
from yanglao.registers.people.facts import values_of
from yanglao.registers.places.facts import kinds_of_place, of_part

LABEL, LABEL_EN = "入住（人月）", "Resident's stay"
BED_LABEL, BED_LABEL_EN = "床位", "Bed"
PLACE_LABEL, PLACE_LABEL_EN = "机构设施", "Place"
BORN = dt.date(1940, 1, 1)
LONG_AGO = dt.date(2000, 1, 1)
REGISTER = "入住登记"
BEDS = "床位登记"
PEOPLE = "老年人档案"


def _listed(entries: str) -> Mapping[str, str]:
    from yanglao.registers.stays.vocabulary import choices, vocabulary

    return dict(choices(getattr(vocabulary(), entries)))


def _bed_states() -> Mapping[str, Any]:
    from yanglao.registers.stays.models import BedSpell

    return dict(BedSpell.State.choices)


STAY_TABLE = SnapshotTable(
    name="stay",
    key="stay_id",
    columns={
        "stay_id": "int",
        "person_id": "int",
        "place_id": "int",
        "kind": "text",
        "payer": "text",
        "admitted_on": "date",
        "discharged_on": "date",
        "discharged_to": "text",
    },
    sql=(
        'SELECT id AS stay_id, person_id, place_id, kind, payer, admitted_on, discharged_on, "end" AS discharged_to '
        "FROM stays_stay WHERE admitted_on IS NOT NULL AND added_at <= {known_at}"
    ),
    changed="SELECT id FROM stays_stay WHERE updated_at > {since}",
)
OCCUPANCY_TABLE = SnapshotTable(
    name="occupancy",
    key="occupancy_id",
    columns={
        "occupancy_id": "int",
        "stay_id": "int",
        "place_id": "int",
        "bed_id": "int",
        "person_id": "int",
        "since": "date",
        "until": "date",
        "source": "text",
    },
    sql=(
        "SELECT id AS occupancy_id, stay_id, place_id, bed_id, person_id, since, until, source FROM stays_occupancy"
    ),
)
LEAVE_TABLE = SnapshotTable(
    name="stay_leave",
    key="leave_id",
    columns={"leave_id": "int", "stay_id": "int", "kind": "text", "since": "date", "until": "date"},
    sql="SELECT id AS leave_id, stay_id, kind, since, until FROM stays_leave",
)
LEVEL_TABLE = SnapshotTable(
    name="stay_level",
    key="level_id",
    columns={
        "level_id": "int",
        "stay_id": "int",
        "level": "text",
        "valid_from": "date",
        "valid_to": "date",
        "source": "text",
    },
    sql="SELECT id AS level_id, stay_id, level, valid_from, valid_to, reason AS source FROM stays_carelevel",
)
BED_TABLE = SnapshotTable(
    name="bed",
    key="bed_id",
    columns={"bed_id": "int", "place_id": "int"},
    sql="SELECT id AS bed_id, place_id FROM stays_bed",
)
SPELL_TABLE = SnapshotTable(
    name="bed_spell",
    key="spell_id",
    columns={
        "spell_id": "int",
        "bed_id": "int",
        "kind": "text",
        "state": "text",
        "valid_from": "date",
        "valid_to": "date",
        "source": "text",
    },
    sql="SELECT id AS spell_id, bed_id, kind, state, valid_from, valid_to, source FROM stays_bedspell",
)


def _later(a: str, b: str) -> str:
    return f"CASE WHEN {a} > {b} THEN {a} ELSE {b} END"


def _days(since: str, until: str) -> str:
    """Days of [since, until) that lie in the month; null `until`: still."""
    open_ = f"{until} IS NULL OR {until} > months.last_day"
    return (
        f"(DATE_DIFF('day', {_later(since, 'months.first_day')}, "
        f"CASE WHEN {open_} THEN months.last_day ELSE {until} END) + CASE WHEN {open_} THEN 1 ELSE 0 END)"
    )


def _in_month(since: str, until: str) -> str:
    return f"{since} <= months.last_day AND ({until} IS NULL OR {until} > months.first_day)"


def _meet(a: str, b: str) -> str:
    """The earlier of two ends; null is later than any day."""
    return f"CASE WHEN {a} IS NULL THEN {b} WHEN {b} IS NULL OR {a} < {b} THEN {a} ELSE {b} END"


# The many stand before the few: DuckDB keeps what is joined second in memory, and passes rows of the first by.
def _of_resident(kind: str, fact: Fact, value: str = "c.value") -> FactView:
    """What is true of the resident when, as a fact of his stay."""
    sql = (
        f"SELECT s.stay_id AS subject_id, c.valid_from, c.valid_to, c.source, {value} AS {fact.name} "
        f"FROM circumstance AS c JOIN stay AS s ON s.person_id = c.person_id WHERE c.kind = '{kind}'"
    )
    return FactView("stay", f"stay_{kind}", LABEL, LABEL_EN, "dated", sql, (fact,))


_AWAY = (
    "SELECT l.stay_id AS subject_id, months.month AS month, "
    f"SUM({_days('l.since', 'l.until')}) AS away, "
    f"SUM(CASE WHEN l.kind = 'hospital' THEN {_days('l.since', 'l.until')} ELSE 0 END) AS hospital "
    f"FROM months JOIN stay_leave AS l ON {_in_month('l.since', 'l.until')} GROUP BY l.stay_id, months.month"
)
_IN_BED = (
    "SELECT o.stay_id AS subject_id, months.month AS month, "
    f"SUM({_days('o.since', 'o.until')}) AS stayed, "
    "MIN(DATE_DIFF('day', months.first_day, months.last_day)) + 1 AS month_days "
    f"FROM months JOIN occupancy AS o ON {_in_month('o.since', 'o.until')} GROUP BY o.stay_id, months.month"
)
STAY = (
    FactView(
        "stay",
        "stay",
        LABEL,
        LABEL_EN,
        "fixed",
        "SELECT s.stay_id AS subject_id, s.person_id AS person, s.place_id AS place, pl.location, pl.kind AS place_kind, "
        "pl.operator, s.kind AS stay_kind, s.payer AS paid_by, s.admitted_on, s.discharged_on, s.discharged_to, "
        "p.birth_date, p.death_date, p.sex FROM person AS p JOIN stay AS s ON s.person_id = p.person_id "
        "JOIN place AS pl ON pl.place_id = s.place_id",
        (
            Fact("person", "int", "住养老人", "Resident", nullable=False, source=REGISTER, example=1),
            Fact("place", "int", "机构", "Home", nullable=False, source=REGISTER, example=1),
            Fact("location", "division", "机构所在区划", "Division of the home", nullable=False, source=REGISTER),
            Fact("place_kind", "text", "机构类别", "Kind of home", nullable=False, source=REGISTER, example="care_home", values=kinds_of_place),
            Fact("operator", "int", "运营方编号", "Operator", source=REGISTER),
            Fact("stay_kind", "text", "入住方式", "Kind of stay", nullable=False, source=REGISTER, example="long", values=partial(_listed, "stay_kinds")),
            Fact("paid_by", "text", "费用来源", "Who pays the stay", nullable=False, source=REGISTER, example="self", values=partial(_listed, "payers")),
            Fact("admitted_on", "date", "入住日期", "Admitted on", nullable=False, source=REGISTER, example=LONG_AGO),
            Fact("discharged_on", "date", "退住日期", "Discharged on", source=REGISTER),
            Fact("discharged_to", "text", "退住去向", "Discharged to", source=REGISTER, values=partial(_listed, "ends")),
            Fact("birth_date", "date", "出生日期", "Date of birth", nullable=False, source=PEOPLE, example=BORN),
            Fact("death_date", "date", "死亡日期", "Date of death", source=PEOPLE),
            Fact("sex", "int", "性别（1男 2女）", "Sex (1 male, 2 female)", nullable=False, source=PEOPLE, example=2),
        ),
        (STAY_TABLE, OCCUPANCY_TABLE, LEAVE_TABLE, LEVEL_TABLE),
    ),
    FactView(
        "stay",
        "stay_month",
        LABEL,
        LABEL_EN,
        "monthly",
        "SELECT b.subject_id, b.month, b.stayed AS stay_days, COALESCE(a.away, 0) AS away_days, "
        "COALESCE(a.hospital, 0) AS hospital_days, b.stayed - COALESCE(a.away, 0) AS present_days, b.month_days "
        f"FROM ({_IN_BED}) AS b LEFT JOIN ({_AWAY}) AS a ON a.subject_id = b.subject_id AND a.month = b.month",
        (
            Fact("stay_days", "int", "本月在住天数", "Days with a bed in the month", source=REGISTER),
            Fact("away_days", "int", "本月离院天数", "Days away in the month", source=REGISTER),
            Fact("hospital_days", "int", "其中住院天数", "Days in hospital in the month", source=REGISTER),
            Fact("present_days", "int", "本月实际在院天数", "Days present in the month", source=REGISTER),
            Fact("month_days", "int", "本月天数", "Days of the month"),
        ),
        functions=("sum", "min", "date_diff"),
    ),
    FactView(
        "stay",
        "stay_bed",
        LABEL,
        LABEL_EN,
        "dated",
        f"SELECT o.stay_id AS subject_id, {_later('o.since', 's.valid_from')} AS valid_from, "
        f"{_meet('o.until', 's.valid_to')} AS valid_to, o.source, s.kind AS bed_kind "
        "FROM occupancy AS o JOIN bed_spell AS s ON s.bed_id = o.bed_id "
        "AND (o.until IS NULL OR s.valid_from < o.until) AND (s.valid_to IS NULL OR s.valid_to > o.since)",
        (Fact("bed_kind", "text", "床位类型", "Kind of bed", source=BEDS, values=partial(_listed, "bed_kinds")),),
    ),
    FactView(
        "stay",
        "stay_care_level",
        LABEL,
        LABEL_EN,
        "dated",
        "SELECT stay_id AS subject_id, valid_from, valid_to, source, level AS care_level FROM stay_level",
        (Fact("care_level", "text", "护理等级", "Level of care", source=REGISTER, values=partial(_listed, "care_levels")),),
    ),
    _of_resident("ability", Fact("ability", "text", "能力等级", "Ability level", source=PEOPLE, values=partial(values_of, "ability"))),
    _of_resident("economic", Fact("economic", "text", "经济困难类别", "Poverty category", source=PEOPLE, values=partial(values_of, "economic"))),
    _of_resident(
        "hukou",
        Fact("hukou", "division", "户籍地", "Registered residence (hukou)", source=PEOPLE),
        "CAST(c.value AS BIGINT)",
    ),
    _of_resident(
        "ltci", Fact("ltci", "text", "长期护理保险待遇", "Long-term care insurance benefit", source=PEOPLE, values=partial(values_of, "ltci"))
    ),
    *of_part("stay", "stay", LABEL, LABEL_EN),
)  # fmt: skip

BED = (
    FactView(
        "bed",
        "bed",
        BED_LABEL,
        BED_LABEL_EN,
        "fixed",
        "SELECT b.bed_id AS subject_id, b.place_id AS place, pl.location, pl.kind AS place_kind, pl.operator, "
        "pl.opened_on, u.first_used_on FROM bed AS b JOIN place AS pl ON pl.place_id = b.place_id "
        "LEFT JOIN (SELECT bed_id, MIN(valid_from) AS first_used_on FROM bed_spell WHERE state = 'use' "
        "GROUP BY bed_id) AS u ON u.bed_id = b.bed_id",
        (
            Fact("place", "int", "机构", "Home", nullable=False, source=BEDS, example=1),
            Fact("location", "division", "机构所在区划", "Division of the home", nullable=False, source=BEDS),
            Fact("place_kind", "text", "机构类别", "Kind of home", nullable=False, source=BEDS, example="care_home", values=kinds_of_place),
            Fact("operator", "int", "运营方编号", "Operator", source=BEDS),
            Fact("opened_on", "date", "机构启用日期", "Home opened on", source=BEDS),
            Fact("first_used_on", "date", "床位首次投用日期", "Bed first used on", source=BEDS),
        ),
        (BED_TABLE, SPELL_TABLE),
        functions=("min",),
    ),
    FactView(
        "bed",
        "bed_state",
        BED_LABEL,
        BED_LABEL_EN,
        "dated",
        "SELECT bed_id AS subject_id, valid_from, valid_to, source, kind AS bed_kind, state AS bed_state FROM bed_spell",
        (
            Fact("bed_kind", "text", "床位类型", "Kind of bed", source=BEDS, values=partial(_listed, "bed_kinds")),
            Fact("bed_state", "text", "床位状态", "State of the bed", source=BEDS, values=_bed_states),
        ),
    ),
    FactView(
        "bed",
        "bed_month",
        BED_LABEL,
        BED_LABEL_EN,
        "monthly",
        f"SELECT o.bed_id AS subject_id, months.month AS month, SUM({_days('o.since', 'o.until')}) AS occupied_days "
        f"FROM months JOIN occupancy AS o ON {_in_month('o.since', 'o.until')} GROUP BY o.bed_id, months.month",
        (Fact("occupied_days", "int", "本月占用天数", "Days occupied in the month", source=REGISTER),),
        functions=("sum", "date_diff"),
    ),
    *of_part("bed", "bed", BED_LABEL, BED_LABEL_EN),
)  # fmt: skip

_ABILITIES = (
    (0, "able", "能力完好"),
    (1, "mild", "轻度失能"),
    (2, "moderate", "中度失能"),
    (3, "severe", "重度失能"),
    (4, "complete", "完全失能"),
)
_RESIDENT_COUNTS = ", ".join(
    f"SUM(CASE WHEN c.value = 'gbt42195-2022:{grade}' THEN 1 ELSE 0 END) AS residents_{name}"
    for grade, name, _label in _ABILITIES
)
PLACE = (
    FactView(
        "place",
        "place_residents",
        PLACE_LABEL,
        PLACE_LABEL_EN,
        "monthly",
        f"SELECT o.place_id AS subject_id, months.month AS month, COUNT(*) AS residents, {_RESIDENT_COUNTS} "
        "FROM months JOIN occupancy AS o ON o.since <= months.last_day AND (o.until IS NULL OR o.until > months.last_day) "
        "JOIN stay AS s ON s.stay_id = o.stay_id AND s.kind <> 'day' "
        "LEFT JOIN circumstance AS c ON c.person_id = o.person_id AND c.kind = 'ability' "
        "AND c.valid_from <= months.last_day AND (c.valid_to IS NULL OR c.valid_to > months.last_day) "
        "GROUP BY o.place_id, months.month",
        (
            Fact("residents", "int", "月末在住人数", "Residents at the end of the month", source=REGISTER),
            *(
                Fact(f"residents_{name}", "int", f"月末在住人数：{label}", f"Residents: {name}", source=REGISTER)
                for _grade, name, label in _ABILITIES
            ),
        ),
        functions=("count", "count_star", "sum"),
    ),
    FactView(
        "place",
        "place_bed_days",
        PLACE_LABEL,
        PLACE_LABEL_EN,
        "monthly",
        f"SELECT o.place_id AS subject_id, months.month AS month, SUM({_days('o.since', 'o.until')}) AS occupied_bed_days "
        f"FROM months JOIN occupancy AS o ON {_in_month('o.since', 'o.until')} GROUP BY o.place_id, months.month",
        (Fact("occupied_bed_days", "int", "本月占用床日", "Occupied bed-days in the month", source=REGISTER),),
        functions=("sum", "date_diff"),
    ),
    FactView(
        "place",
        "place_new_beds",
        PLACE_LABEL,
        PLACE_LABEL_EN,
        "monthly",
        "SELECT u.place_id AS subject_id, months.month AS month, COUNT(*) AS new_beds, "
        "SUM(CASE WHEN u.kind IN ('nursing', 'dementia') THEN 1 ELSE 0 END) AS new_nursing_beds "
        "FROM months JOIN (SELECT b.place_id, b.bed_id, s.kind, s.valid_from FROM bed AS b "
        "JOIN bed_spell AS s ON s.bed_id = b.bed_id JOIN (SELECT bed_id, MIN(valid_from) AS first_used_on "
        "FROM bed_spell WHERE state = 'use' GROUP BY bed_id) AS f ON f.bed_id = s.bed_id "
        "AND f.first_used_on = s.valid_from AND s.state = 'use') AS u "
        "ON u.valid_from >= months.first_day AND u.valid_from <= months.last_day GROUP BY u.place_id, months.month",
        (
            Fact("new_beds", "int", "本月新投用床位", "Beds first used in the month", source=BEDS),
            Fact("new_nursing_beds", "int", "其中护理型床位", "Nursing beds first used in the month", source=BEDS),
        ),
        functions=("count", "count_star", "sum", "min"),
    ),
    FactView(
        "place",
        "place_beds_in_use",
        PLACE_LABEL,
        PLACE_LABEL_EN,
        "monthly",
        "SELECT b.place_id AS subject_id, months.month AS month, COUNT(*) AS beds_in_use "
        "FROM months JOIN bed_spell AS s ON s.state = 'use' AND s.valid_from <= months.last_day "
        "AND (s.valid_to IS NULL OR s.valid_to > months.last_day) JOIN bed AS b ON b.bed_id = s.bed_id "
        "GROUP BY b.place_id, months.month",
        (Fact("beds_in_use", "int", "月末在用床位", "Beds in use at the end of the month", source=BEDS),),
        functions=("count", "count_star"),
    ),
)  # fmt: skip
FACTS = (*STAY, *BED, *PLACE)
