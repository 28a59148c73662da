"""The figures of a file: dated values and tables, in fen, hundredths and whole numbers; every slip with its line."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from yanglao.kernel.packs.reading import Document as Read

from .form import DocumentForm, ParameterForm, ValueForm
from .policy import Confidence, Document, Parameter, ParameterValue, Text
from .schema import Type
from .tables import OTHERS, STEPPED, Key, Table, bracket_code, figures

UNIT_TYPES: Mapping[str, Type] = {
    "yuan": Type.MONEY,
    "quantity": Type.QUANTITY,
    "percent": Type.PERCENT,
    "years": Type.INT,
    "count": Type.INT,
    "days": Type.INT,
    "months": Type.INT,
    "date": Type.DATE,
}
SCALES = {"yuan": 100, "quantity": 100, "percent": 100}
KEY_TYPES: Mapping[str, Type] = {
    "age": Type.AGE,
    "int": Type.INT,
    "yuan": Type.MONEY,
    "date": Type.DATE,
    "text": Type.TEXT,
    "bool": Type.BOOL,
    "division": Type.DIVISION,
}
MAX_YUAN = Decimal(10**9)
LONGEST_CODE = 80
Path = tuple[str, ...]
Tell = Callable[[Path, str, str], None]


def document_of(form: DocumentForm) -> Document:
    return Document(
        form.title, form.number or "", form.issuer or "", form.source, form.url or "", form.confidence
    )


class Figures:
    """Reads the parameters of one file; `tell` is told what is wrong: where, what, how to mend it."""

    def __init__(self, read: Read, tell: Tell, confidence: Confidence) -> None:
        self.read, self.tell, self.confidence = read, tell, confidence

    def parameter(self, name: str, form: ParameterForm, needed: tuple[date, date] | None = None) -> Parameter:
        """`needed`: the first day a value is looked up, and the day the policy begins."""
        values = [self.value(name, index, v, form) for index, v in enumerate(form.values)]
        starts = [v.start for v in values]
        path = ("parameters", name, "values")
        if starts != sorted(set(starts)):
            what = _("参数“%(n)s”的日期没有按先后排列，或有重复") % {"n": name}
            self.tell(path, what, _("按 from 从早到晚排"))
        if needed is not None and starts[0] > needed[0]:
            what = _("参数“%(n)s”从 %(a)s 才有值，政策从 %(b)s 起就要用") % {
                "n": name,
                "a": starts[0],
                "b": needed[1],
            }
            self.tell(path, what, _("补上更早的值，或把政策的 effective.from 改晚"))
        self.short_enough(name, values)
        label = Text(form.label.zh, form.label.en)
        by = tuple(KEY_TYPES[key] for key in form.by)
        ordered = tuple(sorted(values, key=lambda v: v.start))
        return Parameter(name, label, form.unit, UNIT_TYPES[form.unit], by, ordered)

    def short_enough(self, name: str, values: Sequence[ParameterValue]) -> None:
        """A ledger line names its bracket, table and keys, in so many letters."""
        codes = (bracket_code(name, keys) for v in values for keys, _n in figures(v.table or {}))
        if any(len(code) > LONGEST_CODE for code in codes):
            what = _("参数“%(n)s”的名称和档次加起来超过 %(m)s 个字符") % {"n": name, "m": LONGEST_CODE}
            self.tell(("parameters", name), what, _("把参数名或表里的取值写短些"))

    def value(self, name: str, index: int, form: ValueForm, parameter: ParameterForm) -> ParameterValue:
        path = ("parameters", name, "values", str(index))
        single: int | date | None = None
        if (form.table is None) == (form.value is None) or bool(parameter.by) != (form.table is not None):
            how = _("有 by 的参数写 table，没有 by 的写 value")
            self.tell(path, _("参数“%(n)s”的这一条写得不对") % {"n": name}, how)
        elif isinstance(form.value, date) != (parameter.unit == "date") and form.value is not None:
            how = _("单位 date 写日期，其余写数字")
            self.tell(path, _("参数“%(n)s”的值和单位不符") % {"n": name}, how)
        elif isinstance(form.value, date):
            single = form.value
        elif form.value is not None:
            single = self.scaled(form.value, parameter.unit, path)
        table = self.table(form.table, parameter, (*path, "table")) if form.table and parameter.by else None
        return ParameterValue(
            form.since, single, table, form.source or form.note, form.confidence or self.confidence
        )

    def table(self, form: Mapping[str, Any], parameter: ParameterForm, path: Path, depth: int = 0) -> Table:
        """One level of a table: figures on the last one, tables of the next key above it."""
        kind = KEY_TYPES[parameter.by[depth]]
        last = depth == len(parameter.by) - 1
        found: dict[Key, Any] = {}
        for text, value in form.items():
            here = (*path, text)
            key = self.key(text, kind, here)
            if last:
                found[key] = self.figure(value, parameter.unit, here)
            elif isinstance(value, Mapping) and value:
                found[key] = self.table(value, parameter, here, depth + 1)
            else:
                how = _('按 by 的次序一层套一层，例如 {dibao: {80: 200}, "*": {80: 25}}')
                self.tell(here, _("“%(k)s”下面还要按下一个键列表") % {"k": text}, how)
        complete = kind in STEPPED or OTHERS in found or (kind is Type.BOOL and len(found) == 2)
        if not complete:
            self.tell(path, _("表里没有写其余情形"), _('加一行 "*": 0，写明其余的人是多少'))
        return found

    def key(self, text: str, kind: Type, path: Path) -> Key:
        if text == OTHERS and kind not in STEPPED:
            return text
        try:
            return _read_key(text, kind)
        except ValueError:
            what = {
                Type.AGE: _("档次“%(k)s”不是整数"),
                Type.INT: _("档次“%(k)s”不是整数"),
                Type.MONEY: _("档次“%(k)s”不是金额"),
                Type.DATE: _("档次“%(k)s”不是日期"),
                Type.BOOL: _("“%(k)s”不是 true 或 false"),
                Type.DIVISION: _("“%(k)s”不是 12 位区划代码"),
            }[kind]
            how = _("写起始的数，例如 80: 60；日期写 2026-01-31，是否写 true、false，区划写 12 位代码")
            self.tell(path, what % {"k": text}, how)
            return text

    def figure(self, value: Any, unit: str, path: Path) -> int:
        if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
            how = _("金额最多两位小数（到分），百分数最多两位小数，其余写整数")
            self.tell(path, _("数值“%(v)s”不对") % {"v": value}, how)
            return 0
        return self.scaled(Decimal(str(value)), unit, path)

    def scaled(self, value: Decimal, unit: str, path: Path) -> int:
        """Yuan to fen, percent to ten-thousandths; whole numbers only."""
        exact = value * SCALES.get(unit, 1)
        if exact != exact.to_integral_value() or abs(value) > MAX_YUAN:
            how = _("金额最多两位小数（到分），百分数最多两位小数，其余写整数")
            self.tell(path, _("数值“%(v)s”不对") % {"v": value}, how)
        return int(exact)


def _read_key(text: str, kind: Type) -> Key:
    """The key in the type of its level. Raises ValueError."""
    if kind is Type.TEXT:
        return text
    if kind is Type.DATE:
        return date.fromisoformat(text)
    if kind is Type.BOOL and text in {"true", "false"}:
        return text == "true"
    if kind is Type.MONEY and re.fullmatch(r"[0-9]+(\.[0-9]{1,2})?", text):
        return int(Decimal(text) * 100)
    digits = text.isascii() and text.isdigit() and kind in {Type.AGE, Type.INT, Type.DIVISION}
    if not digits or (kind is Type.DIVISION and len(text) != 12):
        raise ValueError(text)
    return int(text)
