"""What the editor's page does with a text: apply what was changed in the form, check, and show both sides."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from yanglao.entitlement.benefits.rules.cases import CaseResult
from yanglao.entitlement.policymaking import adding, choosing, fields, fields_lists, offering, yaml_edit
from yanglao.entitlement.policymaking.checking import Checked, check
from yanglao.entitlement.policymaking.words import OPTIONS
from yanglao.entitlement.policymaking.yaml_edit import Unreadable

NEW_CLAUSE = "{id: %s, label: {zh: 新条件, en: New condition}, when: age >= 60}"  # i18n: data
NEW_PARAMETER = "新参数"  # i18n: data
FIELD, ORDER = "f:", "do"


def changed(text: str, posted: Mapping[str, str], trigger: str) -> str:
    """The text after what the page sent: the field that was changed last, or an order (add, remove, move).

    Every field is sent, and while the text is the one the form was drawn from, all that differ are applied:
    without scripts there is no other way, and with them an answer still on its way must not undo what was
    typed meanwhile. Raises Unreadable, ValidationError.
    """
    text = text.replace("\r\n", "\n")
    if posted.get("seen", "") == digest(text):
        text = _all_typed(text, posted, trigger)
    elif trigger.startswith(FIELD):
        text = _typed(text, trigger[len(FIELD) :], posted.get(trigger, ""))
    if order := posted.get(ORDER, ""):
        return _ordered(text, order, posted)
    return text


def digest(text: str) -> str:
    """Names a text, so that a page without scripts can tell whether it was edited."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _typed(text: str, path: str, typed: str) -> str:
    if path.startswith("parameters/") and path.endswith("/by"):
        return adding.keyed(text, yaml_edit.split(path), typed.split())
    entry = next((e for e in everything(yaml_edit.load(text)) if e.path == path), None)
    kind, as_text = (entry.kind, fields.is_text(entry)) if entry else ("", False)
    return yaml_edit.put(
        text, yaml_edit.split(path), typed, as_text=as_text, lines=kind == "lines", flow=kind == "flow"
    )


def everything(data: Mapping[str, Any]) -> Iterator[fields.Entry]:
    """Every field of the form."""
    yield from fields.everything(data)
    yield from fields_lists.everything(data)


def _all_typed(text: str, posted: Mapping[str, str], trigger: str) -> str:
    """Every field that differs. One that a browser cannot show, such as a day that is none, is sent empty: it stays."""
    before = {FIELD + e.path: e for e in everything(yaml_edit.load(text))}
    for name, sent in posted.items():
        entry, value = before.get(name), sent.replace("\r\n", "\n")
        if entry is None or _same(entry, value):
            continue
        if value or name == trigger or entry.kind not in ("date", "number"):
            text = _typed(text, entry.path, value)
    return text


def _same(entry: fields.Entry, value: str) -> bool:
    """Whether a field holds what the text says; one of a single line shows no line ends."""
    if entry.kind == "lines":
        return entry.value.strip() == value.strip()
    return "".join(entry.value.splitlines()).strip() == "".join(value.splitlines()).strip()


def _ordered(text: str, order: str, posted: Mapping[str, str]) -> str:
    what, _sep, path = order.partition(":")
    steps = yaml_edit.split(path)
    if what == "remove":
        return yaml_edit.remove(text, steps)
    if what in ("up", "down"):
        return yaml_edit.move(text, steps, -1 if what == "up" else 1)
    if what == "value":
        return yaml_edit.add_value(text, steps, timezone.localdate().replace(day=1))
    if what == "unbracket":
        return adding.unbracketed(text, steps)
    if what == "bracket":
        return _bracket(text, steps, posted.get(f"key:{path}", "").strip())
    if what == "item":
        return adding.item(text, path)
    if what == "named":
        return adding.named(text, path, posted.get(f"key:{path}", "").strip())
    if what == "clause":
        return yaml_edit.append(text, ("eligibility",), NEW_CLAUSE % _free_id(text))
    if what == "parameter":
        return _parameter(text, posted.get("key:parameter", "").strip())
    return text


def _bracket(text: str, steps: yaml_edit.Path, key: str) -> str:
    if not key:
        raise ValidationError(_("请先写新档的起点（例如 85）或取值（例如 dibao）。"))
    return yaml_edit.add_bracket(text, steps, yaml_edit.split(key))


def _parameter(text: str, name: str) -> str:
    if not name.isidentifier() or name != name.lower() or not name.isascii():
        raise ValidationError(_("参数的名称用小写字母、数字和下划线，例如 meal_rate。"))
    data = yaml_edit.load(text)
    since = yaml_edit.at(data, ("effective", "from")) or timezone.localdate().replace(day=1)
    parameters = yaml_edit.at(data, ("parameters",))
    if parameters is not None and name in parameters:
        raise ValidationError(_("已有参数“%(name)s”。") % {"name": name})
    for path, value in (
        ("label/zh", NEW_PARAMETER),
        ("label/en", "New parameter"),
        ("unit", "yuan"),
    ):
        text = yaml_edit.put(text, ("parameters", name, *path.split("/")), value)
    return yaml_edit.append(text, ("parameters", name, "values"), f"{{from: {since}, value: 0}}")


def _free_id(text: str) -> str:
    taken = {str(c.get("id")) for c in yaml_edit.load(text).get("eligibility") or [] if isinstance(c, dict)}
    return next(f"new_{n}" for n in range(1, 1000) if f"new_{n}" not in taken)


@dataclass(frozen=True)
class Shown:
    """Both sides of the editor: the text with its problems, and the form (None while the text is no YAML)."""

    text: str
    checked: Checked
    form: Mapping[str, Any] | None
    refused: str = ""

    @property
    def seen(self) -> str:
        return digest(self.text)

    @property
    def lines(self) -> list[tuple[int, str]]:
        """(line, what is wrong there) for the marks beside the text."""
        return [(p.line, f"{p.what}。{p.how}") for p in self.checked.problems]


def show(name: str, text: str, others: Mapping[str, str], refused: str = "") -> Shown:
    checked = check(name, text, others)
    try:
        data = yaml_edit.load(text)
    except Unreadable:
        return Shown(text, checked, None, refused)
    form = {
        "sections": offering.offered(data),
        "parameters": offering.tables(data),
        "clauses": fields.clauses(data),
        "lists": fields_lists.lists(data),
        "mappings": fields_lists.mappings(data),
        "cases": _beside(fields_lists.cases(data), checked),
        "choosing": choosing.groups(data),
        "column_names": {k: str(v) for k, v in OPTIONS.items()},
    }
    return Shown(text, checked, form, refused)


def _beside(
    rows: list[fields_lists.CaseRows], checked: Checked
) -> list[tuple[fields_lists.CaseRows, CaseResult | None]]:
    """Each example with what was worked out for it, while the text is right."""
    found = list(checked.cases) if len(checked.cases) == len(rows) else []
    return [(row, found[i] if found else None) for i, row in enumerate(rows)]
