"""Who he is, when two files become one: columns of the person's own row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from yanglao.registers.people.merging.trace import Trace, dump, load
from yanglao.registers.people.models import Circumstance, Person
from yanglao.registers.people.rules import names

FIELDS = ("name", "id_number", "ethnicity", "phone", "address", "hukou_address", "note")
"""What is chosen by field; sex and birth date follow the resident id, for they are read from it."""
IDENTITY = ("id_number", "sex", "birth_date")
NUMBER = ("id_number", "id_number_hash", "id_tail_hash")
COLUMNS = (*FIELDS, "sex", "birth_date", "restricted_on", "merged_into_id")


def believed(field: str, keep: Person, drop: Person, choices: Mapping[str, str]) -> str:
    """Which file a field is taken from: as chosen; else the kept one, unless it has nothing there."""
    chosen = choices.get(field)
    if chosen in ("keep", "drop"):
        return str(chosen)
    return "drop" if getattr(drop, field) and not getattr(keep, field) else "keep"


def join(keep: Person, drop: Person, choices: Mapping[str, str], trace: Trace) -> None:
    """Write the chosen columns on `keep`, and close `drop` towards it. Both rows are saved.

    Where the other number is chosen the two files exchange theirs: both stay in the index, and both find the
    file that is kept.
    """
    before = {person: dump(person, COLUMNS) for person in (keep, drop)}
    taken = {f for f in FIELDS if believed(f, keep, drop, choices) == "drop"}
    for field in taken - {"id_number"}:
        setattr(keep, field, before[drop][field] or "")
    if "id_number" in taken:
        _exchange(keep, drop, before)
    _refuse_unborn(keep)
    keep.restricted_on = keep.restricted_on or drop.restricted_on
    drop.death_date = None
    drop.economic = drop.living = drop.ability = ""
    drop.merged_into = keep
    write(keep, drop)
    for person in (keep, drop):
        trace.note(person, before[person], dump(person, COLUMNS))


def _refuse_unborn(keep: Person) -> None:
    died = Circumstance._base_manager.filter(person=keep, kind="dead", replaced_at=None)
    if died.filter(valid_from__lt=keep.birth_date).exists():
        raise ValidationError(
            {"id_number": _("按这个号码的出生日期，他在出生前就已去世：请核对号码和死亡日期。")}
        )


def _exchange(keep: Person, drop: Person, before: Mapping[Person, Mapping[str, Any]]) -> None:
    for person, other in ((keep, drop), (drop, keep)):
        values = load(Person, {column: before[other][column] for column in IDENTITY})
        set_columns(person, values)


def set_columns(person: Person, values: Mapping[str, Any]) -> None:
    """Set columns as `load` gives them; the number with its indexes."""
    for column, value in values.items():
        if column == "id_number":
            person.set_id_number(value or "")
        else:
            setattr(person, column, value)


def write(*people: Person) -> None:
    """Save rows whose numbers may have changed places: a number is unique at every moment, so all are let go first."""
    Person._base_manager.filter(pk__in=[p.pk for p in people]).update(**dict.fromkeys(NUMBER))
    for person in people:
        person.pinyin, person.initials = names.pinyin(person.name), names.initials(person.name)
        person.set_id_number(person.id_number.reveal() if person.id_number else "")
        person.save()
