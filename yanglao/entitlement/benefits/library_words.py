"""Policy files in the words and tables of a page: a parameter is a grid, a case is a line with its result."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from yanglao.entitlement.benefits import library
from yanglao.entitlement.benefits.rules.cases import CaseResult
from yanglao.registers.people.kinds import kinds

Raw = Mapping[str, Any]
TEXT_KINDS = ("economic", "ability", "living", "hukou_type", "special_family", "ltci", "dementia", "children")


@dataclass(frozen=True)
class Grid:
    """A parameter as a table: `heads` over the columns, each row its label and its figures."""

    label: str
    since: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]
    sources: tuple[str, ...]


@dataclass(frozen=True)
class ToldCase:
    name: str
    origin: str
    facts: tuple[str, ...]
    months: str
    expected: str
    computed: str
    right: bool
    note: str


def said(words: tuple[str, str]) -> str:
    """The text in the reader's language."""
    return words[1] if (get_language() or "").startswith("en") else words[0]


def grids(raw: Raw) -> list[Grid]:
    """The parameters of a file: single figures in one grid, tables of one key by date, others one per date."""
    parameters: Mapping[str, Raw] = raw.get("parameters", {})
    single = [p for p in parameters.values() if not p.get("by")]
    found = [_singles(single)] if single else []
    for parameter in parameters.values():
        keys = library.keys_of(parameter)
        if len(keys) == 1:
            found.append(_by_date(parameter, keys[0]))
        elif keys:
            found += [_crossed(parameter, value, keys) for value in parameter["values"]]
    return found


def _label(thing: Raw) -> str:
    return said((thing["label"]["zh"], thing["label"]["en"]))


def _since(value: Raw) -> str:
    return _("自 %(day)s") % {"day": value["from"]}


def _sources(values: Sequence[Raw]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(s for v in values if (s := _source(v))))


def _source(value: Raw) -> str:
    sure = library.CONFIDENCE[value["confidence"]] if value.get("confidence") else None
    parts = [value.get("source", ""), value.get("note", ""), said(sure) if sure else ""]
    text = _("；").join(p for p in parts if p)
    return f"{_since(value)}{_('：')}{text}" if text else ""


def _singles(parameters: Sequence[Raw]) -> Grid:
    rows = [
        (_label(p), (_since(v), figure(v["value"], p["unit"]), _source(v).partition(_("："))[2]))
        for p in parameters
        for v in p["values"]
    ]
    return Grid(_("单个的数"), "", (_("起"), _("标准"), _("出处")), tuple(rows), ())


def _by_date(parameter: Raw, kind: str) -> Grid:
    values = parameter["values"]
    keys = list(dict.fromkeys(str(k) for v in values for k in v["table"]))
    keys.sort(key=lambda k: (0, int(k)) if k.isdigit() else (1, 0))
    tables = [{str(k): x for k, x in v["table"].items()} for v in values]
    rows = tuple(
        (key_label(k, kind), tuple(figure(t.get(k), parameter["unit"]) for t in tables)) for k in keys
    )
    return Grid(_label(parameter), "", tuple(_since(v) for v in values), rows, _sources(values))


def _crossed(parameter: Raw, value: Raw, kinds_: Sequence[str]) -> Grid:
    paths = dict(_paths(value["table"]))
    columns = list(dict.fromkeys(path[-1] for path in paths))
    rows = []
    for head in dict.fromkeys(path[:-1] for path in paths):
        label = " · ".join(key_label(k, kind) for k, kind in zip(head, kinds_, strict=False))
        cells = (figure(paths.get((*head, c)), parameter["unit"]) for c in columns)
        rows.append((label, tuple(cells)))
    heads = tuple(key_label(c, kinds_[-1]) for c in columns)
    return Grid(_label(parameter), _since(value), heads, tuple(rows), _sources([value]))


def _paths(table: Mapping[Any, Any], path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from _paths(value, (*path, str(key)))
        else:
            yield (*path, str(key)), value


def key_label(key: str, kind: str) -> str:
    """A key of a table: 80 of ages is 80岁起, dibao is 低保, a code is its division."""
    if key == "*":
        return _("其他")
    if kind == "age":
        return _("%(n)s 岁起") % {"n": key}
    if kind == "division":
        return library.place(int(key))
    if kind == "bool":
        return _("是") if key.lower() == "true" else _("否")
    return word(key) if kind == "text" else _("%(n)s 起") % {"n": key}


def word(value: str) -> str:
    """A value of the registers in words, where one of the kinds a policy asks for knows it."""
    known = kinds()
    for name in TEXT_KINDS:
        if name in known and value in known[name].values:
            return str(known[name].name_of(value))
    return value


def figure(value: Any, unit: str) -> str:
    """A figure with its unit; a dash where the table says nothing."""
    if value is None:
        return "—"
    text = f"{Decimal(str(value)):,}" if isinstance(value, int | float | Decimal) else str(value)
    units = {"yuan": _("%(n)s 元"), "percent": "%(n)s%%", "years": _("%(n)s 岁"), "days": _("%(n)s 天")}
    return units.get(unit, "%(n)s") % {"n": text}


ORIGINS = {
    "published": gettext_lazy("公布的例子"),
    "reported": gettext_lazy("报道的数"),
    "derived": gettext_lazy("由规定推出"),
    "design": gettext_lazy("自拟的例子"),
}


def case_told(result: CaseResult) -> ToldCase:
    """A case with what was expected and what comes out."""
    case = result.case
    first, last = case.months
    people = [(1, case.facts)] if not case.population else [(g.count, g.facts) for g in case.population]
    counted = bool(case.population)
    return ToldCase(
        name=case.name,
        origin=str(ORIGINS[case.origin]),
        facts=tuple(_group(n, facts, counted) for n, facts in people),
        months=str(first) if first == last else f"{first} — {last}",
        expected=_sum(result.expected, result.expected_total),
        computed=_sum(result.computed if result.expected else None, sum(result.computed)),
        right=result.right,
        note=case.note,
    )


def _sum(monthly: tuple[int, ...] | None, total: int) -> str:
    """The months one by one where there are few, else the total."""
    if monthly and len(monthly) <= 6:
        return " ".join(f"{fen / 100:,g}" if fen % 100 else f"{fen // 100:,}" for fen in monthly)
    return f"{total / 100:,.2f}"


def _group(count: int, facts: Raw, counted: bool) -> str:
    text = _("，").join(f"{_fact_label(name)} {_fact_value(value)}" for name, value in facts.items())
    return _("%(n)s 个：%(facts)s") % {"n": f"{count:,}", "facts": text} if counted else text


def _fact_label(name: str) -> str:
    for subject in library.schema().subjects.values():
        if name in subject.facts:
            fact = subject.facts[name][1]
            return said((fact.label, fact.label_en or fact.label))
    return name


def _fact_value(value: Any) -> str:
    if isinstance(value, list):
        return " → ".join(_fact_value(spell["value"]) for spell in value)
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, int) and value > 10**11:
        return library.place(value)
    return (
        word(value)
        if isinstance(value, str)
        else value.isoformat()
        if isinstance(value, date)
        else str(value)
    )
