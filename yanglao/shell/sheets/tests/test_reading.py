import datetime as dt
import zipfile
from pathlib import Path

import openpyxl
import pytest

from yanglao.shell.sheets import FileRefused
from yanglao.shell.sheets.book import open_book
from yanglao.shell.sheets.check import read_all
from yanglao.shell.sheets.header import find_table
from yanglao.shell.sheets.limits import LIMITS, Limits

from .conftest import HEADINGS, ROW


@pytest.fixture
def read(template, context):
    """Read a file with the template; gives the reader and its rows."""

    def go(path, limits=LIMITS):
        table = find_table(open_book(path, limits=limits), template)
        reader = read_all(table, template, context)
        rows = [row for batch in type(reader)(table, template, context).batches() for row in batch]
        return reader, rows

    return go


@pytest.fixture
def refusal(template):
    """The three texts a file is refused with."""

    def go(path, limits=LIMITS):
        with pytest.raises(FileRefused) as raised:
            find_table(open_book(path, limits=limits), template)
        return raised.value.problem.texts()

    return go


def whats(reader):
    return [(f.row, f.field, f.problem.what) for f in reader.findings]


def test_it_reads_a_plain_workbook(workbook, read):
    reader, rows = read(workbook(名册=[HEADINGS, ROW]))
    assert reader.findings == []
    assert rows[0].row_number == 2
    assert rows[0][1:] == ("测试甲", "390101194103050017", 1, dt.date(1941, 3, 5), 20000, None)


def test_it_finds_the_header_below_titles_and_beside_blank_columns(workbook, read):
    sheet = [["", "某某区高龄老人名册"], [], ["", "填报单位：民政局"], ["", "", *HEADINGS], ["", 1, *ROW]]
    _reader, rows = read(workbook(名册=sheet))
    assert rows[0].row_number == 5
    assert rows[0].name == "测试甲"


def test_it_maps_columns_by_name_in_any_order_and_dress(workbook, read):
    headings = ["备注", "＊姓 名：", "身份证号（必填）", "性别*", "序号", "出生\n日期", "补贴金额(元)"]
    row = ["无", "测试甲", "390101194103050017", "男", 1, "1941.3.5", "200元"]
    reader, rows = read(workbook(名册=[headings, row]))
    assert rows[0].amount == 20000
    assert {m.heading: m.column.title for m in reader.table.mapped}["身份证号（必填）"] == "证件号码"
    assert reader.table.unused == ["序号"]


def test_it_passes_over_instruction_sheets_in_any_order(workbook, read):
    path = workbook(填写说明=[["请按姓名、证件号码填写"], ["姓名", "必填"]], 名册=[HEADINGS, ROW])
    reader, rows = read(path)
    assert reader.table.sheet.name == "名册"
    assert len(rows) == 1


def test_it_reads_two_row_headings_merged_downwards(workbook, read):
    def merge(book):
        sheet = book.get_worksheet_by_name("名册")
        sheet.merge_range("A1:A2", "姓名")
        sheet.merge_range("B1:C1", "基本信息")
        sheet.write_row("B2", ["证件号码", "性别"])
        sheet.write_row("A3", ["测试甲", "390101194103050017", "男"])

    _reader, rows = read(workbook(名册=[], tweak=merge))
    assert (rows[0].name, rows[0].sex) == ("测试甲", 1)


def test_it_refuses_a_heading_merged_over_columns(workbook, refusal):
    def merge(book):
        sheet = book.get_worksheet_by_name("名册")
        sheet.merge_range("B1:C1", "证件号码")
        sheet.write_row("D1", ["性别", "出生日期"])

    what, why, how = refusal(workbook(名册=[["姓名"], ROW], tweak=merge))
    assert what == "表头单元格合并了几列"
    assert "“证件号码”占了 B1:C1" in why
    assert "取消合并" in how


def test_it_says_when_rows_are_merged(workbook, read):
    def merge(book):
        book.get_worksheet_by_name("名册").merge_range("C2:C3", "男")

    second = ["测试乙", "390101194103050033", "", "", "", ""]
    reader, _rows = read(workbook(名册=[HEADINGS, ROW, second], tweak=merge))
    assert whats(reader) == [(3, "sex", "单元格合并了几行")]


def test_it_refuses_another_workbook_naming_what_is_missing(workbook, refusal):
    what, why, _how = refusal(workbook(库存=[["品名", "数量"], ["大米", 3]]))
    assert what == "不是这个模板的工作簿"
    assert "“测试名册”要有列：姓名、证件号码" in why
    assert "品名、数量" in why


def test_it_names_the_missing_columns(workbook, refusal):
    what, why, _how = refusal(workbook(名册=[["姓名", "性别", "出生日期"], ["测试甲", "男", ""]]))
    assert what == "缺少必需的列"
    assert "没有：证件号码" in why
    assert "认出的列：姓名、性别、出生日期" in why


def test_it_refuses_an_empty_sheet_and_a_header_alone(workbook, refusal):
    assert refusal(workbook(名册=[]))[0] == "工作簿是空的"
    what, why, _how = refusal(workbook(名册=[["标题"], HEADINGS]))
    assert what == "表头下面没有数据"
    assert "第 2 行" in why


def test_it_refuses_two_columns_of_one_name(workbook, refusal):
    what, why, _how = refusal(workbook(名册=[[*HEADINGS, "身份证号"], [*ROW, ""]]))
    assert what == "有两列同名"
    assert "第 B、G 列" in why


def test_it_refuses_to_choose_between_two_rosters(workbook, refusal):
    assert "一村、二村" in refusal(workbook(一村=[HEADINGS, ROW], 二村=[HEADINGS, ROW]))[1]


def test_an_empty_second_roster_is_no_obstacle(workbook, read):
    _reader, rows = read(workbook(一村=[HEADINGS, ROW], 二村=[HEADINGS]))
    assert len(rows) == 1


def test_it_refuses_a_roster_in_a_hidden_sheet(workbook, refusal):
    def hide(book):
        book.get_worksheet_by_name("名册").hide()
        book.get_worksheet_by_name("封面").activate()

    what, why, _how = refusal(workbook(封面=[["封面"]], 名册=[HEADINGS, ROW], tweak=hide))
    assert what == "名册在隐藏的工作表里"
    assert "名册" in why


def test_it_uses_the_stored_result_of_a_formula(workbook, read):
    def formula(book):
        book.get_worksheet_by_name("名册").write_formula("E2", "=100*2", None, 200)

    _reader, rows = read(workbook(名册=[HEADINGS, ROW], tweak=formula))
    assert rows[0].amount == 20000


def test_it_marks_formulas_without_result_and_error_values(tmp_path, read):
    book = openpyxl.Workbook()
    book.active.append(HEADINGS)
    book.active.append(ROW)
    book.active["E2"] = "=100*2"
    book.active["F2"].value = "#N/A"
    book.active["F2"].data_type = "e"
    book.save(tmp_path / "formula.xlsx")
    reader, rows = read(tmp_path / "formula.xlsx")
    assert whats(reader) == [(2, "amount", "公式没有结果"), (2, "remark", "单元格是错误值")]
    assert rows[0].amount is None


def test_it_sees_that_a_number_cell_lost_its_digits(workbook, read):
    row = ["测试甲", 390101194103050017, *ROW[2:]]
    reader, _rows = read(workbook(名册=[HEADINGS, row]))
    assert whats(reader) == [(2, "number", "号码的末几位已经丢失")]
    assert "文本" in reader.findings[0].problem.how


@pytest.mark.parametrize("date_1904", [False, True])
def test_it_reads_date_cells_and_serials_in_both_calendars(workbook, read, date_1904):
    days = (dt.date(1941, 3, 5) - (dt.date(1904, 1, 1) if date_1904 else dt.date(1899, 12, 30))).days
    rows = [
        HEADINGS,
        ["测试甲", "390101194103050017", "男", dt.date(1941, 3, 5)],
        ["测试乙", "390101194103050033", "男", days],
        ["测试丙", "390101194103050050", "男", "1941年3月5日"],
    ]
    _reader, read_rows = read(workbook(options={"date_1904": date_1904}, 名册=rows))
    assert [r.birth_date for r in read_rows] == [dt.date(1941, 3, 5)] * 3


def test_it_finds_all_problems_of_all_rows_at_once(workbook, read):
    rows = [
        HEADINGS,
        ["", "123", "男", "1941-02-30", "二百", ""],
        ["测试乙", "390101194103050025", "男", "1941-03-05", 1, ""],
        ROW,
        ROW,
    ]
    reader, _rows = read(workbook(名册=rows))
    assert whats(reader) == [
        (2, "name", "必填项是空的"),
        (2, "number", "写法不对"),
        (2, "birth_date", "没有这一天"),
        (2, "amount", "不是金额"),
        (3, "sex", "性别与证件号码不符"),
        (5, "number", "文件内重复"),
    ]
    assert reader.findings[-1].problem.texts()[1] == "与第 4 行的“证件号码”相同"
    assert reader.bad_rows() == {2, 3, 5}


def test_blank_lines_and_footers_are_no_rows_and_none_is_lost(workbook, read):
    rows = [HEADINGS, ROW, [], ["合计", "", "", "", 200], ["填表人：某某", "审核人："]]
    reader, _rows = read(workbook(名册=rows))
    assert reader.rows == 1
    assert reader.findings == []
    assert reader.skipped == [(4, "合计"), (5, "填表人：某某")]


def test_a_person_is_no_footer(workbook, read):
    reader, _rows = read(workbook(名册=[HEADINGS, ["合计", *ROW[1:]]]))
    assert (reader.rows, reader.skipped) == (1, [])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_it_reads_text_in_any_usual_encoding(tmp_path, read, encoding, delimiter):
    lines = [HEADINGS, ["测试𠮷", '="390101194103050017"', "男", "1941/3/5", "", "备注，一"]]
    if encoding == "gb18030":
        lines[1][5] = "镕"
    path = tmp_path / "名册.csv"
    path.write_text("\r\n".join(delimiter.join(line) for line in lines), encoding=encoding)
    reader, rows = read(path)
    assert reader.findings == []
    assert (rows[0].name, rows[0].number) == ("测试𠮷", "390101194103050017")


def test_it_reads_the_old_binary_format(read):
    _reader, rows = read(Path(__file__).with_name("old.xls"))
    assert rows[0][1:] == ("测试甲", "390101194103050017", 1, dt.date(1941, 3, 5), 20000, None)


def test_a_text_named_xls_is_read_as_the_text_it_is(tmp_path, read):
    path = tmp_path / "名册.xls"
    path.write_text("\n".join("\t".join(map(str, line)) for line in (HEADINGS, ROW)), encoding="gb18030")
    assert len(read(path)[1]) == 1


def test_it_refuses_what_is_no_table(tmp_path, refusal):
    cases = {
        b"": "这个文件是空的",
        b"%PDF-1.7 ...": "不是能读的表格文件",
        b"<html><table><tr><td>x</td></tr></table></html>": "是网页，不是工作簿",
        b"PK\x03\x04 broken": "文件打不开",
        b"\x00\x01\x02\x03": "不是能读的表格文件",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600: "文件打不开",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"): "文件设了打开密码",
        "姓名,证件号码\n".encode() + b"\xff\xff\xff": "文件的文字编码认不出",
    }
    for content, what in cases.items():
        path = tmp_path / "file.xlsx"
        path.write_bytes(content)
        found = refusal(path)
        assert found[0] == what
        assert all(found)


def test_it_refuses_a_word_file_dressed_as_a_workbook(tmp_path, refusal):
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    assert "Word" in refusal(tmp_path / "a.xlsx")[1]


def test_it_refuses_a_file_over_the_limit_before_opening_it(workbook, refusal):
    path = workbook(名册=[HEADINGS, ROW])
    what, why, how = refusal(path, Limits(max_bytes=1024))
    assert what == "文件太大"
    assert "一次最多 0 MB" in why
    assert how


def test_the_limit_is_200_mb(tmp_path, refusal):
    path = tmp_path / "big.xlsx"
    with path.open("wb") as stream:
        stream.truncate(200 * 1024 * 1024 + 1)  # a sparse file: takes no room
    assert refusal(path)[1] == "文件有 201 MB，一次最多 200 MB"


def test_it_refuses_a_zip_bomb_without_unpacking_it(workbook, refusal):
    path = workbook(名册=[HEADINGS, ROW])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/bomb.xml", b"0" * (80 * 1024 * 1024))
    what, why, _how = refusal(path)
    assert what == "文件展开后大得不正常"
    assert "80 MB" in why


def test_it_refuses_a_part_that_lies_about_its_size(workbook, refusal):
    path = workbook(名册=[HEADINGS, ROW])
    content = bytearray(path.read_bytes())
    start = content.rfind(b"xl/worksheets/sheet1.xml") - 46  # its entry in the directory of the archive
    content[start + 24 : start + 28] = (10).to_bytes(4, "little")
    path.write_bytes(content)
    assert refusal(path)[0] == "文件打不开"


def test_it_refuses_a_stray_cell_far_out(workbook, refusal):
    def stray(book):
        book.get_worksheet_by_name("名册").write("XFD1048576", "x")

    what, why, how = refusal(workbook(名册=[HEADINGS, ROW], tweak=stray))
    assert what == "使用区域太大"
    assert "XFD1048576" in why
    assert "Ctrl+End" in how


def test_it_refuses_too_many_rows(workbook, template, context):
    template = type(template)(**{**template.__dict__, "max_rows": 1})
    table = find_table(open_book(workbook(名册=[HEADINGS, ROW, ROW])), template)
    with pytest.raises(FileRefused) as raised:
        read_all(table, template, context)
    assert raised.value.problem.texts()[1] == "这类导入一次最多 1 行"


def test_a_broken_csv_says_where(tmp_path, template, context):
    path = tmp_path / "a.csv"
    path.write_text(",".join(HEADINGS) + "\n" + ",".join(map(str, ROW)) + "\n甲," + "9" * 140_000, "utf-8")
    with pytest.raises(FileRefused) as raised:
        read_all(find_table(open_book(path), template), template, context)
    assert raised.value.problem.texts()[1].startswith("第 3 行附近")
