"""From a cell to a value: parsers for the columns of a template.

A parser takes one cell that is not empty (trimmed ``str``, ``int``, ``float``, ``bool``, ``date``,
``datetime``, ``time``) and returns the value, a ``Problem``, or ``Noted(value, warning)``. It must be a pure
function: the importer asks it once per distinct cell.
"""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from .problems import Problem
from .problems import mark as _

Parser = Callable[[Any], Any]


@dataclass(frozen=True)
class NumberParser:
    """A parser of numbers: tells the template that its column is not text."""

    parse: Parser
    number_format: str

    def __call__(self, value: Any) -> Any:
        return self.parse(value)


FULL_WIDTH = {0xFF01 + i: 0x21 + i for i in range(94)} | {0x3000: 0x20, 0xA0: 0x20}
"""Full-width forms to ASCII, by hand: NFKC would also rewrite rare characters of people's names."""
EXACT_DIGITS = 1e15
"""A workbook keeps 15 significant digits of a number; from here on the last digits are gone."""
SCIENTIFIC = re.compile(r"\d(\.\d+)?[eE]\+?\d{2,}")

LOST_DIGITS = Problem(
    _("号码的末几位已经丢失"),
    _("单元格是数字格式，表格软件只保留 15 位有效数字，超过的部分变成了 0 或科学计数（如 3.3E+17）"),
    _("先把这一列设为“文本”格式，再从原始资料重新录入号码；只改格式找不回丢失的数字"),
)
TOO_LONG = Problem(
    _("文字太长"), _("这一列最多 {limit} 个字，现有 {length} 个"), _("缩短文字，其余内容写在备注里")
)
NOT_MATCHING = Problem(_("写法不对"), _("这一列要求：{rule}"), _("按“{rule}”改写"))
NOT_A_CHOICE = Problem(_("不在可选范围内"), _("“{value}”不是这一列的选项"), _("改为下列之一：{choices}"))
CLOSE_CHOICE = Problem(
    _("不在可选范围内"), _("“{value}”不是这一列的选项"), _("是不是“{guess}”？请从下拉列表中选择")
)
NOT_WHOLE = Problem(_("不是整数"), _("“{value}”不能读作整数"), _("只填数字，如 12"))
OUT_OF_RANGE = Problem(_("数字超出范围"), _("应在 {low} 至 {high} 之间"), _("核对后改为范围内的数字"))
NOT_MONEY = Problem(
    _("不是金额"),
    _("“{value}”不能读作以元为单位的金额"),
    _("只填数字，以元为单位，如 1234.50；万元请换算成元"),
)
PART_OF_FEN = Problem(_("金额小于一分"), _("“{value}”的小数多于两位"), _("金额最多保留两位小数（到分）"))


def narrow(value: str) -> str:
    """Full-width letters, digits and signs to half-width; line breaks and runs of blanks to one space."""
    return " ".join(value.translate(FULL_WIDTH).split())


def as_text(value: Any) -> str | Problem:
    """The cell as the user means it as text; a number beyond 15 digits is a problem."""
    if isinstance(value, str):
        return narrow(value)
    if isinstance(value, float):
        return LOST_DIGITS if abs(value) >= EXACT_DIGITS else f"{value:.15g}"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ", "minutes")
    return str(value)


def text(max_length: int = 200, pattern: str = "", rule: str = "") -> Parser:
    """Text up to ``max_length`` characters, matching ``pattern`` in full; ``rule`` says it in words."""
    expression = re.compile(pattern) if pattern else None

    def parse(value: Any) -> str | Problem:
        plain = as_text(value)
        if isinstance(plain, Problem):
            return plain
        if len(plain) > max_length:
            return TOO_LONG.with_params(limit=max_length, length=len(plain))
        if expression and not expression.fullmatch(plain):
            return NOT_MATCHING.with_params(rule=rule)
        return plain

    return parse


def code(pattern: str = "", rule: str = "", max_length: int = 64) -> Parser:
    """A number that is a name (证件号码, 账号, 区划代码): no blanks, capitals, all digits kept."""
    check = text(max_length, pattern, rule)

    def parse(value: Any) -> str | Problem:
        if isinstance(value, str) and SCIENTIFIC.fullmatch(value):
            return LOST_DIGITS
        plain = as_text(value)
        if isinstance(plain, Problem):
            return plain
        return check(plain.lstrip("'`").replace(" ", "").upper())  # type: ignore[no-any-return]

    return parse


def choice(choices: Mapping[str, Any] | Sequence[str], synonyms: Mapping[str, str] | None = None) -> Parser:
    """One of the labels; gives its value. ``synonyms`` maps other spellings to a label."""
    values = dict(choices) if isinstance(choices, Mapping) else {label: label for label in choices}
    known = {_loose(label): value for label, value in values.items()}
    known |= {_loose(spelling): values[label] for spelling, label in (synonyms or {}).items()}

    def parse(value: Any) -> Any:
        plain = as_text(value)
        if isinstance(plain, Problem):
            return plain
        key = _loose(plain)
        return known[key] if key in known else _not_a_choice(plain, list(values))

    return parse


def yes_no() -> Parser:
    """是 / 否 as bool, with the signs people tick with."""
    return choice(
        {"是": True, "否": False},
        {
            "有": "是",
            "√": "是",
            "✓": "是",
            "Y": "是",
            "1": "是",
            "无": "否",
            "×": "否",
            "N": "否",
            "0": "否",
            "不是": "否",
        },
    )


def _loose(label: str) -> str:
    return re.sub(r"[\s()（）、,，.。_\-—]", "", narrow(str(label))).casefold()


def _not_a_choice(plain: str, labels: list[str]) -> Problem:
    close = difflib.get_close_matches(plain, labels, n=1, cutoff=0.5) if len(labels) < 20_000 else []
    if close:
        return CLOSE_CHOICE.with_params(guess=close[0])
    shown = "、".join(labels[:12]) + ("……" if len(labels) > 12 else "")
    return NOT_A_CHOICE.with_params(choices=shown)


def integer(low: int | None = None, high: int | None = None) -> Parser:
    """A whole number within the bounds."""

    def parse(value: Any) -> int | Problem:
        plain = as_text(value)
        if isinstance(plain, Problem):
            return plain
        if not re.fullmatch(r"[+-]?\d{1,18}", digits := plain.replace(",", "")):
            return NOT_WHOLE
        number = int(digits)
        if (low is not None and number < low) or (high is not None and number > high):
            return OUT_OF_RANGE.with_params(
                low="-∞" if low is None else low, high="+∞" if high is None else high
            )
        return number

    return NumberParser(parse, "0")


def money(low: int = 0, high: int = 10**12) -> Parser:
    """An amount in yuan as the user writes it (1,234.50 · ¥1234.5 · 1234元); gives whole fen.

    ``low`` and ``high`` are in fen.
    """

    def parse(value: Any) -> int | Problem:
        plain = as_text(round(value, 6) if isinstance(value, float) else value)
        if isinstance(plain, Problem):
            return plain
        fen = _fen(re.sub(r"[,\s¥￥]|(?<=\d)元(整|正)?$", "", plain))
        if isinstance(fen, Problem):
            return fen
        if not low <= fen <= high:
            return OUT_OF_RANGE.with_params(low=f"{low / 100:.2f}", high=f"{high / 100:.2f}")
        return fen

    return NumberParser(parse, "#,##0.00")


def _fen(plain: str) -> int | Problem:
    try:
        yuan = Decimal(plain) if re.fullmatch(r"[+-]?\d+(\.\d*)?", plain) else None
    except InvalidOperation:  # an exponent beyond what Decimal holds
        yuan = None
    if yuan is None:
        return NOT_MONEY
    fen = yuan * 100
    return int(fen) if fen == fen.to_integral_value() else PART_OF_FEN
