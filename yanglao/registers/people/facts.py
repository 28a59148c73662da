# i18n: data — labels stand here in both languages, as in the policy files
"""What benefit policies may say of a person (老年人) and of a household (家庭户), read from this register.

The tables are described in docs/architecture.md. Names, identity numbers, addresses and bank accounts are not read:
a run does not need them.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from yanglao.kernel.rooms import Fact, FactView, SnapshotTable


def values_of(kind: str) -> Mapping[str, str]:
    """The values a kind of circumstance may have, with their names: what policies may compare it with."""
    from yanglao.registers.people.kinds import kinds

    return {name: value.label for name, value in kinds()[kind].values.items()}


PERSON_LABEL, PERSON_LABEL_EN = "老年人", "Older person"
HOUSEHOLD_LABEL, HOUSEHOLD_LABEL_EN = "家庭户", "Household"
APPLICATIONS: tuple[tuple[str, str, Any, str], ...] = (
    # value of the circumstance, name of the fact, labels
    ("advanced_age_allowance", "applied_on", "高龄津贴申请日期", "Day of the application for the old-age allowance"),
    ("home_care_subsidy", "home_care_applied_on", "养老服务补贴申请日期", "Day of the application for the home-care subsidy"),
    ("care_subsidy", "care_applied_on", "护理补贴申请日期", "Day of the application for the nursing subsidy"),
    ("meal_subsidy", "meal_applied_on", "助餐补贴申请日期", "Day of the application for the meal subsidy"),
    ("home_adaptation", "adaptation_applied_on", "适老化改造补贴申请日期", "Day of the application for home adaptation"),
    ("family_bed", "family_bed_applied_on", "家庭养老床位补贴申请日期", "Day of the application for a family care bed"),
    ("consumption_voucher", "voucher_applied_on", "养老服务消费券申请日期", "Day of the application for vouchers"),
)  # fmt: skip
TEXTS: tuple[tuple[str, Any, str], ...] = (
    # kinds of circumstances (standards/circumstances.yaml) that hold one value at a time; the fact bears their name
    ("economic", "经济困难类别", "Poverty category"),
    ("ability", "能力等级", "Ability level"),
    ("living", "居住状况", "Living arrangement"),
    ("hukou_type", "户籍性质", "Hukou type"),
    ("residence_state", "人户状态", "Residence state"),
    ("in_custody", "服刑羁押", "In custody"),
    ("dementia", "失智", "Dementia"),
    ("special_family", "计划生育特殊家庭", "Family of a lost or disabled only child"),
    ("children", "子女情况", "Children"),
    ("medical_insurance", "医疗保险", "Medical insurance"),
    ("pension", "养老金类别", "Kind of pension"),
    ("disability_care", "残疾人护理补贴", "Care subsidy for the severely disabled"),
    ("ltci", "长期护理保险待遇", "Long-term care insurance benefit"),
    ("family_care_bed", "家庭养老床位", "Family care bed"),
    ("empty_nest", "空巢", "Empty nest"),
    ("left_behind", "留守", "Left behind"),
    ("home_adapted", "居家适老化改造", "Home adapted"),
    ("home_service", "居家养老服务", "Home-care service"),
    ("visited", "探访关爱对象", "Regularly visited"),
)
FREE: tuple[tuple[str, Any, str], ...] = (
    # kinds whose values a city makes: `<id of its scale>:<level>`
    ("care_level", "长期护理失能等级", "Long-term care level"),
)
AMOUNTS: tuple[tuple[str, Any, str], ...] = (
    # kinds that hold an amount: whole fen, as text in the register
    ("pension_amount", "养老金（元/月）", "Pension (yuan a month)"),
    ("income_per_head", "家庭人均月收入（元）", "Household income per head (yuan a month)"),
)
_WITH = ("limb", "vision", "hearing", "speech", "mind", "psyche", "several")
_GRADE = " ".join(
    f"WHEN c.value IN ({', '.join(repr(f'{part}:{grade}') for part in _WITH)}) THEN {grade}"
    for grade in (1, 2, 3)
)
GRADE = f"CASE {_GRADE} ELSE 4 END"
"""The grade of a disability in SQL, over rows `c` of circumstances."""
SEVERAL: tuple[tuple[str, str, str, Fact], ...] = (
    # kinds of which several values may hold on one day: one figure of them at the end of each month
    ("disability", GRADE, "disability_grade",
     Fact("disability_grade", "int", "残疾等级（几项中最重的，1最重）", "Grade of disability (the severest, 1 to 4)")),
    ("veteran", "c.value", "veteran", Fact("veteran", "text", "优抚对象", "Entitled group (military service)", values=partial(values_of, "veteran"))),
    ("three_elders", "c.value", "three_elders", Fact("three_elders", "text", "三老", "Three elders", values=partial(values_of, "three_elders"))),
)  # fmt: skip
MONTHLY: tuple[tuple[str, str, Fact], ...] = (
    # kinds that hold a figure of a month, in hundredths
    ("bed_visit_hours", "visit_hours",
     Fact("visit_hours", "quantity", "家庭养老床位当月上门服务小时", "Hours of home visits to a family care bed in the month")),
)  # fmt: skip
KINDS = (
    *("hukou", "residence", "allowance_application", "life_verified"),
    *(kind for kind, *_labels in TEXTS),
    *(kind for kind, *_labels in FREE),
    *(kind for kind, *_labels in AMOUNTS),
    *(kind for kind, *_rest in SEVERAL),
    *(kind for kind, *_rest in MONTHLY),
)
_KIND_LIST = ", ".join(f"'{kind}'" for kind in KINDS)


def _persons(of: str = "", only: str = "") -> str:
    """Who is in the register, and when he was known to have died; `of` and `only`: conditions of one person.

    The column on the person is today's projection; what was known of a death at the moment stands among the facts.
    Two reads, each by its own partial index: what is known still, and what has been replaced since.
    """
    return (
        "SELECT id AS person_id, sex, birth_date, died.on_day AS death_date FROM people_person LEFT JOIN "
        "(SELECT dead_id, MIN(valid_from) AS on_day FROM ("
        "SELECT person_id AS dead_id, valid_from FROM people_circumstance "
        f"WHERE {of}kind = 'dead' AND replaced_at IS NULL AND recorded_at <= {{known_at}} UNION ALL "
        "SELECT person_id AS dead_id, valid_from FROM people_circumstance "
        f"WHERE {of}kind = 'dead' AND replaced_at > {{known_at}} AND recorded_at <= {{known_at}}"
        f") AS known_deaths GROUP BY dead_id) AS died ON died.dead_id = id WHERE {only}merged_into_id IS NULL"
    )


PERSON_TABLE = SnapshotTable(
    name="person",
    key="person_id",
    columns={"person_id": "int", "sex": "int", "birth_date": "date", "death_date": "date"},
    sql=_persons(),
    changed=(
        "SELECT id FROM people_person WHERE updated_at > {since} "
        "UNION SELECT person_id FROM people_circumstance "
        "WHERE kind = 'dead' AND replaced_at IS NULL AND recorded_at > {since} "
        "UNION SELECT person_id FROM people_circumstance WHERE kind = 'dead' AND replaced_at > {since}"
    ),
    stored="people_person",
    of_one=_persons("person_id = {whom} AND ", "id = {whom} AND "),
)
CIRCUMSTANCE_TABLE = SnapshotTable(
    name="circumstance",
    key="circumstance_id",
    columns={
        "circumstance_id": "int",
        "person_id": "int",
        "kind": "text",
        "value": "text",
        "valid_from": "date",
        "valid_to": "date",
        "source": "text",
    },
    sql=(
        "SELECT id AS circumstance_id, person_id, kind, value, valid_from, valid_to, source "
        "FROM people_circumstance "
        f"WHERE kind IN ({_KIND_LIST}) "
        "AND recorded_at <= {known_at} AND (replaced_at IS NULL OR replaced_at > {known_at})"
    ),
    changed=(
        "SELECT id FROM people_circumstance WHERE recorded_at > {since} "
        f"UNION SELECT id FROM people_circumstance WHERE kind IN ({_KIND_LIST}) AND replaced_at > {{since}}"
    ),
    stored="people_circumstance",
    grouped="kind",
)
HOUSEHOLD_TABLE = SnapshotTable(
    name="household",
    key="household_id",
    columns={"household_id": "int", "location": "int"},
    sql="SELECT id AS household_id, division_id AS location FROM people_household WHERE opened_at <= {known_at}",
)
MEMBER_TABLE = SnapshotTable(  # keeps no second time line: a snapshot freezes it as it is
    name="household_member",
    key="member_id",
    columns={
        "member_id": "int",
        "household_id": "int",
        "person_id": "int",
        "valid_from": "date",
        "valid_to": "date",
    },
    sql=(
        "SELECT id AS member_id, household_id, person_id, valid_from, valid_to FROM people_householdmember "
        "WHERE person_id IS NOT NULL"
    ),
)


def _person(
    name: str, shape: str, sql: str, facts: tuple[Fact, ...], tables: tuple[SnapshotTable, ...] = ()
) -> FactView:
    return FactView("person", name, PERSON_LABEL, PERSON_LABEL_EN, shape, sql, facts, tables)


def circumstance(kind: str, fact: Fact, value: str = "value", *, only: str = "", name: str = "") -> FactView:
    """A dated view of one kind of circumstance; `value` is the fact in SQL, `only` the one value that counts."""
    narrowed = f" AND value = '{only}'" if only else ""
    sql = (
        f"SELECT person_id AS subject_id, valid_from, valid_to, source, {value} AS {fact.name} "
        f"FROM circumstance WHERE kind = '{kind}'{narrowed}"
    )
    return _person(name or fact.name, "dated", sql, (fact,))


def several(kind: str, value: str, name: str, fact: Fact) -> FactView:
    """A monthly view of the least value of a kind that several values may hold of at once."""
    sql = (
        f"SELECT c.person_id AS subject_id, months.month AS month, MIN({value}) AS {name} "
        "FROM months JOIN circumstance AS c ON c.valid_from <= months.last_day "
        "AND (c.valid_to IS NULL OR c.valid_to > months.last_day) "
        f"WHERE c.kind = '{kind}' GROUP BY c.person_id, months.month"
    )
    return FactView(
        "person", name, PERSON_LABEL, PERSON_LABEL_EN, "monthly", sql, (fact,), functions=("min",)
    )


def of_month(kind: str, name: str, fact: Fact) -> FactView:
    """A monthly view of a figure said for one month: that of the month in which it begins, and of no other."""
    sql = (
        f"SELECT c.person_id AS subject_id, months.month AS month, MAX(CAST(c.value AS BIGINT)) AS {name} "
        "FROM months JOIN circumstance AS c ON c.valid_from >= months.first_day AND c.valid_from <= months.last_day "
        f"WHERE c.kind = '{kind}' GROUP BY c.person_id, months.month"
    )
    return FactView(
        "person", name, PERSON_LABEL, PERSON_LABEL_EN, "monthly", sql, (fact,), functions=("max",)
    )


REGISTER = "老年人档案"
PERSON = (
    _person(
        "person",
        "fixed",
        "SELECT person_id AS subject_id, sex, birth_date, death_date FROM person",
        (
            Fact("birth_date", "date", "出生日期", "Date of birth", nullable=False, source=REGISTER),
            Fact("death_date", "date", "死亡日期", "Date of death", source=REGISTER),
            Fact("sex", "int", "性别（1男 2女）", "Sex (1 male, 2 female)", nullable=False, source=REGISTER, example=2),
        ),
        (PERSON_TABLE, CIRCUMSTANCE_TABLE),
    ),
    circumstance(
        "hukou", Fact("hukou", "division", "户籍地", "Registered residence (hukou)"), "CAST(value AS BIGINT)"
    ),
    circumstance(
        "residence", Fact("residence", "division", "常住地", "Place of residence"), "CAST(value AS BIGINT)"
    ),
    circumstance(
        "hukou", Fact("hukou_since", "date", "户籍在现地的起始日期", "Hukou where it is since"), "valid_from"
    ),
    circumstance(
        "residence", Fact("residence_since", "date", "在现居住地的起始日期", "Lives where he lives since"), "valid_from"
    ),
    *(circumstance(kind, Fact(kind, "text", label, english, values=partial(values_of, kind))) for kind, label, english in TEXTS),
    *(circumstance(kind, Fact(kind, "text", label, english)) for kind, label, english in FREE),
    *(
        circumstance(kind, Fact(kind, "money", label, english), "CAST(value AS BIGINT)")
        for kind, label, english in AMOUNTS
    ),
    circumstance(
        "life_verified", Fact("verified_on", "date", "生存认证日期", "Day of the last proof of life"), "valid_from"
    ),
    *(
        circumstance("allowance_application", Fact(fact, "date", label, english), "valid_from", only=value)
        for value, fact, label, english in APPLICATIONS
    ),
    *(several(*each) for each in SEVERAL),
    *(of_month(*each) for each in MONTHLY),
)  # fmt: skip

_MEMBERS = (
    "FROM months JOIN household_member AS m ON m.valid_from <= months.last_day "
    "AND (m.valid_to IS NULL OR m.valid_to > months.last_day) "
    "JOIN person AS p ON p.person_id = m.person_id "
    "AND (p.death_date IS NULL OR p.death_date > months.last_day)"
)
HOUSEHOLD = (
    FactView(
        "household",
        "household",
        HOUSEHOLD_LABEL,
        HOUSEHOLD_LABEL_EN,
        "fixed",
        "SELECT household_id AS subject_id, location FROM household",
        (Fact("location", "division", "所在区划", "Division", nullable=False, source="家庭户登记"),),
        (HOUSEHOLD_TABLE, MEMBER_TABLE),
    ),
    FactView(
        "household",
        "household_members",
        HOUSEHOLD_LABEL,
        HOUSEHOLD_LABEL_EN,
        "monthly",
        # 29 February minus 60 years is a 29 February: nobody's birthday is missed
        "SELECT m.household_id AS subject_id, months.month AS month, COUNT(*) AS members_filed, "
        "SUM(CASE WHEN p.birth_date <= CAST(DATE_ADD(months.last_day, INTERVAL -60 YEAR) AS DATE) "
        "THEN 1 ELSE 0 END) AS members_60, MIN(m.person_id) AS payee_person "
        f"{_MEMBERS} GROUP BY m.household_id, months.month",
        (
            Fact("members_filed", "int", "有档案的成员人数（月末）", "Members with a file at the end of the month"),
            Fact("members_60", "int", "60周岁以上成员人数（月末）", "Members of 60 or over at the end of the month"),
            Fact("payee_person", "int", "收款成员", "The member who receives the money"),
        ),
        functions=("count", "count_star", "sum", "min", "to_years"),
    ),
    FactView(
        "household",
        "household_economic",
        HOUSEHOLD_LABEL,
        HOUSEHOLD_LABEL_EN,
        "monthly",
        "SELECT m.household_id AS subject_id, months.month AS month, "
        "SUM(CASE WHEN c.value IN ('dibao', 'tekun_home', 'tekun_institution') THEN 1 ELSE 0 END) AS members_dibao, "
        "SUM(CASE WHEN c.value = 'dibao_edge' THEN 1 ELSE 0 END) AS members_dibao_edge "
        f"{_MEMBERS} JOIN circumstance AS c ON c.person_id = m.person_id AND c.kind = 'economic' "
        "AND c.valid_from <= months.last_day AND (c.valid_to IS NULL OR c.valid_to > months.last_day) "
        "GROUP BY m.household_id, months.month",
        (
            Fact("members_dibao", "int", "低保、特困成员人数（月末）", "Members on dibao or destitute"),
            Fact("members_dibao_edge", "int", "低保边缘成员人数（月末）", "Members on the margin of dibao"),
        ),
        functions=("sum",),
    ),
)  # fmt: skip
FACTS = (*PERSON, *HOUSEHOLD)
