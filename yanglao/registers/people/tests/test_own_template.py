"""The roster's own template, filled in as a clerk fills it, is read as it was handed out."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

from yanglao.registers.people.roster.template import ROSTER
from yanglao.registers.people.tests.sample import number
from yanglao.shell.sheets.book import open_book
from yanglao.shell.sheets.header import find_table
from yanglao.shell.sheets.write_template import GUIDE_SHEET, write_template


@pytest.mark.parametrize("rows", [1, 3])
def test_the_guide_sheet_is_never_taken_for_the_roster(tmp_path, rows):
    stream = BytesIO()
    write_template(stream, ROSTER)
    book = load_workbook(stream)
    sheet = book.worksheets[0]
    headings = {str(cell.value): cell.column for cell in sheet[1]}
    for order in range(1, rows + 1):
        for title, value in (("姓名", "张一"), ("公民身份号码", number(order)), ("户籍地", "330203001001")):
            sheet.cell(row=order + 1, column=headings[title], value=value)
    assert GUIDE_SHEET in book.sheetnames
    book.save(tmp_path / "filled.xlsx")
    table = find_table(open_book(tmp_path / "filled.xlsx"), ROSTER)
    assert table.sheet.name == sheet.title
