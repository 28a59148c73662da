import csv
import datetime as dt
import io
import string

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yanglao.shell.sheets import Column, FileRefused, code, date, integer, money
from yanglao.shell.sheets.book import open_book
from yanglao.shell.sheets.check import read_all
from yanglao.shell.sheets.declare import ImportTemplate
from yanglao.shell.sheets.export import ExportColumn, csv_lines, write_xlsx
from yanglao.shell.sheets.header import ERROR_COLUMN, ERROR_SHEET, find_table
from yanglao.shell.sheets.marked import write_marked
from yanglao.shell.sheets.report import as_data, groups, masked, preview
from yanglao.shell.sheets.write_template import write_template

from .conftest import HEADINGS, ROW

BAD = ["", "390101194103050017", "难", "1941-02-30", "二百", "=1+1"]


@pytest.fixture
def written(template, tmp_path):
    path = tmp_path / "template.xlsx"
    with path.open("wb") as stream:
        write_template(stream, template)
    return path


@pytest.fixture
def marked(template, context, tmp_path):
    """Check a file and write its marked workbook; gives the path and the reader."""

    def go(path, name="marked.xlsx", **options):
        table = find_table(open_book(path), template)
        reader = read_all(table, template, context)
        with (tmp_path / name).open("wb") as stream:
            write_marked(stream, table, template, reader.findings, **options)
        return tmp_path / name, reader

    return go


def test_the_template_carries_headings_notes_and_drop_downs(written):
    book = openpyxl.load_workbook(written)
    sheet = book["测试名册"]
    assert [cell.value for cell in sheet[1]] == HEADINGS
    assert "必填" in sheet["B1"].comment.text
    assert "18 位，文本格式" in sheet["B1"].comment.text
    rule = sheet.data_validations.dataValidation[0]
    assert (rule.formula1, str(rule.sqref)) == ('"男,女"', "C2:C5001")
    assert sheet.column_dimensions["B"].number_format == "@"
    assert sheet.column_dimensions["D"].number_format == "yyyy-mm-dd"
    assert book["填写说明"]["A1"].value == "测试名册：填写说明"


def test_long_lists_stand_in_a_hidden_sheet(tmp_path):
    labels = [f"第{i}社区" for i in range(3_000)]
    template = ImportTemplate(
        "t", "长", "r", [Column("社区", "c", choices=lambda: labels)], lambda b, c: None
    )
    with (tmp_path / "t.xlsx").open("wb") as stream:
        write_template(stream, template)
    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    assert book["选项"].sheet_state == "hidden"
    assert book["选项"]["A3001"].value == "第2999社区"
    assert book["长"].data_validations.dataValidation[0].formula1 == "选项!$A$2:$A$3001"


def test_an_unfilled_template_is_refused_as_having_no_rows(written, template):
    with pytest.raises(FileRefused) as raised:
        find_table(open_book(written), template)
    assert raised.value.problem.what == "表头下面没有数据"


NAMES = st.text(st.sampled_from("测试甲乙丙丁戊·㐂𠮷é"), min_size=1, max_size=8)
ROWS = st.lists(
    st.tuples(
        NAMES.map(lambda name: "人" + name),
        st.text(string.digits, min_size=17, max_size=17).map(lambda s: s + "X"),
        st.sampled_from(["男", "女", None]),
        st.dates(dt.date(1906, 1, 1), dt.date(2026, 1, 1)) | st.none(),
        st.integers(0, 10**9) | st.none(),
    ),
    min_size=1,
    max_size=12,
)


@given(ROWS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_filled_into_the_template_is_what_is_read(written, template, context, rows):
    template = type(template)(**{**template.__dict__, "row_checks": (), "unique": ()})
    book = openpyxl.load_workbook(written)
    for row in rows:
        fen = row[4]
        book["测试名册"].append([*row[:4], None if fen is None else f"{fen // 100}.{fen % 100:02d}"])
    filled = written.with_name("filled.xlsx")
    book.save(filled)
    table = find_table(open_book(filled), template)
    reader = read_all(table, template, context)
    assert reader.findings == []
    read = [row for batch in type(reader)(table, template, context).batches() for row in batch]
    sexes = {"男": 1, "女": 2, None: None}
    assert [r[1:6] for r in read] == [(n, i, sexes[s], d, a) for n, i, s, d, a in rows]


def test_the_users_own_workbook_comes_back_with_every_problem_marked(workbook, marked):
    def decorate(book):
        sheet = book.get_worksheet_by_name("名册")
        sheet.write("A1", "某区名册", book.add_format({"bold": True, "font_size": 20}))
        book.add_worksheet("别的").write("A1", "留着")

    path, reader = marked(workbook(名册=[["x"], HEADINGS, ROW, BAD], tweak=decorate))
    book = openpyxl.load_workbook(path)
    sheet = book["名册"]
    assert sheet["A1"].font.size == 20
    assert book["别的"]["A1"].value == "留着"
    assert sheet["G2"].value == ERROR_COLUMN
    assert sheet["G3"].value is None
    assert sheet["D4"].fill.fgColor.rgb == "FFFFC7CE"
    assert sheet["D4"].comment.text == ("没有这一天\n原因：日历上没有 1941-02-30\n改法：核对年、月、日后改正")
    assert all(f"【{title}】" in sheet["G4"].value for title in HEADINGS[:5])
    assert book.sheetnames[0] == ERROR_SHEET
    assert book[ERROR_SHEET]["A2"].value.startswith("1 行有错误，共 5 处")
    assert len(reader.findings) == 5


def test_a_marked_workbook_can_be_mended_and_uploaded_again(workbook, marked, template):
    path, _reader = marked(workbook(名册=[HEADINGS, ROW, BAD]))
    book = openpyxl.load_workbook(path)
    for column, value in enumerate(["测试乙", "390101194103050033", "男", "1941-02-30", 100], 1):
        book["名册"].cell(3, column, value)
    book.save(path)
    again, reader = marked(path, "again.xlsx")
    assert [(f.row, f.field) for f in reader.findings] == [(3, "birth_date")]
    assert ERROR_COLUMN not in reader.table.unused
    sheet = openpyxl.load_workbook(again)["名册"]
    assert [cell.value for cell in sheet[1]].count(ERROR_COLUMN) == 1
    assert sheet["A3"].comment is None
    assert sheet["A3"].fill.fill_type is None
    assert sheet["D3"].comment is not None
    assert "必填" not in sheet["G3"].value


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_a_large_or_csv_file_is_streamed_into_a_marked_workbook(workbook, tmp_path, marked, kind):
    if kind == "xlsx":
        source = workbook(名册=[["标题"], HEADINGS, [*ROW[:3], dt.date(1941, 3, 5), 200], BAD])
    else:
        source = tmp_path / "a.csv"
        lines = [["标题"], HEADINGS, ROW, BAD]
        source.write_text("\n".join(",".join(map(str, line)) for line in lines), encoding="gb18030")
    path, _reader = marked(source, own_cells=0)
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[1]
    assert sheet["A1"].value == "标题"
    assert sheet["B3"].value == "390101194103050017"
    assert (sheet["F4"].value, sheet["F4"].data_type) == ("=1+1", "s")
    assert sheet["D4"].fill.fgColor.rgb == "FFFFC7CE"
    assert sheet["G2"].value == ERROR_COLUMN
    assert "没有这一天" in sheet["G4"].value
    assert book[ERROR_SHEET]["A2"].value.startswith("1 行有错误")


def test_the_report_groups_by_kind_and_masks_what_is_sensitive(workbook, template, context):
    bad = ["测试乙", "39010119410305", *ROW[2:]]
    table = find_table(open_book(workbook(名册=[HEADINGS, ROW, bad, bad])), template)
    reader = read_all(table, template, context)
    data = as_data(groups(reader.findings, template), template)
    assert [(g["title"], g["what"], g["count"], g["rows"]) for g in data] == [
        ("证件号码", "写法不对", 2, [3, 4])
    ]
    assert data[0]["examples"][0]["value"] == "390********305"
    assert "19410305" not in str(preview(table, template))
    assert preview(table, template)["rows"][0][:2] == ["2", "测试甲"]


def test_it_masks_short_and_long_values():
    assert (masked(""), masked("甲"), masked("张三丰"), masked("12345678")) == ("", "甲", "张**", "123**678")


COLUMNS = [
    ExportColumn("姓名"),
    ExportColumn("金额", "money"),
    ExportColumn("日期", "date"),
    ExportColumn("人数", "integer"),
    ExportColumn("时间", "datetime"),
]
MOMENT = dt.datetime(2026, 11, 1, 2, 30, tzinfo=dt.UTC)
RECORDS = [("=HYPERLINK(1)", 123450, dt.date(2026, 1, 2), 3, MOMENT), ("测试甲", None, None, -1, None)]


def test_an_export_to_excel_keeps_kinds_and_runs_no_formula():
    stream = io.BytesIO()
    assert write_xlsx(stream, COLUMNS, iter(RECORDS), title="名单", note="由某某导出") == 2
    sheet = openpyxl.load_workbook(stream)["名单"]
    assert sheet["A1"].value == "由某某导出"
    assert [c.value for c in sheet[2]] == [c.title for c in COLUMNS]
    assert [c.value for c in sheet[3]] == [
        "=HYPERLINK(1)",
        1234.5,
        dt.datetime(2026, 1, 2),
        3,
        dt.datetime(2026, 11, 1, 10, 30),
    ]
    assert sheet["A3"].data_type == "s"
    assert sheet["A3"].quotePrefix
    assert sheet["B3"].number_format == "#,##0.00"


def test_an_export_to_csv_opens_in_excel_and_runs_no_formula():
    content = b"".join(csv_lines(COLUMNS, RECORDS, note="由某某导出"))
    assert content.startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert lines[1] == ["'=HYPERLINK(1)", "1234.50", "2026-01-02", "3", "2026-11-01 10:30"]
    assert lines[2][3] == "-1"
    assert lines[-1] == ["由某某导出"]


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["C"]), max_size=12), min_size=1))
@settings(max_examples=50, deadline=None)
def test_no_exported_text_begins_a_formula(texts):
    content = b"".join(csv_lines([ExportColumn("甲")], [[t] for t in texts])).decode("utf-8-sig")
    for cell in list(csv.reader(io.StringIO(content)))[1:]:
        assert not "".join(cell).startswith(("=", "+", "-", "@"))


def test_an_export_is_continued_on_the_next_sheet(monkeypatch):
    monkeypatch.setattr("yanglao.shell.sheets.export.SHEET_ROWS", 3)
    stream = io.BytesIO()
    write_xlsx(stream, [ExportColumn("甲")], ([i] for i in range(5)), title="长")
    assert openpyxl.load_workbook(stream).sheetnames == ["长", "长 2", "长 3"]


def test_number_columns_are_numbers_in_the_template(tmp_path):
    columns = [
        Column("数", "n", parse=integer()),
        Column("元", "m", parse=money()),
        Column("码", "c", parse=code()),
    ]
    template = ImportTemplate("t", "数", "r", [*columns, Column("日", "d", parse=date())], lambda b, c: None)
    with (tmp_path / "t.xlsx").open("wb") as stream:
        write_template(stream, template)
    sheet = openpyxl.load_workbook(tmp_path / "t.xlsx")["数"]
    assert [sheet.column_dimensions[x].number_format for x in "ABCD"] == ["0", "#,##0.00", "@", "yyyy-mm-dd"]
