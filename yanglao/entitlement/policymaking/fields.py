"""The editor's form, made from the schema of the policy file: a new key of the language appears here by itself."""

from __future__ import annotations

import datetime as dt
import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from django.utils.translation import gettext as _
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from yanglao.entitlement.benefits.rules.form import PolicyForm
from yanglao.entitlement.policymaking.words import KINDS, label_of, option_of

ROWS = ("instalments/plan",)
APART = (
    "parameters",
    "eligibility",
    "cases",
    "caps",
    "shares",
    "uses",
    "floors",
)  # these have rows of their own
WIDE = ("amount", "when", "zh", "en", "source", "title", "name")
NAMED = ("values_on", "facts_on")  # and so have these, unless one day is said for all


@dataclass(frozen=True)
class Entry:
    """One value: `kind` is text number date choice lines flow (YAML in one line) or plain (in the text only)."""

    path: str
    label: str
    kind: str
    value: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    required: bool = False
    help: str = ""
    problem: str = ""
    blank: str = "—"  # what it means that nothing is chosen

    @property
    def id(self) -> str:
        return "f-" + self.path.replace("/", "-")

    @property
    def tall(self) -> bool:
        """An expression written over several lines, which a field of one line would run together."""
        return self.kind == "text" and "\n" in self.value.strip()

    @property
    def wide(self) -> bool:
        """Whether it takes a line of its own: expressions, names, and what would be cut off."""
        return self.kind == "lines" or self.path.rsplit("/", 1)[-1] in WIDE or len(self.value) > 20


@dataclass(frozen=True)
class Section:
    """Values that belong together, under the label of their key."""

    key: str
    label: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Dated:
    """One dated value of a parameter: its day, its figures by bracket, where it comes from."""

    path: str
    since: Entry
    figures: tuple[Entry | None, ...]
    source: Entry
    confidence: Entry


@dataclass(frozen=True)
class ParameterTable:
    """A parameter: a row per dated value, a column per bracket (one column without brackets)."""

    path: str
    name: str
    head: tuple[Entry, ...]
    columns: tuple[str, ...]
    rows: tuple[Dated, ...]
    bracketed: bool


@dataclass(frozen=True)
class ClauseRow:
    path: str
    number: int
    entries: tuple[Entry, ...]


def sections(data: Mapping[str, Any]) -> list[Section]:
    """Everything of a file but parameters, clauses and cases."""
    found = [Section("basics", str(label_of("basics")), tuple(_loose(data)))]
    for name, info in _fields(PolicyForm):
        model = _model(info.annotation)
        if name not in APART and model is not None:
            needed = info.is_required() or name in data
            entries = tuple(_entries(model, data.get(name), name, needed=needed))
            found.append(Section(name, label_of(name), entries))
    return found


def _loose(data: Mapping[str, Any]) -> Iterator[Entry]:
    for name, info in _fields(PolicyForm):
        apart = name in APART or (name in NAMED and not isinstance(data.get(name), str))
        if not apart and _model(info.annotation) is None:
            yield _entry(info, name, data.get(name))


def _fields(model: type[BaseModel]) -> list[tuple[str, FieldInfo]]:
    return [(info.alias or name, info) for name, info in model.model_fields.items()]


def _entries(model: type[BaseModel], data: Any, path: str, *, needed: bool = True) -> Iterator[Entry]:
    """`needed`: the part itself must be there, or is; what it must have is marked only then."""
    for name, info in _fields(model):
        inner = data.get(name) if isinstance(data, dict) else None
        below = _model(info.annotation)
        if below is not None and (inner is None or isinstance(inner, dict)) and path.count("/") < 3:
            within = needed and (info.is_required() or inner is not None)
            yield from _entries(below, inner, f"{path}/{name}", needed=within)
        elif f"{path}/{name}" not in ROWS:
            entry = _entry(info, f"{path}/{name}", inner)
            yield entry if needed else replace(entry, required=False)


def entries_of(model: type[BaseModel], data: Any, path: str) -> tuple[Entry, ...]:
    """The fields of one item of a list."""
    return tuple(_entries(model, data, path))


def fields_of(model: type[BaseModel]) -> list[tuple[str, FieldInfo]]:
    """(name in the file, field) of a model."""
    return _fields(model)


def entry_of(name: str, path: str, value: Any, info: FieldInfo | None = None) -> Entry:
    """The field of one value: of `info`, or of the values of the file's mapping `name`."""
    if info is not None:
        return _entry(info, path, value)
    inner = get_args(_bare(PolicyForm.model_fields[name].annotation))[-1]
    return _entry(FieldInfo(annotation=inner), path, value)


def _entry(info: FieldInfo, path: str, value: Any) -> Entry:
    kind, choices = _kind(info.annotation)
    if kind == "flow" and isinstance(value, list):
        return Entry(path, label_of(path), kind, f"[{', '.join(map(shown, value))}]")
    if isinstance(value, dict) or (isinstance(value, list) and kind != "lines"):
        kind = "plain"
    if isinstance(value, list) and any(isinstance(v, (dict, list)) for v in value):
        kind = "plain"
    if kind == "plain" and not isinstance(value, (dict, list)):
        kind = "text"
    options = tuple((c, option_of(path, c)) for c in choices)
    if kind == "choice" and value is not None and str(value) not in choices:
        options = (*options, (str(value), str(value)))
    blank = option_of(path, info.default) if isinstance(info.default, str) and info.default in choices else ""
    return Entry(
        path, label_of(path), kind, shown(value), options, info.is_required(), blank=_unsaid(blank) or "—"
    )


def _unsaid(words: str) -> str:
    return _("%(what)s（不写就是）") % {"what": words} if words else ""


def shown(value: Any) -> str:
    """A value as the form's field has it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "\n".join(shown(v) for v in value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k}: {shown(v)}" for k, v in value.items()) + "}"
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def _bare(annotation: Any) -> Any:
    """The type without Annotated and without None."""
    if get_origin(annotation) is Annotated:
        return _bare(get_args(annotation)[0])
    if get_origin(annotation) in (Union, types.UnionType):
        left = [a for a in get_args(annotation) if a is not type(None)]
        return _bare(left[0]) if len(left) == 1 else annotation
    return annotation


def _model(annotation: Any) -> type[BaseModel] | None:
    bare = _bare(annotation)
    return bare if isinstance(bare, type) and issubclass(bare, BaseModel) else None


def _kind(annotation: Any) -> tuple[str, tuple[str, ...]]:
    bare = _bare(annotation)
    if get_origin(bare) is Literal:
        return "choice", tuple(str(c) for c in get_args(bare))
    if get_origin(bare) is list:
        inner = _bare(get_args(bare)[0])
        if inner is int:
            return "flow", ()
        return ("lines" if inner is str or get_origin(inner) is Literal else "plain"), ()
    if bare is bool:
        return "choice", ("true", "false")
    if bare is dt.date:
        return "date", ()
    if bare in (int, Decimal, float):
        return "number", ()
    return ("text" if bare is str else "plain"), ()


def parameters(data: Mapping[str, Any]) -> list[ParameterTable]:
    found = data.get("parameters")
    if not isinstance(found, dict):
        return []
    return [_parameter(name, p) for name, p in found.items() if isinstance(p, dict)]


def _parameter(name: str, data: Mapping[str, Any]) -> ParameterTable:
    path = f"parameters/{name}"
    model = _inner_model("parameters")
    info = dict(_fields(model))
    found = data.get("label")
    label: Mapping[str, Any] = found if isinstance(found, dict) else {}
    head = (
        Entry(f"{path}/label/zh", label_of("label/zh"), "text", shown(label.get("zh")), required=True),
        Entry(f"{path}/label/en", label_of("label/en"), "text", shown(label.get("en")), required=True),
        _entry(info["unit"], f"{path}/unit", data.get("unit")),
        _entry(info["by"], f"{path}/by", data.get("by")),
    )
    values = [v for v in data.get("values") or [] if isinstance(v, dict)]
    columns = _columns(values)
    rows = tuple(_dated(f"{path}/values/{i}", v, columns) for i, v in enumerate(values))
    return ParameterTable(path, name, head, columns, rows, bracketed=columns != ("",))


def _inner_model(name: str) -> type[BaseModel]:
    """The model of the items of a list or of the values of a mapping."""
    bare = _bare(PolicyForm.model_fields[name].annotation)
    model = _model(get_args(bare)[-1])
    assert model is not None
    return model


def _leaves(table: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    if isinstance(table, dict):
        for key, inner in table.items():
            yield from _leaves(inner, (*path, str(key)))
    else:
        yield path


def _columns(values: list[Any]) -> tuple[str, ...]:
    """The brackets of all dated values, in the order of their numbers: 80, 90 or dibao/80."""
    if not any(isinstance(v.get("table"), dict) for v in values):
        return ("",)
    found = dict.fromkeys("/".join(p) for v in values for p in _leaves(v.get("table") or {}) if p)
    return tuple(sorted(found, key=_bracket_order))


def _bracket_order(column: str) -> list[tuple[int, int, str]]:
    return [(0, int(s), "") if s.isdigit() else (1 + (s == "*"), 0, s) for s in column.split("/")]


def _dated(path: str, value: Mapping[str, Any], columns: tuple[str, ...]) -> Dated:
    info = dict(_fields(_model_of_values()))
    return Dated(
        path,
        Entry(f"{path}/from", label_of("from"), "date", shown(value.get("from")), required=True),
        tuple(_figure(path, value, column) for column in columns),
        Entry(f"{path}/source", label_of("source"), "text", shown(value.get("source"))),
        _entry(info["confidence"], f"{path}/confidence", value.get("confidence")),
    )


def _model_of_values() -> type[BaseModel]:
    values = _inner_model("parameters").model_fields["values"].annotation
    model = _model(get_args(_bare(values))[0])
    assert model is not None
    return model


def _figure(path: str, value: Mapping[str, Any], column: str) -> Entry:
    if not column:
        return Entry(f"{path}/value", label_of("value"), "text", shown(value.get("value")))
    inner: Any = value.get("table") or {}
    for step in column.split("/"):
        inner = (
            inner.get(step, inner.get(int(step) if step.isdigit() else step))
            if isinstance(inner, dict)
            else None
        )
    return Entry(f"{path}/table/{column}", column, "text", shown(inner))


def clauses(data: Mapping[str, Any]) -> list[ClauseRow]:
    model = _inner_model("eligibility")
    found = data.get("eligibility")
    rows = found if isinstance(found, list) else []
    return [
        ClauseRow(f"eligibility/{i}", i + 1, tuple(_entries(model, row, f"eligibility/{i}")))
        for i, row in enumerate(rows)
        if isinstance(row, dict)
    ]


def is_text(entry: Entry) -> bool:
    """Whether what is typed stays text although it looks like a number: a document's number, not a figure."""
    figure = "/values/" in entry.path and not entry.path.endswith("/source")
    plain = "/facts/" in entry.path or (entry.path.startswith("shares/") and entry.path.endswith("/percent"))
    return entry.kind == "text" and not figure and not plain


def everything(data: Mapping[str, Any]) -> Iterator[Entry]:
    """Every field of the form."""
    for section in sections(data):
        yield from section.entries
    for table in parameters(data):
        yield from table.head
        for row in table.rows:
            yield row.since
            yield from (f for f in row.figures if f)
            yield row.source
            yield row.confidence
    for clause in clauses(data):
        yield from clause.entries


__all__ = ["KINDS", "ClauseRow", "Entry", "ParameterTable", "Section", "clauses", "everything", "parameters"]
