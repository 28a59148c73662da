"""Facts in words, for pages and workbooks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from yanglao.registers.places.kinds import FACT_GROUPS, FactKind, facts
from yanglao.registers.places.models.facts import Said
from yanglao.registers.places.rules import urgency
from yanglao.shell.templatetags.shell import figure, yuan

TONES = {"over": "bad", "near": "warn", "soon": "info"}


def amount_text(kind: FactKind, amount: int | None) -> str:
    """A number with its unit: 120 张, 3,456.5 m², 12.00 元."""
    if amount is None:
        return "—"
    if kind.form == "money":
        return f"{yuan(amount)} {_('元')}"
    plain = figure(amount) if kind.form == "number" else f"{amount / 100:,.2f}".rstrip("0").rstrip(".")
    return f"{plain} {_(kind.unit) if kind.unit else ''}".strip()


def contents_text(row: Said) -> str:
    """What a fact says, in words."""
    kind = facts().get(row.kind)
    if kind is None:
        return row.value
    if kind.is_amount:
        return amount_text(kind, row.amount)
    if kind.form == "list":
        return kind.name_of(row.value)
    return row.value if kind.form == "text" else row.number or _("有")


@dataclass(frozen=True)
class Line:
    """A fact as a page shows it."""

    row: Any
    kind: str
    label: str
    text: str
    paper: str
    urgency: str
    licensed: bool

    @property
    def tone(self) -> str:
        return TONES.get(self.urgency, "")


def line(row: Said, day: dt.date) -> Line:
    kind = facts().get(row.kind)
    shown = row.number if kind is not None and kind.form != "document" else ""
    insured = _("投保%(n)s人") % {"n": row.insured} if row.insured else ""
    paper = " · ".join(filter(None, [shown, row.issuer, insured]))
    return Line(
        row,
        row.kind,
        row.kind_name,
        contents_text(row),
        paper,
        urgency(row.expires_on, day),
        kind is not None and kind.licensed,
    )


def by_group(rows: Iterable[Said], day: dt.date) -> list[tuple[Any, list[Line]]]:
    """Facts under the headings of their groups, in the order of the file."""
    order = {name: i for i, name in enumerate(facts())}
    groups = list(FACT_GROUPS)
    known = sorted(
        (r for r in rows if r.kind in order),
        key=lambda r: (groups.index(facts()[r.kind].group), order[r.kind], r.valid_from),
    )
    return [
        (FACT_GROUPS[name], [line(r, day) for r in found])
        for name, found in groupby(known, key=lambda r: facts()[r.kind].group)
    ]


def merged(groups: list[tuple[Any, list[Line]]]) -> list[tuple[Any, list[Line]]]:
    """The same with several values of a kind in one line, for who only reads."""
    return [
        (label, [_joined(list(same)) for _kind, same in groupby(lines, key=lambda one: one.kind)])
        for label, lines in groups
    ]


def _joined(lines: list[Line]) -> Line:
    return replace(lines[0], text=_("、").join(one.text for one in lines))
