"""What a merge would do, before it is done: both files side by side, and what hangs on the one that is dropped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from yanglao.registers.people.kinds import kinds
from yanglao.registers.people.merging import beside
from yanglao.registers.people.merging.facts import Both, both
from yanglao.registers.people.merging.identity import FIELDS, believed
from yanglao.registers.people.merging.references import references
from yanglao.registers.people.models import Circumstance, Person
from yanglao.registers.people.rules.ethnic import ETHNIC_GROUPS
from yanglao.registers.people.rules.merging import Side

Words = Callable[[Circumstance], str]


@dataclass(frozen=True)
class Line:
    """One thing of which the files say something: `key` is its choice; without `asks` nothing is to be chosen."""

    key: str
    label: str
    keep: list[str]
    drop: list[str]
    asks: bool
    default: str = "keep"
    after: dict[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Hanging:
    """Rows of a table that hang on the dropped file."""

    label: str
    number: int
    moves: bool


@dataclass(frozen=True)
class Preview:
    """Everything the page of a merge shows."""

    identity: list[Line]
    facts: list[Line]
    hanging: list[Hanging]
    obstacles: list[str]
    warnings: list[str]


def preview(keep: Person, drop: Person, words: Words) -> Preview:
    """`words`: a fact's value as the page says it. Reads both files whole, wherever they lie."""
    facts = [_fact(one, words) for one in both(keep, drop).values()]
    accounts = _accounts(keep, drop)
    return Preview(
        identity=[_column(name, keep, drop) for name in FIELDS] + ([accounts] if accounts else []),
        facts=facts,
        hanging=_hanging(drop),
        obstacles=beside.twice(keep, drop, besides_settled=True),
        warnings=_warnings(keep, drop),
    )


def _column(name: str, keep: Person, drop: Person) -> Line:
    both_given = bool(getattr(keep, name)) and bool(getattr(drop, name))
    label = str(Person._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
    return Line(
        name,
        label,
        _shown(name, keep),
        _shown(name, drop),
        asks=both_given and not _same(name, keep, drop),
        default=believed(name, keep, drop, {}),
    )


def _shown(name: str, person: Person) -> list[str]:
    value = str(getattr(person, name) or "")
    if name == "ethnicity":
        value = str(ETHNIC_GROUPS.get(value, value))
    if name == "id_number":
        return [value, f"{person.get_sex_display()} · {person.birth_date:%Y-%m-%d}"]
    return [value] if value else []


def _same(name: str, keep: Person, drop: Person) -> bool:
    """Whether both say the same. Sealed ones are compared here and nowhere shown: a mask may hide a difference."""
    mine, his = getattr(keep, name), getattr(drop, name)
    if hasattr(mine, "reveal"):
        return bool(mine.reveal() == his.reveal())
    return bool(mine == his)


def _accounts(keep: Person, drop: Person) -> Line | None:
    mine, his = beside.accounts_in_use(keep, drop)
    if not (mine or his):
        return None
    said = [[f"{a.bank} {a.account}", a.holder] if a else [] for a in (mine, his)]
    return Line(
        "account",
        _("收款账户"),
        said[0],
        said[1],
        asks=bool(mine and his),
        default="keep" if mine else "drop",
    )


def _fact(one: Both, words: Words) -> Line:
    label = str(kinds().get(one.kind, one.kind))
    sides: tuple[Side, ...] = ("keep", "drop")
    after: dict[str, list[str]] = {
        side: [_spell(words(one.row(p)), p.spell) for p in one.after(side)] for side in sides
    }
    return Line(
        f"fact_{one.kind}",
        label,
        [_spell(words(r), r) for r in one.keep],
        [_spell(words(r), r) for r in one.drop],
        asks=one.disagree,
        default="" if one.kind == "dead" else "keep",
        after=after,
    )


def _spell(value: str, days: Any) -> str:
    """A fact with its days; `days` has valid_from and valid_to."""
    if days.valid_to is None:
        return _("%(value)s（%(first)s 起）") % {"value": value, "first": days.valid_from}
    return _("%(value)s（%(first)s 至 %(last)s）") % {
        "value": value,
        "first": days.valid_from,
        "last": days.valid_to,
    }


def _hanging(drop: Person) -> list[Hanging]:
    """By table, in the order of their names; a table may refer to a person more than once."""
    counts: dict[tuple[str, bool], int] = {}
    for reference in references():
        if reference.model is not Circumstance:
            key = reference.label, reference.moves
            counts[key] = counts.get(key, 0) + reference.rows(drop.pk).count()
    return [Hanging(label, n, moves) for (label, moves), n in sorted(counts.items()) if n]


def _warnings(keep: Person, drop: Person) -> list[str]:
    found = []
    if keep.sex != drop.sex:
        found.append(_("两份档案的性别不同：请确认确系同一人。"))
    if keep.birth_date != drop.birth_date:
        found.append(_("两份档案的出生日期不同：请对照身份证核对号码。"))
    if keep.pinyin != drop.pinyin:
        found.append(_("两份档案的姓名读音不同：请确认确系同一人。"))
    return found
