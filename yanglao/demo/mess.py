"""The mess real rosters have, row by row, with the truth of what a careful importer must find."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from yanglao.kernel.identifiers import check_digit

from .rows import DATES, Row

Spoil = Callable[[Row, int], bool]


@dataclass(frozen=True)
class Flaw:
    """A way in which a row may be wrong; `refused` rows must be reported and kept out, others read or warned.

    `spoil(row, n)` changes the row and says whether it could.
    """

    name: str
    share: float
    refused: bool
    spoil: Spoil
    label: str = ""


@dataclass
class Truth:
    """What was put into rosters: rows by file, and flawed rows by kind."""

    rows: dict[str, int] = field(default_factory=dict)
    refused: dict[str, int] = field(default_factory=dict)
    flaws: dict[str, int] = field(default_factory=dict)

    def note(self, file: str, flaw: Flaw) -> None:
        self.flaws[flaw.name] = self.flaws.get(flaw.name, 0) + 1
        if flaw.refused:
            self.refused[file] = self.refused.get(file, 0) + 1


def _wrong_checksum(row: Row, n: int) -> bool:
    number = row["id_number"]
    right = check_digit(number[:17])
    row["id_number"] = number[:17] + "0123456789X"[("0123456789X".index(right) + 1 + n % 9) % 11]
    return True


def _swapped_digits(row: Row, n: int) -> bool:
    """Two neighbouring digits of the order number the wrong way round."""
    number = row["id_number"]
    for at in (14, 15):
        if number[at] != number[at + 1]:
            row["id_number"] = number[:at] + number[at + 1] + number[at] + number[at + 2 :]
            return True
    return False


def _missing_id(row: Row, n: int) -> bool:
    row["id_number"] = None
    return True


def _too_short(row: Row, n: int) -> bool:
    row["id_number"] = row["id_number"][:17]
    return True


def _lost_digits(row: Row, n: int) -> bool:
    """A spreadsheet took the number for a number."""
    row["id_number"] = f"{float(row['id_number'][:17] + '0'):.5E}"
    return True


def _other_sex(row: Row, n: int) -> bool:
    row["sex"] = "女" if row["sex"] == "男" else "男"
    return True


def _no_such_day(row: Row, n: int) -> bool:
    row["birth_date"] = f"{row['birth_date'].year}-02-30"
    return True


def _unknown_place(row: Row, n: int) -> bool:
    row["hukou"] = row["residence"] = f"无名区 无名街道 {n}号社区"
    return True


def _digits_in_name(row: Row, n: int) -> bool:
    row["name"] = f"{row['name']}{n % 9 + 1}"
    return True


def _old_card(row: Row, n: int) -> bool:
    """The 15-digit number of a first-generation card: no century, no check character."""
    number = row["id_number"]
    if not number.startswith("19", 6):
        return False
    row["id_number"] = number[:6] + number[8:17]
    return True


def _birthday_differs(row: Row, n: int) -> bool:
    row["birth_date"] += dt.timedelta(days=n % 20 + 1)
    return True


def _no_birthday(row: Row, n: int) -> bool:
    row["birth_date"] = None
    return True


def _full_width(row: Row, n: int) -> bool:
    row["id_number"] = "".join(chr(ord(c) + 0xFEE0) for c in row["id_number"])
    if row["phone"]:
        row["phone"] = "".join(chr(ord(c) + 0xFEE0) for c in row["phone"])
    return True


def _blanks(row: Row, n: int) -> bool:
    row["name"] = f"\u3000{row['name']} "
    row["id_number"] = f" {row['id_number']}\u00a0"
    row["hukou"] = f"{row['hukou']}  "
    return True


def _spaced_name(row: Row, n: int) -> bool:
    """Two-character names stretched to the width of three, as typists like it."""
    if len(row["name"]) != 2:
        return False
    row["name"] = f"{row['name'][0]}\u3000{row['name'][1]}"
    return True


def _small_x(row: Row, n: int) -> bool:
    if not row["id_number"].endswith("X"):
        return False
    row["id_number"] = row["id_number"][:-1] + "x"
    return True


def _said_in_note(row: Row, n: int) -> bool:
    """Dead, but said in the notes only: no importer can know."""
    if not row["dead_on"]:
        return False
    row["dead_on"], row["note"] = None, "已去世"
    return True


FLAWS = (
    Flaw("wrong_checksum", 0.0040, True, _wrong_checksum, "身份证号校验不符"),
    Flaw("swapped_digits", 0.0010, True, _swapped_digits, "身份证号两位颠倒"),
    Flaw("missing_id", 0.0015, True, _missing_id, "缺身份证号"),
    Flaw("too_short", 0.0010, True, _too_short, "身份证号少一位"),
    Flaw("lost_digits", 0.0010, True, _lost_digits, "身份证号变成科学计数"),
    Flaw("other_sex", 0.0015, True, _other_sex, "性别与身份证号不符"),
    Flaw("no_such_day", 0.0010, True, _no_such_day, "不存在的出生日期"),
    Flaw("unknown_place", 0.0015, True, _unknown_place, "找不到的户籍地"),
    Flaw("digits_in_name", 0.0005, True, _digits_in_name, "姓名带数字"),
    Flaw("old_card", 0.0100, False, _old_card, "15 位身份证号"),
    Flaw("birthday_differs", 0.0040, False, _birthday_differs, "出生日期与身份证号不同"),
    Flaw("no_birthday", 0.0120, False, _no_birthday, "缺出生日期"),
    Flaw("full_width", 0.0150, False, _full_width, "全角数字"),
    Flaw("blanks", 0.0250, False, _blanks, "首尾空格"),
    Flaw("spaced_name", 0.0200, False, _spaced_name, "姓名中间有空格"),
    Flaw("small_x", 0.0150, False, _small_x, "小写 x"),
    Flaw("said_in_note", 0.0030, False, _said_in_note, "去世只写在备注里"),
)

DATE_STYLES: tuple[Callable[[dt.date], object], ...] = (
    lambda day: day,  # a true date cell
    lambda day: f"{day:%Y-%m-%d}",
    lambda day: f"{day.year}/{day.month}/{day.day}",
    lambda day: f"{day.year}.{day.month:02d}.{day.day:02d}",
    lambda day: f"{day:%Y%m%d}",
    lambda day: f"{day.year}年{day.month}月{day.day}日",
)
"""Six ways to write a date."""


def flaw_of(chance: float) -> Flaw | None:
    """The flaw for a random number in [0, 1): at most one per row, so that the truth stays countable."""
    for flaw in FLAWS:
        if chance < flaw.share:
            return flaw
        chance -= flaw.share
    return None


def write_dates(row: Row, style: int, rng: np.random.Generator) -> None:
    """Dates in the file's own style, one in twenty in another."""
    chosen = DATE_STYLES[style if rng.random() > 0.05 else int(rng.integers(len(DATE_STYLES)))]
    for name in DATES:
        if isinstance(row[name], dt.date):
            row[name] = chosen(row[name])
