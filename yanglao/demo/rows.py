"""A person of the population as a clean line of a roster, in the words rosters use."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from yanglao.kernel.divisions.gazetteer import Gazetteer

from . import numbers, traits
from .figures import names
from .population import Population

Row = dict[str, Any]

FIELDS = {
    "name": "姓名",
    "sex": "性别",
    "ethnicity": "民族",
    "id_number": "公民身份号码",
    "birth_date": "出生日期",
    "hukou": "户籍地",
    "residence": "居住地",
    "hukou_address": "户籍地址",
    "address": "居住地址",
    "phone": "联系电话",
    "economic": "经济状况",
    "living": "居住状况",
    "ability": "能力等级",
    "disability": "残疾类别等级",
    "three_elders": "三老",
    "veteran": "优抚",
    "left_behind": "留守",
    "special_family": "计生特殊家庭",
    "marital": "婚姻状况",
    "hukou_since": "户籍登记日期",
    "residence_since": "居住起始日期",
    "since": "情况起始日期",
    "ability_since": "评估日期",
    "applied_on": "津贴申请日期",
    "verified_on": "生存认证日期",
    "dead_on": "去世日期",
    "bank": "开户银行",
    "account": "银行账号",
    "note": "备注",
}
"""Field of the people register's roster template → its heading."""

DATES = frozenset(
    {
        "birth_date",
        "hukou_since",
        "residence_since",
        "since",
        "ability_since",
        "applied_on",
        "verified_on",
        "dead_on",
    }
)
APPLY_AT = 80


@dataclass(frozen=True)
class Writer:
    """Turns columns of numbers into words."""

    people: Population

    def row(self, index: int) -> Row:
        """The line of one person: text, dates, or None where a roster leaves the cell empty."""
        p, t = self.people, self.people.traits
        return {
            "name": p.name.full(index),
            "sex": "男" if p.sex[index] == 1 else "女",
            "ethnicity": p.name.ethnic_group(index),
            "id_number": p.id_number[index].decode(),
            "birth_date": _date(p.born[index]),
            "hukou": self.place(int(p.hukou[index])),
            "residence": self.place(int(p.home[index])),
            "hukou_address": self.address(index, int(p.hukou[index])),
            "address": self.address(index, int(p.home[index])),
            "phone": numbers.mobile_number(index) if t.phone[index] else None,
            "living": traits.LIVING[t.living[index]],
            "marital": traits.MARITAL[t.marital[index]],
            **self._facts(index),
            **self._dates(index),
            **self._account(index),
            "note": None,
        }

    def _facts(self, index: int) -> Row:
        t = self.people.traits
        return {
            "economic": traits.ECONOMIC[t.economic[index]],
            "ability": traits.ABILITY[t.ability[index]] or None,
            "disability": traits.DISABILITY[t.disability[index]] or None,
            "three_elders": "老党员" if t.three_elders[index] else None,
            "veteran": "退役军人" if t.veteran[index] else None,
            "left_behind": "是" if t.left_behind[index] else None,
            "special_family": "失独" if t.special_family[index] else None,
        }

    def _dates(self, index: int) -> Row:
        p, t = self.people, self.people.traits
        moved = _date(p.hukou_since[index])
        died = None if p.late[index] else _date(p.died[index])
        return {
            "hukou_since": moved or self._registered(index),
            "residence_since": max(self._lives_since(index), moved or dt.date.min),
            "since": _date(t.economic_since[index]) or self._lives_since(index),
            "ability_since": _date(t.assessed_on[index]),
            "applied_on": self._applied(index),
            "verified_on": None if died else self.people.today - dt.timedelta(days=20 + index % 300),
            "dead_on": died,
        }

    def _registered(self, index: int) -> dt.date:
        """Since when the hukou is here, for those who never moved it: long enough for any question asked."""
        return dt.date(max(_year(self.people.born[index]), 1958), 1, 1)

    def _lives_since(self, index: int) -> dt.date:
        since = _date(self.people.traits.living_since[index])
        assert since is not None
        return since

    def _applied(self, index: int) -> dt.date | None:
        """Most apply for the old-age allowance in the month of their eightieth birthday, some late, few never."""
        reached = _birthday(self.people.born[index], APPLY_AT)
        if index % 40 == 0 or reached > self.people.today:
            return None
        return min(reached + dt.timedelta(days=index * 37 % (45 if index % 9 else 400)), self.people.today)

    def _account(self, index: int) -> Row:
        if not self.people.traits.account[index]:
            return {"bank": None, "account": None}
        banks = names().banks
        return {"bank": banks[index * 31 % len(banks)], "account": numbers.account_number(index)}

    def place(self, village: int) -> str:
        """County, street and village by name; the 12-digit code where the names alone would be ambiguous."""
        return self._written[village]

    @cached_property
    def _written(self) -> list[str]:
        where = self.people.places
        names = {
            **dict(zip(where.codes.tolist(), where.names, strict=True)),
            **where.streets,
            **where.counties,
        }
        book = Gazetteer.of((code, name, _above(code, names)) for code, name in names.items())
        written = []
        for code, county, street in zip(
            *(c.tolist() for c in (where.codes, where.county, where.street)), strict=True
        ):
            text = " ".join(names[c] for c in (county, street, code) if c in names)
            written.append(text if book.find(text).codes == (code,) else str(code))
        return written

    def address(self, index: int, village: int) -> str:
        """A made-up address: a street and house in town, a group and house in a village."""
        where = self.people.places
        base = f"{where.streets.get(int(where.street[village]), '')}{where.names[village]}"
        if where.urban[village]:
            streets = names().streets
            road = streets[(index * 13 + village) % len(streets)]
            return f"{base}{road}路{index % 180 + 1}号{index % 19 + 1}幢{index % 6 + 1}0{index % 4 + 1}室"
        return f"{base}{index % 12 + 1}组{index % 70 + 1}号"


def _date(day: np.datetime64) -> dt.date | None:
    return None if np.isnat(day) else day.astype(dt.date)


def _year(day: np.datetime64) -> int:
    return int(day.astype("datetime64[Y]").astype(int)) + 1970


def _birthday(born: np.datetime64, age: int) -> dt.date:
    day = born.astype(dt.date)
    try:
        return dt.date(day.year + age, day.month, day.day)
    except ValueError:  # born on 29 February
        return dt.date(day.year + age, 3, 1)


def _above(code: int, names: dict[int, str]) -> int | None:
    return next((c for c in (code - code % 1000, code - code % 10**6) if c != code and c in names), None)
