"""Tables with merged cells in Word, web and PDF files; two columns of a page; cells that go on over a page."""
# i18n: data

from __future__ import annotations

import io

import docx
import typst

from yanglao.steering.documents.reading.document import Reading, read
from yanglao.steering.documents.reading.opening import open_file

HEAD = ["序号", "任务", "目标", "牵头单位", "配合单位", "完成时限"]
BODY = [
    ["1", "新建嵌入式服务综合体，建成后投入运营", "12个", "县民政局", "县住建局、县财政局", "10月底前"],
    ["2", "改造农村敬老院", "30所", "", "县财政局", "11月底前"],
    ["3", "培训护理员", "600人次", "县人社局", "县民政局", ""],
]
TITLE = "青禾县2026年重点任务分解表"


def is_read(reading: Reading) -> None:
    assert [(t.departments, str(t.deadline), t.measure) for t in reading.tasks] == [
        (("县民政局", "县住建局", "县财政局"), "2026-10-31", "设施建设"),
        (("县民政局", "县财政局"), "2026-11-30", "设施建设"),
        (("县人社局", "县民政局"), "2026-11-30", "设施建设"),
    ]
    assert [(f.number, f.unit) for f in reading.targets] == [(12, "个"), (30, "所"), (600, "人次")]
    assert not reading.unread


def test_a_word_table_with_merged_cells() -> None:
    document = docx.Document()
    document.add_paragraph(TITLE)
    table = document.add_table(rows=5, cols=6)
    for number, row in enumerate([HEAD, ["一、设施建设", "", "", "", "", ""], *BODY]):
        for place, words in enumerate(row):
            table.cell(number, place).text = words
    table.cell(1, 0).merge(table.cell(1, 5))
    table.cell(2, 3).merge(table.cell(3, 3))
    table.cell(3, 5).merge(table.cell(4, 5))
    stream = io.BytesIO()
    document.save(stream)
    is_read(read(open_file("a.docx", stream.getvalue())))


def test_a_web_table_with_merged_cells() -> None:
    cells = [
        "".join(f"<th>{words}</th>" for words in HEAD),
        '<td colspan="6"><p>一、设施建设</p></td>',
        "".join(f"<td{' rowspan=2' if i == 3 else ''}>{words}</td>" for i, words in enumerate(BODY[0])),
        "".join(
            f"<td{' rowspan=2' if i == 5 else ''}>{words}</td>" for i, words in enumerate(BODY[1]) if i != 3
        ),
        "".join(f"<td>{words}</td>" for words in BODY[2][:5]),
    ]
    rows = "".join(f"<tr>{row}</tr>" for row in cells)
    is_read(
        read(open_file("a.html", f"<html><body><p>{TITLE}</p><table>{rows}</table></body></html>".encode()))
    )


def test_a_ruled_table_of_a_pdf_with_merged_cells() -> None:
    rows = "".join(f"[{words}], " for words in HEAD) + "table.cell(colspan: 6)[一、设施建设], "
    for number, row in enumerate(BODY):
        for place, words in enumerate(row):
            if (number, place) in ((1, 3), (2, 5)):
                continue
            spans = (number, place) in ((0, 3), (1, 5))
            rows += f"table.cell(rowspan: 2)[{words}], " if spans else f"[{words}], "
    source = (
        '#set page(paper: "a4", margin: 2cm)\n#set text(font: "Noto Serif CJK SC", size: 11pt)\n'
        f"{TITLE}\n\n#table(columns: (1cm, 4cm, 2cm, 3cm, 3cm, 2.5cm), {rows})\n"
        "各单位要高度重视，认真落实。\n"
    )
    reading = read(open_file("a.pdf", typst.compile(source.encode())))
    is_read(reading)
    assert reading.text.text.rstrip().endswith("认真落实。")


def drawn(lines: list[tuple[int, int, str]]) -> bytes:
    """A PDF page whose lines were drawn in this order, each at (x, y)."""
    from yanglao.steering.documents.tests.test_opening import pdf

    text = b" ".join(
        b"1 0 0 1 %d %d Tm <%s> Tj" % (x, y, words.encode("utf-16-be").hex().encode())
        for x, y, words in lines
    )
    page = pdf(["占位"])
    start, end = page.index(b"BT /F 10 Tf"), page.index(b" ET") + 3
    return page[:start] + b"BT /F 10 Tf " + text + b" ET" + page[end:]


def test_two_columns_are_read_one_after_the_other() -> None:
    left = [f"左栏第{n}行写明新建服务站点{n}个并且" for n in range(1, 13)]
    right = [f"右栏第{n}行写明培训护理员{n}名并且" for n in range(1, 13)]
    lines = [(200, 800, "青禾县养老服务工作要点")]
    for number in range(12):
        y = 760 - 16 * number
        lines += [(40, y, left[number]), (320, y, right[number])]
    lines.append((40, 540, "以上工作由各有关单位按照职责分工抓好落实，年底前报送完成情况和存在的问题。"))
    text = open_file("a.pdf", drawn(lines)).text
    order = [text.index(words) for words in ["青禾县养老", *left, *right, "以上工作"]]
    assert order == sorted(order)
