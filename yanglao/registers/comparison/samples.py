# i18n: data (files as departments write them)
"""Files as departments deliver them, made from persons whose truth is known: for tests and demonstrations.

Some rows are people of the register, some with the slips clerks make, some are nobody's; `Made` says which. The
numbers of nobody lie under test areas (`kernel.identifiers.TEST_PROVINCES`), so that they belong to no one.
"""

from __future__ import annotations

import datetime as dt
import io
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from yanglao.kernel.identifiers import check_digit
from yanglao.shell.sheets.export import ExportColumn, write_xlsx

SHAPES = ("exact", "short_id", "swapped_id", "no_id", "homophone", "repeated", "nobody")
"""How a row stands to the register. `short_id`: the 15-digit number; `swapped_id`: two digits the wrong way
round; `no_id`: name and birth date only; `homophone`: no number and one character of the name by its sound."""

ALIKE = dict(
    ("王汪", "张章", "李黎", "陈程", "刘柳", "赵兆", "周邹", "建健", "英瑛", "华花", "国果", "明铭", "芳方", "珍贞", "秀绣", "兰蓝", "玉钰", "伟玮", "红洪", "梅美", "娟涓", "军钧", "志智", "丽莉")
)  # fmt: skip
INVENTED = ("姜", "穆", "温", "庞", "樊", "霍", "祝", "鲍", "左", "岳")
GIVEN = ("庆", "延", "怀", "守", "德", "昌", "贵", "顺", "恩", "禄")


@dataclass(frozen=True)
class Known:
    """A person of the register as the files may name him."""

    pk: int
    name: str
    id_number: str
    sex: int
    birth_date: dt.date
    address: str = ""


@dataclass(frozen=True)
class Line:
    """A row of a file before it is written. `about`: whose it is in truth; None: nobody of the register."""

    name: str
    id_number: str
    sex: int
    birth_date: dt.date
    on: dt.date
    value: str = ""
    reason: str = ""
    about: int | None = None
    shape: str = "exact"


@dataclass
class Made:
    """Lines and their truth."""

    lines: list[Line] = field(default_factory=list)

    def of(self, *shapes: str) -> list[Line]:
        return [line for line in self.lines if line.shape in shapes]

    @property
    def about(self) -> set[int]:
        """The persons of the register the file truly speaks of."""
        return {line.about for line in self.lines if line.about is not None}


def make(
    people: Sequence[Known],
    rng: random.Random,
    *,
    on: Callable[[Known], dt.date],
    value: str = "",
    reason: str = "",
    slips: float = 0.15,
    nobody: int = 0,
    repeats: int = 0,
) -> Made:
    """Rows about `people`, a share of them with slips, some twice, and `nobody` rows about people of elsewhere."""
    lines = [_line(person, on(person), value, reason, _shape(rng, slips, person), rng) for person in people]
    lines += [_again(rng.choice(lines)) for _ in range(repeats if lines else 0)]
    lines += [_nobody(rng, value, reason, on) for _ in range(nobody)]
    rng.shuffle(lines)
    first: set[int] = set()
    for index, line in enumerate(lines):  # the later of two is the repetition
        if line.about is not None and line.shape == "repeated" and line.about not in first:
            other = next(i for i, o in enumerate(lines) if o.about == line.about and o.shape != "repeated")
            lines[index], lines[other] = lines[other], line
            line = lines[index]
        if line.about is not None:
            first.add(line.about)
    return Made(lines)


def _shape(rng: random.Random, slips: float, person: Known) -> str:
    if rng.random() >= slips:
        return "exact"
    possible = ["swapped_id", "no_id"]
    possible += ["short_id"] if person.id_number[6:8] == "19" else []
    possible += ["homophone"] if any(c in ALIKE for c in person.name[1:]) else []
    return rng.choice(possible)


def _line(person: Known, on: dt.date, value: str, reason: str, shape: str, rng: random.Random) -> Line:
    number, name = person.id_number, person.name
    if shape == "short_id":
        number = number[:6] + number[8:17]
    elif shape == "swapped_id":
        number = _swapped(number)
    elif shape in ("no_id", "homophone"):
        number = ""
    if shape == "homophone":
        name = name[0] + "".join(ALIKE.get(c, c) for c in name[1:])
    return Line(name, number, person.sex, person.birth_date, on, value, reason, person.pk, shape)


def _swapped(number: str) -> str:
    """Two neighbouring digits of the order number the wrong way round: the check digit no longer fits."""
    for at in (14, 15, 13, 12):
        if number[at] != number[at + 1]:
            return number[:at] + number[at + 1] + number[at] + number[at + 2 :]
    return number[:17] + ("1" if number[17] != "1" else "2")


def _again(line: Line) -> Line:
    return Line(
        line.name,
        line.id_number,
        line.sex,
        line.birth_date,
        line.on,
        line.value,
        line.reason,
        line.about,
        "repeated",
    )


def _nobody(rng: random.Random, value: str, reason: str, on: Callable[[Known], dt.date]) -> Line:
    born = dt.date(1930, 1, 1) + dt.timedelta(days=rng.randrange(9_000))
    first17 = f"490999{born:%Y%m%d}{rng.randrange(1000):03d}"
    sex = 1 if int(first17[16]) % 2 else 2
    name = rng.choice(INVENTED) + rng.choice(GIVEN) + rng.choice(GIVEN)
    person = Known(0, name, first17 + check_digit(first17), sex, born)
    return Line(name, person.id_number, sex, born, on(person), value, reason, None, "nobody")


# --- files ------------------------------------------------------------------------------------------------------

Headings = dict[str, str]
"""Attribute of a line → the heading this department writes; without headings a file has none."""

POLICE: Headings = {
    "name": "姓名",
    "sex": "性别",
    "id_number": "公民身份号码",
    "on": "注销日期",
    "reason": "注销原因",
}
CREMATION: Headings = {
    "name": "逝者姓名",
    "id_number": "逝者身份证号",
    "birth_date": "出生日期",
    "on": "火化日期",
}
LOW_INCOME: Headings = {"name": "姓名", "id_number": "身份证号码", "value": "救助类别", "on": "享受起始日期"}


def cells(lines: Iterable[Line], headings: Headings) -> list[list[str]]:
    """The lines as texts, the headings first."""
    return [list(headings.values()), *([_cell(line, name) for name in headings] for line in lines)]


def _cell(line: Line, name: str) -> str:
    value: Any = getattr(line, name)
    if name == "sex":
        return "男" if value == 1 else "女"
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def as_xlsx(lines: Iterable[Line], headings: Headings) -> bytes:
    """A workbook."""
    stream = io.BytesIO()
    first, *rows = cells(lines, headings)
    write_xlsx(stream, [ExportColumn(title) for title in first], rows, title="名单")
    return stream.getvalue()


def as_text(
    lines: Iterable[Line], headings: Headings, *, encoding: str = "gb18030", delimiter: str = ","
) -> bytes:
    """A text with delimiters."""
    return "".join(delimiter.join(row) + "\r\n" for row in cells(lines, headings)).encode(encoding)


def as_fixed(
    lines: Iterable[Line],
    headings: Headings,
    *,
    encoding: str = "gb18030",
    by_bytes: bool = True,
    heads: bool = False,
) -> tuple[bytes, tuple[int, ...]]:
    """A text of fixed width, and where its columns begin."""
    rows = cells(lines, headings)
    rows = rows if heads else rows[1:]
    wide = [
        max((_long(row[i], encoding, by_bytes) for row in rows), default=0) + 1 for i in range(len(headings))
    ]
    text = "".join(
        "".join(_padded(c, w, encoding, by_bytes) for c, w in zip(row, wide, strict=True)) + "\n"
        for row in rows
    )
    starts = tuple(sum(wide[:i]) for i in range(1, len(wide)))
    return text.encode(encoding), starts


def _long(text: str, encoding: str, by_bytes: bool) -> int:
    return len(text.encode(encoding)) if by_bytes else len(text)


def _padded(text: str, width: int, encoding: str, by_bytes: bool) -> str:
    return text + " " * (width - _long(text, encoding, by_bytes))
