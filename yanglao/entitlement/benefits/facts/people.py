# i18n: data — labels stand here in both languages, as in the policy files
"""The facts of a person (老年人) and of what is true of him over time, read from the people register.

The register's tables are described in docs/architecture.md. Names, identity numbers, addresses and bank accounts
are not read: a run does not need them.
"""

from __future__ import annotations

from ..rules.schema import Column, Fact, Subject, Table, Type, View

PERSON_TABLE = Table(
    name="person",
    key="person_id",
    columns=(
        Column("person_id", "int"),
        Column("sex", "int"),
        Column("birth_date", "date"),
        Column("death_date", "date"),
    ),
    # The column on the person is today's projection; what was known of a death at the moment stands among the facts.
    # Two reads, each by its own partial index: what is known still, and what has been replaced since.
    sql=(
        "SELECT id AS person_id, sex, birth_date, died.on_day AS death_date FROM people_person LEFT JOIN "
        "(SELECT dead_id, MIN(valid_from) AS on_day FROM ("
        "SELECT person_id AS dead_id, valid_from FROM people_circumstance "
        "WHERE kind = 'dead' AND replaced_at IS NULL AND recorded_at <= {known_at} UNION ALL "
        "SELECT person_id AS dead_id, valid_from FROM people_circumstance "
        "WHERE kind = 'dead' AND replaced_at > {known_at} AND recorded_at <= {known_at}"
        ") AS known_deaths GROUP BY dead_id) AS died ON died.dead_id = id WHERE merged_into_id IS NULL"
    ),
    changed=(
        "SELECT id FROM people_person WHERE updated_at > {since} "
        "UNION SELECT person_id FROM people_circumstance "
        "WHERE kind = 'dead' AND replaced_at IS NULL AND recorded_at > {since} "
        "UNION SELECT person_id FROM people_circumstance WHERE kind = 'dead' AND replaced_at > {since}"
    ),
)
KINDS = ("hukou", "residence", "economic", "ability", "living", "allowance_application")
_KIND_LIST = ", ".join(f"'{kind}'" for kind in KINDS)
CIRCUMSTANCE_TABLE = Table(
    name="circumstance",
    key="circumstance_id",
    columns=(
        Column("circumstance_id", "int"),
        Column("person_id", "int"),
        Column("kind", "text"),
        Column("value", "text"),
        Column("valid_from", "date"),
        Column("valid_to", "date"),
        Column("source", "text"),
    ),
    sql=(
        "SELECT id AS circumstance_id, person_id, kind, value, valid_from, valid_to, source "
        "FROM people_circumstance "
        f"WHERE kind IN ({_KIND_LIST}) "
        "AND recorded_at <= {known_at} AND (replaced_at IS NULL OR replaced_at > {known_at})"
    ),
    changed="SELECT id FROM people_circumstance WHERE recorded_at > {since} OR replaced_at > {since}",
)


def circumstance_view(kind: str, fact: Fact, value: str = "value", *, only: str = "") -> View:
    """A dated view of one kind of circumstance; `value` is the fact in SQL, `only` the one value that counts."""
    narrowed = f" AND value = '{only}'" if only else ""
    return View(
        name=fact.name,
        subject="person",
        shape="dated",
        sql=(
            f"SELECT person_id AS subject_id, valid_from, valid_to, source, {value} AS {fact.name} "
            f"FROM circumstance WHERE kind = '{kind}'{narrowed}"
        ),
        facts=(fact,),
    )


PERSON_VIEW = View(
    name="person",
    subject="person",
    shape="fixed",
    sql="SELECT person_id AS subject_id, sex, birth_date, death_date FROM person",
    facts=(
        Fact("birth_date", Type.DATE, "出生日期", "Date of birth", nullable=False, source="老年人档案"),
        Fact("death_date", Type.DATE, "死亡日期", "Date of death", source="老年人档案"),
        Fact(
            "sex", Type.INT, "性别（1男 2女）", "Sex (1 male, 2 female)", nullable=False, source="老年人档案"
        ),
    ),
)
PERSON = Subject(
    name="person",
    label="老年人",
    label_en="Older person",
    views=(
        PERSON_VIEW,
        circumstance_view(
            "hukou",
            Fact("hukou", Type.DIVISION, "户籍地", "Registered residence (hukou)"),
            "CAST(value AS BIGINT)",
        ),
        circumstance_view(
            "residence",
            Fact("residence", Type.DIVISION, "常住地", "Place of residence"),
            "CAST(value AS BIGINT)",
        ),
        circumstance_view("economic", Fact("economic", Type.TEXT, "经济困难类别", "Poverty category")),
        circumstance_view("ability", Fact("ability", Type.TEXT, "能力等级", "Ability level")),
        circumstance_view("living", Fact("living", Type.TEXT, "居住状况", "Living arrangement")),
        circumstance_view(
            "allowance_application",
            Fact(
                "applied_on",
                Type.DATE,
                "高龄津贴申请日期",
                "Day of the application for the old-age allowance",
            ),
            "valid_from",
            only="advanced_age_allowance",
        ),
    ),
)
TABLES = (PERSON_TABLE, CIRCUMSTANCE_TABLE)
