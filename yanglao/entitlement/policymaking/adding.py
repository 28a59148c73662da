# i18n: data — what a new item of a policy file begins with
"""One more cap, share, part, example or named entry: what it begins with, so that the file stays readable."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, get_args

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from yanglao.entitlement.benefits.rules.policy import Level
from yanglao.entitlement.benefits.rules.schema import Type
from yanglao.entitlement.policymaking import yaml_edit
from yanglao.entitlement.policymaking.fields import shown
from yanglao.entitlement.policymaking.fields_lists import subject_of

DAYS = ("values_on", "facts_on")
FIRST_KEYS = {
    # the brackets a table begins with: everybody's
    "age": ("0",),
    "int": ("0",),
    "yuan": ("0",),
    "date": ("1900-01-01",),
    "text": ("*",),
    "bool": ("true", "false"),
    "division": ("*",),
}


def item(text: str, path: str) -> str:
    """The text with one more item in the list `path`."""
    steps = yaml_edit.split(path)
    data = yaml_edit.load(text)
    if path == "caps":
        return _cap(text, data)
    if path == "shares":
        return _share(text, data)
    if path == "cases":
        return _case(text, data)
    return yaml_edit.append(text, steps, "{after_months: 0, percent: 100}")


def _cap(text: str, data: Any) -> str:
    """Its limit is the first sum among the parameters, else one of its own: a figure stands nowhere but there."""
    found = data.get("parameters")
    sums = [
        str(name)
        for name, parameter in (found if isinstance(found, dict) else {}).items()
        if isinstance(parameter, dict) and parameter.get("unit") == "yuan" and not parameter.get("by")
    ]
    if not sums:
        since = yaml_edit.at(data, ("effective", "from")) or timezone.localdate().replace(day=1)
        at = ("parameters", "cap_limit")
        for path, value in (("label/zh", "限额"), ("label/en", "Limit"), ("unit", "yuan")):
            text = yaml_edit.put(text, (*at, *path.split("/")), value)
        text = yaml_edit.append(text, (*at, "values"), f"{{from: {since}, value: 1000}}")
    new = "label: {zh: 新封顶, en: New cap}, per: subject, period: month"
    return yaml_edit.append(text, ("caps",), f"{{{new}, amount: {sums[0] if sums else 'cap_limit'}}}")


def _share(text: str, data: Any) -> str:
    """The last level bears the rest: a new one goes before it."""
    rows = data.get("shares")
    if not isinstance(rows, list) or not rows:
        text = yaml_edit.append(text, ("shares",), "{level: city, percent: 50}")
        return yaml_edit.append(text, ("shares",), "{level: county}")
    used = {row.get("level") for row in rows if isinstance(row, dict)}
    free = next((level for level in get_args(Level) if level not in used), "village")
    return yaml_edit.insert(
        text, ("shares",), len(rows) - 1, yaml_edit.value_of(f"{{level: {free}, percent: 10}}")
    )


def _case(text: str, data: Any) -> str:
    """An example like the last one, to be changed; the first one has this month and no facts."""
    rows = data.get("cases")
    if isinstance(rows, list) and rows and isinstance(rows[-1], dict):
        new = yaml_edit.copied(rows[-1])
        new["name"], new["origin"] = f"{new.get('name', '')}（新）", "design"
        return yaml_edit.insert(text, ("cases",), len(rows), new)
    month = timezone.localdate().strftime("%Y-%m")
    return yaml_edit.append(
        text,
        ("cases",),
        f"{{name: 新案例, origin: design, facts: {{}}, months: {month}, expect: {{total: 0}}}}",
    )


def named(text: str, path: str, name: str) -> str:
    """The text with one more entry in the mapping `path`. Raises ValidationError when no name is given."""
    if not name:
        raise ValidationError(_("请先选择或填写名称。"))
    steps = yaml_edit.split(path)
    if not name.isidentifier() or not name.isascii():
        raise ValidationError(_("名称只用小写字母、数字和下划线。"))
    if path in DAYS:
        return yaml_edit.put(text, (*steps, name), "month_end")
    if path in ("uses", "floors"):
        return yaml_edit.put(text, (*steps, name), "file.parameter", as_text=True)
    return yaml_edit.put(text, (*steps, name), _value(yaml_edit.load(text), name))


def _value(data: Any, name: str) -> str:
    """What a fact of an example begins with."""
    subject = subject_of(data)
    known = subject.facts.get(name) if subject else None
    kind = known[1].type if known else Type.TEXT
    division = str(data.get("division") or 110000000000)
    return {
        Type.DATE: "1940-01-01",
        Type.BOOL: "true",
        Type.DIVISION: division,
        Type.TEXT: "?",
    }.get(kind, "0")


def keyed(text: str, path: yaml_edit.Path, keys: Sequence[str]) -> str:
    """The text with a parameter's table going by other keys: one figure becomes the first bracket, and back.

    The amount follows where it is just the parameter. Tables of several keys stay as they are: the check says
    what does not fit.
    """
    parameter, name = path[:-1], path[1]
    values = yaml_edit.at(yaml_edit.load(text), (*parameter, "values"))
    for n, row in enumerate(values if isinstance(values, list) else []):
        at = (*parameter, "values", str(n))
        if len(keys) == 1 and isinstance(row, dict) and "value" in row:
            figure = shown(row["value"])
            text = yaml_edit.put(text, (*at, "value"), "")
            for first in FIRST_KEYS[keys[0]]:
                text = yaml_edit.put(text, (*at, "table", first), figure)
        elif not keys and isinstance(row, dict) and isinstance(row.get("table"), dict):
            figures = [v for v in row["table"].values() if not isinstance(v, dict)]
            text = yaml_edit.remove(text, (*at, "table"))
            text = yaml_edit.put(text, (*at, "value"), shown(figures[0] if figures else 0))
    if len(keys) > 1:
        return yaml_edit.put(text, path, "\n".join(keys), lines=True)
    amounts = {(): name, ("age",): f"bracket({name}, age)"}
    if shown(yaml_edit.load(text).get("amount")) in amounts.values() and tuple(keys) in amounts:
        text = yaml_edit.put(text, ("amount",), amounts[tuple(keys)], as_text=True)
    return yaml_edit.put(text, path, keys[0] if keys else "", before="values")


def unbracketed(text: str, path: yaml_edit.Path) -> str:
    """The text without one bracket of a parameter's tables: parameters/<name>/values/<key>[/<key>]."""
    values, key = path[:3], path[3:]
    rows = yaml_edit.at(yaml_edit.load(text), values)
    for n in range(len(rows) if isinstance(rows, list) else 0):
        text = yaml_edit.remove(text, (*values, str(n), "table", *key))
    return text
