"""Corrections in the words of a page: causes, facts and where they came from, the arithmetic month by month."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.entitlement.benefits.offered.queries import book_of, month_text, title_of
from yanglao.entitlement.corrections import queries
from yanglao.entitlement.corrections.models import Correction
from yanglao.kernel.divisions.queries import full_name
from yanglao.kernel.scope import Level
from yanglao.registers.people.queries import kinds
from yanglao.shell.templatetags.shell import day, moment, source, yuan

STATE_TONES = {
    "proposed": "warn",
    "held": "info",
    "asked": "warn",
    "booked": "good",
    "waived": "dull",
    "replaced": "dull",
}


def titles(division: int) -> dict[str, str]:
    """policy id → its title, in the user's language."""
    return {p.id: title_of(p) for p in book_of(division).policies}


@dataclass(frozen=True)
class Ground:
    """A fact that speaks for a difference: 死亡：殡葬火化（2026-08-20 起）, when it came and from where."""

    what: str
    when: str
    came: str
    source: str
    was: str


def grounds(correction: Correction) -> list[Ground]:
    """The facts a correction stands on."""
    return [_ground(fact) for fact in correction.facts]


def _ground(fact: Mapping[str, Any]) -> Ground:
    kind = kinds().get(fact["kind"])
    value = _value(fact["kind"], fact["value"])
    what = _("%(kind)s：%(value)s") % {"kind": kind or fact["kind"], "value": value}
    if fact["ended"]:
        what = _("撤销 %(what)s") % {"what": what}
    since = day(dt.date.fromisoformat(fact["valid_from"]))
    when = _("自 %(day)s") % {"day": since}
    if fact["valid_to"]:
        when = _("%(first)s 至 %(last)s（不含）") % {
            "first": since,
            "last": day(dt.date.fromisoformat(fact["valid_to"])),
        }
    came = moment(dt.datetime.fromisoformat(fact["came"]))
    was = _value(fact["kind"], fact["instead"]) if fact["instead"] else ""
    return Ground(what, when, came, source(fact["source"]), was)


def _value(kind: str, value: str) -> str:
    known = kinds().get(kind)
    if known is None:
        return value
    if value.isdigit() and len(value) == 12:
        return full_name(int(value))
    return str(known.name_of(value))


@dataclass(frozen=True)
class MonthRow:
    """One month of a policy: what was due, paid, corrected before, and what is left."""

    correction: Correction
    month: str
    policy: str
    tone: str
    runs: tuple[Any, ...]
    sums: tuple[
        str, str, str, str
    ]  # due, granted, corrected before, difference: yuan, or what is given in kind
    bearer: str  # whose account it is on


def _sums(c: Correction) -> tuple[str, str, str, str]:
    if c.unit:
        amounts = (c.due_quantity, c.granted_quantity, c.corrected_quantity, c.quantity)
        first, second, third, last = (str(_IN_KIND[c.unit]) % {"n": f"{n / 100:g}"} for n in amounts)
        return first, second, third, _signed(last, c.quantity)
    due, granted, corrected = (yuan(n) for n in (c.due_fen, c.granted_fen, c.corrected_fen))
    return due, granted, corrected, _signed(yuan(c.amount_fen), c.amount_fen)


def _signed(text: str, amount: int) -> str:
    return f"+{text}" if amount > 0 else text.replace("-", "−", 1)


_IN_KIND = {
    "hours": gettext_lazy("%(n)s 小时"),
    "times": gettext_lazy("%(n)s 次"),
    "meals": gettext_lazy("%(n)s 餐"),
    "days": gettext_lazy("%(n)s 天"),
}


def month_rows(corrections: Iterable[Correction], names: Mapping[str, str]) -> list[MonthRow]:
    """The months of one subject, with the lines by which they were granted."""
    return [
        MonthRow(
            c,
            month_text(c.month),
            names.get(c.policy, c.policy),
            STATE_TONES[c.state],
            tuple(queries.grants_of(c)),
            _sums(c),
            full_name(c.account, below=Level.PROVINCE) if c.account else "",
        )
        for c in corrections
    ]
