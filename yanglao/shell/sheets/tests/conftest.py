import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

from yanglao.shell.sheets import CheckContext, Column, ImportTemplate, at, code, date, money, text
from yanglao.shell.sheets.problems import Problem

TODAY = dt.date(2026, 11, 1)
HEADINGS = ["姓名", "证件号码", "性别", "出生日期", "补贴金额（元）", "备注"]
ROW = ["测试甲", "390101194103050017", "男", "1941-03-05", 200, ""]


def sex_agrees(row):
    if row.sex and row.number and (int(row.number[16]) % 2) != (row.sex % 2):
        yield at(row, "sex", Problem("性别与证件号码不符", "证件号码第 17 位表示另一性别", "核对后改正"))


@pytest.fixture
def template() -> ImportTemplate:
    return ImportTemplate(
        name="test.roster",
        label="测试名册",
        right="test.import",
        columns=[
            Column("姓名", "name", required=True, parse=text(20)),
            Column(
                "证件号码",
                "number",
                required=True,
                parse=code(r"\d{17}[\dX]", "18 位号码"),
                synonyms=("身份证号", "公民身份号码"),
                sensitive=True,
                note="18 位，文本格式",
            ),
            Column("性别", "sex", choices={"男": 1, "女": 2}),
            Column("出生日期", "birth_date", parse=date(latest=lambda: TODAY), example="1941-03-05"),
            Column("补贴金额（元）", "amount", parse=money()),
            Column("备注", "remark"),
        ],
        commit=lambda batches, context: {"新增": sum(len(b) for b in batches)},
        row_checks=(sex_agrees,),
        unique=("number",),
        keep_good_rows=True,
    )


@pytest.fixture
def context(template) -> CheckContext:
    return CheckContext(None, frozenset(c.field for c in template.columns), TODAY)


Write = Callable[..., Path]


@pytest.fixture
def workbook(tmp_path) -> Write:
    """Write sheets given as ``name=[rows]``; cells may be dates."""

    def write(file="file.xlsx", options=None, tweak=None, **sheets) -> Path:
        book = xlsxwriter.Workbook(
            tmp_path / file,
            {"default_date_format": "yyyy-mm-dd", "strings_to_formulas": False, **(options or {})},
        )
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for index, row in enumerate(rows):
                sheet.write_row(index, 0, row)
        if tweak:
            tweak(book)
        book.close()
        return tmp_path / file

    return write
