"""The parts of a policy file that are lists or mappings, as rows of form fields: caps, shares, floors, cases …"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from pydantic import BaseModel

from yanglao.entitlement.benefits.offered.queries import schema
from yanglao.entitlement.benefits.rules.form import CapForm, CaseForm, GroupForm, InstalmentForm, ShareForm
from yanglao.entitlement.benefits.rules.schema import Fact, Subject, Type
from yanglao.entitlement.policymaking.choosing import declared
from yanglao.entitlement.policymaking.fields import Entry, entries_of, entry_of, fields_of, shown
from yanglao.entitlement.policymaking.words import label_of

MODELS: Mapping[str, type[BaseModel]] = {
    "caps": CapForm,
    "shares": ShareForm,
    "instalments/plan": InstalmentForm,
}
MAPPINGS = ("uses", "floors", "values_on", "facts_on")
_IN_CASE = ("name", "origin", "months", "note")


@dataclass(frozen=True)
class Item:
    """One row: `path` names it, so that it can be taken out."""

    path: str
    number: int
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Rows:
    """A list of the file: `adds` is the order that puts one more in it; `names` (a mapping) asks for a key first."""

    path: str
    label: str
    help: str
    items: tuple[Item, ...]
    keyed: bool = False
    names: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class CaseRows:
    """A worked example: its head, the facts (of one, or of groups), what must come out."""

    path: str
    number: int
    head: tuple[Entry, ...]
    facts: tuple[Rows, ...]
    expect: tuple[Entry, ...]


def lists(data: Mapping[str, Any]) -> list[Rows]:
    """Caps, shares and, of a sum in parts, its plan."""
    helps = {
        "caps": _(
            "从上到下依次检查，超过的不发。限金额的写限额，限次数的写最多几次，只写一样；写参数名、数或算式。"
        ),
        "shares": _("每级一行写百分比，最后一级不写，承担其余。"),
        "instalments/plan": _("从起算日起第几个月发百分之几，合计 100。"),
    }
    found = []
    for path, model in MODELS.items():
        rows = _at(data, path)
        if path.startswith("instalments") and not isinstance(data.get("instalments"), dict):
            continue
        items = tuple(
            Item(
                f"{path}/{i}", i + 1, tuple(_offered(e, data) for e in entries_of(model, row, f"{path}/{i}"))
            )
            for i, row in enumerate(rows if isinstance(rows, list) else [])
            if isinstance(row, dict)
        )
        found.append(Rows(path, label_of(path), helps[path], items))
    return found


def mappings(data: Mapping[str, Any]) -> list[Rows]:
    """What names its entries: floors, shared standards, on which day figures and facts are looked at."""
    helps = {
        "uses": _("本政策里的名称 = 标准文件.参数，例如 dibao = ningbo-dibao.monthly。"),
        "floors": _("本政策的参数 = 不得低于的标准（标准文件.参数）。"),
        "values_on": _("default 是一般的日子，某个参数另有规定的写它的名称。"),
        "facts_on": _("default 是一般的日子，某个事实另有规定的写它的名称。"),
    }
    return [_mapping(path, data, helps[path]) for path in MAPPINGS if not isinstance(data.get(path), str)]


def _mapping(path: str, data: Mapping[str, Any], help: str) -> Rows:
    found = data.get(path)
    given: Mapping[str, Any] = found if isinstance(found, dict) else {}
    items = tuple(
        Item(f"{path}/{name}", i + 1, (_named(path, str(name), value),))
        for i, (name, value) in enumerate(given.items())
    )
    return Rows(path, label_of(path), help, items, keyed=True, names=tuple(_names(path, data, given)))


def _named(path: str, name: str, value: Any) -> Entry:
    entry = entry_of(path, f"{path}/{name}", value)
    return replace(entry, label=name)


def _names(path: str, data: Mapping[str, Any], given: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What may be named next; nothing when any name will do."""
    if path in ("floors", "values_on"):
        own = data.get("parameters")
        parameters: Mapping[str, Any] = own if isinstance(own, dict) else {}
        for name, parameter in parameters.items():
            label = parameter.get("label", {}).get("zh", "") if isinstance(parameter, dict) else ""
            if name not in given:
                yield str(name), f"{name} {label}"
    if path == "facts_on":
        yield from (pair for pair in facts_of(data) if pair[0] not in given)
    if path in ("values_on", "facts_on") and "default" not in given:
        yield "default", "default"


def _offered(entry: Entry, data: Mapping[str, Any]) -> Entry:
    """A cap names whose total it is, and the day that comes first, out of the facts there are."""
    if entry.path.endswith("/per"):
        own = [("subject", _("每个对象各算各的")), ("policy", _("全部合计（预算）"))]
        return choice(entry, [*own, *facts_of(data)])
    if entry.path.endswith("/and"):
        return choice(entry, facts_of(data))
    if entry.path.endswith("/order"):
        return choice(entry, facts_of(data, Type.DATE))
    return entry


def choice(entry: Entry, choices: Sequence[tuple[str, str]]) -> Entry:
    """The entry as a list to choose from; what the file says stays among them."""
    known = {value for value, _words in choices}
    extra = [(entry.value, entry.value)] if entry.value and entry.value not in known else []
    return replace(entry, kind="choice", choices=(*choices, *extra))


def subject_of(data: Mapping[str, Any]) -> Subject | None:
    """The kind of subject the file is about."""
    return schema().subjects.get(str(data.get("subject") or "person"))


def facts_of(data: Mapping[str, Any], type_: Type | None = None) -> list[tuple[str, str]]:
    """(name, label) of the facts of the file's subject."""
    subject = subject_of(data)
    if subject is None:
        return []
    return [
        (name, f"{english(fact)}（{name}）")
        for name, (_view, fact) in subject.facts.items()
        if type_ is None or fact.type is type_
    ]


def english(fact: Fact | Subject) -> str:
    """Its words, in English for those who read English."""
    return fact.label_en if (get_language() or "").startswith("en") and fact.label_en else fact.label


def cases(data: Mapping[str, Any]) -> list[CaseRows]:
    """Every worked example."""
    found = data.get("cases")
    rows = found if isinstance(found, list) else []
    return [_case(i, row, data) for i, row in enumerate(rows) if isinstance(row, dict)]


def _case(index: int, row: Mapping[str, Any], data: Mapping[str, Any]) -> CaseRows:
    path, known = f"cases/{index}", dict(fields_of(CaseForm))
    head = tuple(entry_of(name, f"{path}/{name}", row.get(name), known[name]) for name in _IN_CASE)
    head = tuple(replace(e, kind="text") if e.path.endswith("/months") else e for e in head)
    return CaseRows(path, index + 1, head, tuple(_facts(path, row, data)), tuple(_expected(path, row)))


def _facts(path: str, row: Mapping[str, Any], data: Mapping[str, Any]) -> Iterator[Rows]:
    population = row.get("population")
    if not isinstance(population, list):
        yield _fact_rows(f"{path}/facts", row.get("facts"), data, label_of("facts"), ())
        return
    for i, group in enumerate(population):
        if isinstance(group, dict):
            at = f"{path}/population/{i}"
            count = entry_of("count", f"{at}/count", group.get("count"), dict(fields_of(GroupForm))["count"])
            label = _("第 %(n)s 组") % {"n": i + 1}
            yield _fact_rows(f"{at}/facts", group.get("facts"), data, label, (count,))


def _fact_rows(path: str, found: Any, data: Mapping[str, Any], label: str, first: tuple[Entry, ...]) -> Rows:
    facts: Mapping[str, Any] = found if isinstance(found, dict) else {}
    subject = subject_of(data)
    entries = [_fact(f"{path}/{name}", str(name), value, subject) for name, value in facts.items()]
    items = tuple(Item(e.path, i + 1, (e,)) for i, e in enumerate((*first, *entries)))
    names = tuple(pair for pair in facts_of(data) if pair[0] not in facts)
    return Rows(path, label, "", items, keyed=True, names=names)


def _fact(path: str, name: str, value: Any, subject: Subject | None) -> Entry:
    """A fact of an example by its type; one that changes is written as spells: [{value: …, from: …}]."""
    known = subject.facts.get(name) if subject else None
    label = english(known[1]) if known else name
    if isinstance(value, (dict, list)):
        return Entry(path, label, "flow", flow(value))
    if known and known[1].type is Type.BOOL:
        truths = (("true", _("是")), ("false", _("否")))
        return Entry(path, label, "choice", shown(value), truths)
    known_values = tuple(declared(name)) if known and known[1].type is Type.TEXT else ()
    if known_values and value is not None:
        others = () if str(value) in dict(known_values) else ((str(value), str(value)),)
        return Entry(path, label, "choice", shown(value), (*known_values, *others))
    is_day = known is not None and known[1].type is Type.DATE and isinstance(value, dt.date)
    return Entry(path, label, "date" if is_day else "text", shown(value))


def _expected(path: str, row: Mapping[str, Any]) -> Iterator[Entry]:
    found = row.get("expect")
    expect: Mapping[str, Any] = found if isinstance(found, dict) else {}
    yield Entry(f"{path}/expect/total", label_of("expect/total"), "number", shown(expect.get("total")))
    for name in ("monthly", "months"):
        if name in expect:
            label = label_of(f"expect/{name}")
            yield Entry(f"{path}/expect/{name}", label, "flow", flow(expect[name]))


def flow(value: Any) -> str:
    """A value as YAML writes it in one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k}: {flow(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(flow(v) for v in value) + "]"
    return shown(value)


def _at(data: Mapping[str, Any], path: str) -> Any:
    found: Any = data
    for step in path.split("/"):
        found = found.get(step) if isinstance(found, dict) else None
    return found


def everything(data: Mapping[str, Any]) -> Iterator[Entry]:
    """Every field of these parts."""
    for rows in (*lists(data), *mappings(data)):
        for item in rows.items:
            yield from item.entries
    for case in cases(data):
        yield from case.head
        yield from case.expect
        for rows in case.facts:
            for item in rows.items:
                yield from item.entries
