"""A policy as its file says it: figures by date, tables, and the rest left as it is written."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import Any

from yanglao.kernel.packs.reading import parse

from ..rules.schema import Schema, Subject
from .amounts import Amount, Unsupported
from .days import moment, month_of

Written = Mapping[str, Any]
SILENT = {"kind", "title", "document", "notes", "cases", "floors"}  # pay nobody
KNOWN = SILENT | {
    "id", "division", "effective", "subject", "uses", "parameters", "start", "stop", "verification", "values_on",
    "facts_on", "eligibility", "amount", "gives", "rounding", "instalments", "caps", "payer", "payee", "shares",
    "stacking", "payment",
}  # fmt: skip
INSIDE = {
    "effective": {"from", "to"},
    "start": {"age", "application"},
    "stop": {"death"},
    "verification": {"fact", "every_months", "windows", "back_pay", "never"},
    "rounding": {"to", "how"},
    "instalments": {"from", "plan"},
    "payer": {"fact", "level"},
    "payee": {"kind", "fact"},
    "stacking": {"group", "rule", "excluded_by", "reduced_by", "overrides"},
    "payment": {"rhythm", "timing", "first_month", "once", "channel"},
}
AGE_ON = {
    "birthday_month": "month_end",
    "month_after": "previous_month_end",
    "first_day": "month_start",
    "half_month": "month_middle",
}
UNITS = {"yuan": "yuan", "quantity": "quantity", "percent": "percent"}
WHOLE = {"years", "count", "days", "months"}
STEPPED = {"age", "int", "yuan", "date"}


class Paper:
    """One policy file. Raises Unsupported for anything in it that is not known here."""

    def __init__(
        self, written: Written, schema: Schema, standards: Mapping[str, Written] | None = None
    ) -> None:
        self.written = written
        _only(written, KNOWN, "the file")
        for key, allowed in INSIDE.items():
            _only(self.part(key), allowed, key)
        self.id = str(written["id"])
        self.division = int(written["division"])
        self.kind: Subject = schema.subjects[written.get("subject", "person")]
        self.parameters = {name: Parameter(name, p) for name, p in self.part("parameters").items()}
        for name, reference in self.part("uses").items():
            file, _dot, wanted = reference.partition(".")
            self.parameters[name] = Parameter(name, (standards or {})[file]["parameters"][wanted])

    def part(self, key: str) -> Written:
        return self.written.get(key) or {}

    @cached_property
    def values_on(self) -> Written:
        days = self.written.get("values_on") or {}
        return {"default": "month_end", **({"default": days} if isinstance(days, str) else days)}

    @cached_property
    def facts_on(self) -> Written:
        return {"default": "month_end", **self.part("facts_on")}

    @cached_property
    def age_on(self) -> str:
        return AGE_ON[self.part("start").get("age", "birthday_month")]

    def fact_day(self, name: str, month: int) -> date:
        return moment(self.facts_on.get(name, self.facts_on["default"]), month)

    def figure_day(self, name: str, month: int) -> date:
        return moment(self.values_on.get(name, self.values_on["default"]), month)

    def in_force(self, month: int) -> bool:
        return self.holds(self.written["effective"], month)

    def holds(self, dates: Written, month: int) -> bool:
        """Whether a rule `from` … `to` holds in a month, by the day the policy counts by."""
        day = moment(self.values_on["default"], month)
        since, until = dates.get("from"), dates.get("to")
        return (since is None or since <= day) and (until is None or day <= until)

    @cached_property
    def stacking(self) -> Written:
        return {"group": "", "rule": "add", "excluded_by": [], "reduced_by": [], "overrides": []} | dict(
            self.part("stacking")
        )

    @cached_property
    def payment(self) -> Written:
        return {"rhythm": "monthly", "timing": "current", "first_month": 1} | dict(self.part("payment"))


class Parameter:
    """Figures that change on certain days: single ones, or tables."""

    def __init__(self, name: str, written: Written) -> None:
        self.name, self.unit = name, str(written["unit"])
        by = written.get("by") or []
        self.by: list[str] = [by] if isinstance(by, str) else list(by)
        self.values = [
            (v["from"], self.table(v["table"]) if self.by else self.figure(v["value"]))
            for v in written["values"]
        ]

    def on(self, day: date) -> Any:
        """The last value that began on or before the day. Raises LookupError before the first."""
        begun = [value for since, value in self.values if since <= day]
        if not begun:
            raise LookupError(f"{self.name} has no value on {day}")
        return begun[-1]

    def figure(self, written: Any) -> Any:
        if self.unit in WHOLE:
            return int(written)
        if self.unit == "date":
            return written
        exact = Fraction(str(written)) / (100 if self.unit == "percent" else 1)
        return Amount(exact, UNITS[self.unit])

    @cached_property
    def nothing(self) -> Any:
        return self.figure(0)

    def table(self, written: Written, depth: int = 0) -> dict[Any, Any]:
        last = depth == len(self.by) - 1
        return {
            _key(key, self.by[depth]): self.figure(value) if last else self.table(value, depth + 1)
            for key, value in written.items()
        }

    def found(self, day: date, keys: list[Any]) -> tuple[tuple[Any, ...] | None, Any]:
        """The path of keys through the table and the figure at its end; None and nothing where it says nothing."""
        here: Any = self.on(day)
        path: tuple[Any, ...] = ()
        for kind, wanted in zip(self.by, keys, strict=True):
            key = _step(here, wanted) if kind in STEPPED else _entry(here, wanted, kind)
            if key is None:
                return None, self.nothing
            path, here = (*path, key), here[key]
        return path, here


def _key(written: Any, kind: str) -> Any:
    if str(written) == "*":
        return "*"
    if kind in {"age", "int", "division"}:
        return int(written)
    if kind == "yuan":
        return Fraction(str(written))
    if kind == "date":
        return written if isinstance(written, date) else date.fromisoformat(str(written))
    if kind == "bool":
        return written if isinstance(written, bool) else {"true": True, "false": False}[str(written)]
    return str(written)


def _step(table: Mapping[Any, Any], wanted: Any) -> Any:
    """The highest step that is reached."""
    reached = [key for key in table if wanted is not None and key <= wanted]
    return max(reached) if reached else None


def _entry(table: Mapping[Any, Any], wanted: Any, kind: str) -> Any:
    """Its own entry, of divisions the narrowest around it, or what holds for all others."""
    if kind == "division":
        around = [k for k in table if k != "*" and wanted is not None and lies_in(wanted, k)]
        wanted = max(around, key=lambda k: len(prefix(k)), default=None)
    for key in (wanted, "*"):
        if key in table:
            return key
    return None


def prefix(division: int) -> str:
    """The digits that name a division: 33 a province, 3302 a city, 330203 a county, then 9 and 12."""
    digits = f"{division:012d}"
    return next(digits[:n] for n in (2, 4, 6, 9, 12) if not digits[n:].strip("0"))


def lies_in(place: int, division: int) -> bool:
    return f"{place:012d}".startswith(prefix(division))


def _only(written: Written, allowed: set[str], where: str) -> None:
    strange = set(written) - allowed
    if strange:
        raise Unsupported(f"{', '.join(sorted(map(str, strange)))} in {where}")


def read(texts: Mapping[str, str], schema: Schema) -> list[Paper]:
    """The policies of some files, with the figures they share."""
    written = [parse(text.encode(), name).data for name, text in sorted(texts.items())]
    standards = {w["id"]: w for w in written if w.get("kind") == "standard"}
    return [Paper(w, schema, standards) for w in written if w.get("kind") != "standard"]


def month_numbers(dates: Written) -> list[int]:
    return [month_of(day) for day in (dates.get("from"), dates.get("to")) if day]
