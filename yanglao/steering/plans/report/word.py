# i18n: data — words of the Chinese document
"""The report as a Word file in the layout of official documents (GB/T 9704).

The fonts are named, not embedded: the user's Word supplies 仿宋_GB2312, 黑体, 楷体_GB2312 and 方正小标宋简体.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from yanglao.steering.plans.report.content import Report, Section, chinese_date, compose, notes
from yanglao.steering.plans.report.pdf import table, write_chart

BODY, HEAD, TITLE = "仿宋_GB2312", "黑体", "方正小标宋简体"
INKS = {"green": "2B8A3E", "amber": "A86200", "red": "C92A2A", "grey": "6C757D"}
WIDTHS = (10, 38, 22, 22, 14, 20, 18, 12)  # mm, together the width of the text
COLUMNS = ("序号", "目标", "目标值", "现值", "进度", "状态", "来源", "注")


def write_word(report: Report) -> bytes:
    """The whole report as .docx."""
    document = _blank(report)
    _opening(document, report)
    for section in compose(report):
        _write_section(document, section)
    _chart(document, report)
    document.add_page_break()
    _attachments(document, report)
    made = BytesIO()
    document.save(made)
    return made.getvalue()


def _blank(report: Report) -> Any:
    document = Document()
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.top_margin, page.bottom_margin = Mm(37), Mm(35)
    page.left_margin, page.right_margin = Mm(28), Mm(26)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = BODY, Pt(16)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), BODY)
    document.core_properties.title = report.title
    document.core_properties.author = report.issuer
    _page_number(page.footer.paragraphs[0])
    return document


def _page_number(paragraph: Any) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(paragraph, "— ", size=14)
    run = paragraph.add_run()
    for kind, text in (("begin", None), (None, "PAGE"), ("end", None)):
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = text
        run._r.append(element)
    _run(paragraph, " —", size=14)


def _run(
    paragraph: Any, text: str, *, font: str = BODY, size: float = 16, bold: bool = False, ink: str = ""
) -> Any:
    run = paragraph.add_run(text)
    run.font.name, run.font.size, run.bold = font, Pt(size), bold
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
    if ink:
        run.font.color.rgb = RGBColor.from_string(ink)
    return run


def _paragraph(
    document: Any, *, align: Any = None, indent: bool = True, spacing: float = 28, keep: bool = False
) -> Any:
    paragraph = document.add_paragraph()
    layout = paragraph.paragraph_format
    layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(spacing)
    layout.space_before = layout.space_after = Pt(0)
    layout.keep_with_next = keep
    if indent:
        layout.first_line_indent = Pt(32)
    if align is not None:
        paragraph.alignment = align
    return paragraph


def _opening(document: Any, report: Report) -> None:
    centre = WD_ALIGN_PARAGRAPH.CENTER
    if report.demonstration:
        mark = _paragraph(document, align=centre, indent=False)
        _run(mark, "【演示】演示年度、演示数据，不是已发布的报告", size=12, ink=INKS["red"])
    _run(_paragraph(document, align=centre, indent=False, spacing=36), report.title, font=TITLE, size=22)
    issued = _paragraph(document, align=centre, indent=False, spacing=32)
    _run(issued, f"{report.issuer}　{chinese_date(report.as_of)}", font="楷体_GB2312", size=16)


def _write_section(document: Any, section: Section) -> None:
    _run(_paragraph(document, keep=True), section.heading, font=HEAD)
    for part in section.paragraphs:
        paragraph = _paragraph(document)
        if part.lead:
            _run(paragraph, part.lead, font="楷体_GB2312")
        for piece in part.runs:
            _run(paragraph, piece.text)
            if piece.note is not None:
                _run(paragraph, f"[{piece.note}]", size=14).font.superscript = True


def _chart(document: Any, report: Report) -> None:
    caption = _paragraph(document, align=WD_ALIGN_PARAGRAPH.CENTER, indent=False, keep=True)
    _run(caption, f"图1　目标状态与进度对照（截至{chinese_date(report.as_of)}）", font=HEAD, size=12)
    holder = document.add_paragraph()
    holder.alignment = WD_ALIGN_PARAGRAPH.CENTER
    picture = holder.add_run().add_picture(BytesIO(write_chart(report)), width=Mm(156))
    words = f"目标状态与进度对照图，共{len(report.lines)}项目标，数值见附件1"
    picture._inline.docPr.set("descr", words)


def _attachments(document: Any, report: Report) -> None:
    _heading(document, "附件1　目标进展表")
    _targets_table(document, report)
    if report.units:
        _heading(document, "附件2　填报情况")
        _units_table(document, report)
    if report.ranking:
        _heading(document, f"附件3　各地排名：{report.ranked_by[0]}")
        _ranking_table(document, report)
    _heading(document, "附注　数据来源与口径")
    for number, note in enumerate(notes(report), start=1):
        _run(_paragraph(document, indent=False, spacing=16), f"[{number}] {note}", size=10.5)


def _heading(document: Any, text: str) -> None:
    _run(_paragraph(document, indent=False, spacing=32, keep=True), text, font=HEAD)


def _targets_table(document: Any, report: Report) -> None:
    grid = _grid(document, COLUMNS, WIDTHS)
    for line in table(report):
        words = [line["n"], line["name"], line["goal"], line["value"], line["progress"], line["state"]]
        words += [line["origin"], f"[{line['note']}]" if line["note"] else ""]
        cells = grid.add_row().cells
        for column, (cell, word) in enumerate(zip(cells, words, strict=True)):
            ink = INKS[line["light"]] if column == 5 else ""
            _fill(cell, str(word), WIDTHS[column], left=column == 1, ink=ink)


def _units_table(document: Any, report: Report) -> None:
    widths = (80, 38, 38)
    grid = _grid(document, ("填报单位", "已填项/应填项", "上报日期"), widths)
    for unit in report.units:
        sent = chinese_date(unit.sent_on) if unit.sent_on else "未报"
        words = (unit.name, f"{unit.filled}/{unit.asked}", sent)
        for column, (cell, word) in enumerate(zip(grid.add_row().cells, words, strict=True)):
            _fill(cell, word, widths[column], left=column == 0)


def _ranking_table(document: Any, report: Report) -> None:
    items = report.ranked_by[1:]
    widths = (12, 30, 20, *([94 // max(len(items), 1)] * len(items)))
    grid = _grid(document, ("名次", "区县", "总分", *items), widths)
    for one in report.ranking:
        words = (str(one.rank), one.name, one.total, *one.points)
        for column, (cell, word) in enumerate(zip(grid.add_row().cells, words, strict=True)):
            _fill(cell, word, widths[column], left=column == 1)


def _grid(document: Any, columns: tuple[str, ...], widths: tuple[int, ...]) -> Any:
    grid = document.add_table(rows=1, cols=len(columns))
    grid.style, grid.alignment, grid.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
    for column, width in zip(grid.columns, widths, strict=True):
        column.width = Mm(width)
    head = grid.rows[0]
    for cell, word, width in zip(head.cells, columns, widths, strict=True):
        _fill(cell, word, width, font=HEAD)
    repeat = OxmlElement("w:tblHeader")  # python-docx has no word for a header row that repeats on each page
    repeat.set(qn("w:val"), "true")
    head._tr.get_or_add_trPr().append(repeat)
    return grid


def _fill(cell: Any, text: str, width: int, *, left: bool = False, font: str = BODY, ink: str = "") -> None:
    cell.width = Mm(width)
    paragraph = cell.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT if left else WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.space_after = Pt(0)
    paragraph.paragraph_format.line_spacing = 1.1
    _run(paragraph, text, font=font, size=9, ink=ink)
