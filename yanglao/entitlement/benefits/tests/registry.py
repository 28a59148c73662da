"""A small made-up register in the test database: numbers and dates only, no real people."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from yanglao.kernel.scope import everything
from yanglao.registers.people.models import Circumstance, Person

from ..rules.cases import LONG_AGO, Facts, Spell

EARLY = datetime(2026, 1, 1, tzinfo=ZoneInfo("Asia/Shanghai"))
KNOWN_AT = datetime(2026, 11, 1, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
KINDS = {"applied_on": "allowance_application"}


def add_person(number: int, birth: date, *, death: date | None = None, sex: int = 2) -> Person:
    with everything("test"):
        person = Person.objects.create(
            name=f"甲{number}",
            pinyin=f"jia{number}",
            initials="J",
            sex=sex,
            birth_date=birth,
            death_date=death,
            hukou_id=330203001001,
            residence_id=330203001001,
        )
    if death is not None:
        add_spell(person, "dead", "reported", Spell(None, death))
    return person


def add_spell(
    person: Person, kind: str, value: str, spell: Spell, recorded_at: datetime = EARLY
) -> Circumstance:
    with everything("test"):
        return Circumstance.objects.create(
            person=person,
            kind=kind,
            value=value,
            slot=f"{kind}{spell.since}",
            valid_from=spell.since,
            valid_to=spell.until,
            recorded_at=recorded_at,
            source="测试名册",
        )


def register(subjects: Sequence[Facts]) -> list[Person]:
    """People with the given facts, as the register keeps them."""
    people = []
    for number, facts in enumerate(subjects):
        death = facts.get("death_date", (Spell(None),))[0].value
        person = add_person(number, facts["birth_date"][0].value, death=death)
        for name in facts.keys() - {"birth_date", "death_date", "sex"}:
            for spell in facts[name]:
                _add_fact(person, name, spell)
        people.append(person)
    return people


def _add_fact(person: Person, name: str, spell: Spell) -> None:
    if name == "applied_on":
        since = spell.value if spell.since == LONG_AGO else spell.since
        add_spell(person, "allowance_application", "advanced_age_allowance", Spell(None, since, spell.until))
    elif spell.value is not None:
        add_spell(person, name, str(spell.value), spell)
