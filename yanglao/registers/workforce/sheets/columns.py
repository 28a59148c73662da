# i18n: data (headings and words of a workbook are Chinese in either language)
"""Columns that the workbooks of the register share, under the names staff tables give them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.conf import settings

from yanglao.registers.people.rules.cells import name
from yanglao.registers.workforce import kinds
from yanglao.shell.sheets import Column, Parser, choice, date, resident_id
from yanglao.shell.sheets import mark as _

NAME = Column(
    "姓名", "name", parse=name, required=True, synonyms=("员工姓名", "护理员姓名", "持证人"), example="张三"
)
ID_NUMBER = Column(
    "公民身份号码",
    "id_number",
    parse=resident_id(allow_test=settings.TEST_ID_NUMBERS),
    required=True,
    sensitive=True,
    synonyms=("身份证号", "身份证号码", "证件号码", "身份证"),
    note=_("18 位，请把这一列设为文本格式"),
)


def day(title: str, field: str, *synonyms: str, past: bool = True, **more: Any) -> Column:
    """A date; `past`: not after today."""
    parse = date(latest=dt.date.today) if past else date()
    return Column(title, field, parse=parse, synonyms=synonyms, **more)


def worded(labels: Callable[[], dict[str, str]], words: Callable[[], dict[str, str]]) -> Parser:
    """A choice by label (value → label) that also takes every other word for it (word → value)."""

    def parse(value: Any) -> Any:
        names = labels()
        synonyms = {word: names[found] for word, found in words().items() if word not in names.values()}
        return choice({label: key for key, label in names.items()}, synonyms)(value)

    return parse


def post_labels() -> dict[str, str]:
    return {name: post.label for name, post in kinds.posts().items()}


def certificate_labels() -> dict[str, str]:
    return {name: kind.label for name, kind in kinds.certificates().items()}


LEVELS = {
    "五级/初级工": 5, "四级/中级工": 4, "三级/高级工": 3, "二级/技师": 2, "一级/高级技师": 1,
}  # fmt: skip
LEVEL_WORDS = {
    "五级": "五级/初级工", "初级": "五级/初级工", "初级工": "五级/初级工", "5": "五级/初级工", "初级护理员": "五级/初级工",
    "四级": "四级/中级工", "中级": "四级/中级工", "中级工": "四级/中级工", "4": "四级/中级工", "中级护理员": "四级/中级工",
    "三级": "三级/高级工", "高级": "三级/高级工", "高级工": "三级/高级工", "3": "三级/高级工", "高级护理员": "三级/高级工",
    "二级": "二级/技师", "技师": "二级/技师", "2": "二级/技师",
    "一级": "一级/高级技师", "高级技师": "一级/高级技师", "1": "一级/高级技师",
    "助理社会工作师": "三级/高级工", "社会工作师": "二级/技师", "高级社会工作师": "一级/高级技师",
}  # fmt: skip
level = choice(LEVELS, LEVEL_WORDS)
