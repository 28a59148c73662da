"""Answers to a form by schema, pure: cleaned to plain data, with every problem at its field."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from yanglao.kernel.cases.schema import FormField

LONGEST = {"text": 400, "long": 4000}


class Wrong(ValueError):
    """An answer that cannot be; the text tells the user why and how to mend it."""


def clean(
    form: Sequence[FormField], given: Mapping[str, Any], *, complete: bool = True
) -> tuple[dict[str, Any], dict[str, str]]:
    """The answers as JSON-able data, and problems by field name.

    Dates become ISO text, decimals text, `yuan` whole fen. With `complete=False` nothing is asked for.
    """
    answers: dict[str, Any] = {}
    problems = {
        name: _("表单里没有这一项，请删去。") for name in given.keys() - {field.name for field in form}
    }
    for field in form:
        value = given.get(field.name)
        if value is None or value == "" or value == []:
            if field.required and complete:
                problems[field.name] = _("请填写“%(label)s”。") % {"label": field.label}
            continue
        try:
            answers[field.name] = _READ[field.type](field, value)
        except Wrong as wrong:
            problems[field.name] = f"{field.label}：{wrong}"
    return answers, problems


def _text(field: FormField, value: Any) -> str:
    text = str(value).strip()
    most = field.max or LONGEST[field.type]
    if len(text) > most or len(text) < (field.min or 0):
        raise Wrong(
            _("应为 %(least)s 到 %(most)s 个字，现有 %(n)s 个。")
            % {"least": field.min or 0, "most": most, "n": len(text)}
        )
    return text


def _number(field: FormField, value: Any) -> Decimal:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        raise Wrong(_("应为数字，不带单位。")) from None
    if not number.is_finite():
        raise Wrong(_("应为数字，不带单位。"))
    return number


def _bounded(field: FormField, number: Decimal) -> None:
    if field.min is not None and number < field.min:
        raise Wrong(_("不能小于 %(bound)s。") % {"bound": field.min})
    if field.max is not None and number > field.max:
        raise Wrong(_("不能大于 %(bound)s。") % {"bound": field.max})


def _integer(field: FormField, value: Any) -> int:
    number = _number(field, value)
    if isinstance(value, bool) or number != int(number):
        raise Wrong(_("应为整数。"))
    _bounded(field, number)
    return int(number)


def _decimal(field: FormField, value: Any) -> str:
    number = _number(field, value)
    _bounded(field, number)
    return str(number)


def _fen(field: FormField, value: Any) -> int:
    """Whole fen; the bounds of the file are in yuan."""
    number = _number(field, value)
    if number != int(number):
        raise Wrong(_("金额精确到分。"))
    _bounded(field, number / 100)
    return int(number)


def _date(field: FormField, value: Any) -> str:
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError:
        raise Wrong(_("应为日期，写成 2026-01-31 的样子。")) from None


def _yes_no(field: FormField, value: Any) -> bool:
    if not isinstance(value, bool):
        raise Wrong(_("应为“是”或“否”。"))
    return value


def _choice(field: FormField, value: Any) -> str:
    if value not in field.choices:
        known = "、".join(field.choices.values())
        raise Wrong(_("只能选择：%(known)s。") % {"known": known})
    return str(value)


def _choices(field: FormField, value: Any) -> list[str]:
    if isinstance(value, str):
        value = [value]
    return [_choice(field, one) for one in dict.fromkeys(value)]


def _division(field: FormField, value: Any) -> int:
    if not str(value).isdigit() or len(str(value)) != 12:
        raise Wrong(_("应为 12 位区划代码。"))
    return int(value)


_READ: dict[str, Callable[[FormField, Any], Any]] = {
    "text": _text,
    "long": _text,
    "integer": _integer,
    "decimal": _decimal,
    "yuan": _fen,
    "date": _date,
    "yes_no": _yes_no,
    "choice": _choice,
    "choices": _choices,
    "division": _division,
}
