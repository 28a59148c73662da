"""Files of every form, and those that cannot be read."""
# i18n: data

from __future__ import annotations

import io

import docx
import pytest

from yanglao.steering.documents.reading.document import read
from yanglao.steering.documents.reading.opened import Unreadable
from yanglao.steering.documents.reading.opening import open_file, open_pasted
from yanglao.steering.documents.reading.repair import repaired
from yanglao.steering.documents.tests.made_up import PLAN

LOCKED = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\n"
    b"4 0 obj<</Filter/Standard/V 1/R 2/O<" + b"41" * 32 + b">/U<" + b"42" * 32 + b">/P -4>>endobj\n"
    b"trailer<</Root 1 0 R/Encrypt 4 0 R/ID[<00><00>]/Size 5>>\n%%EOF"
)


def pdf(pages: list[str]) -> bytes:
    """A PDF with its text in a font every reader has the characters of; an empty page has none."""
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b""]
    kids = []
    font = b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UTF16-H/DescendantFonts[<</Type/Font"
    font += b"/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>"
    font += b"/FontDescriptor<</Type/FontDescriptor/FontName/STSong-Light/Flags 4/FontBBox[0 0 1000 1000]/ItalicAngle 0"
    font += b"/Ascent 800/Descent -200/CapHeight 700/StemV 80>>>>]>>"
    objects.append(font)
    for text in pages:
        lines = [line.encode("utf-16-be").hex().encode() for line in text.split("\n")]
        drawn = b"BT /F 10 Tf 40 780 Td " + b" ".join(b"<" + h + b"> Tj 0 -14 Td" for h in lines) + b" ET"
        stream = drawn if text else b""
        objects.append(b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream))
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents %d 0 R/Resources<</Font<</F 3 0 R>>>>>>"
            % len(objects)
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<</Type/Pages/Kids[" + b" ".join(kids) + b"]/Count %d>>" % len(kids)
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + table
    return (
        out + end + b"trailer<</Root 1 0 R/Size %d>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, len(out))
    )


def wrapped(text: str, width: int = 30) -> list[str]:
    return [line[i : i + width] for line in text.split("\n") for i in range(0, max(len(line), 1), width)]


def test_a_word_file_keeps_the_numbers_word_counts_itself() -> None:
    document = docx.Document()
    document.add_paragraph("某县养老服务工作要点")
    for words in ("新建养老服务中心3个。", "培训护理员200人次。"):
        document.add_paragraph(words, style="List Number")
    stream = io.BytesIO()
    document.save(stream)
    reading = read(open_file("a.docx", stream.getvalue()))
    assert [(n.label, n.title) for n in reading.nodes[1:]] == [
        ("1.", "新建养老服务中心3个"),
        ("2.", "培训护理员200人次"),
    ]


def test_a_merged_cell_of_a_word_table_counts_in_every_row() -> None:
    document = docx.Document()
    table = document.add_table(rows=3, cols=3)
    for column, words in enumerate(("类别", "重点任务", "目标值（个）")):
        table.cell(0, column).text = words
    table.cell(1, 0).merge(table.cell(2, 0)).text = "设施"
    for row, (words, number) in enumerate((("新建食堂", "8"), ("新建驿站", "12")), start=1):
        table.cell(row, 1).text, table.cell(row, 2).text = words, number
    stream = io.BytesIO()
    document.save(stream)
    reading = read(open_file("a.docx", stream.getvalue()))
    assert [(t.measure, t.title) for t in reading.tasks] == [("设施", "新建食堂"), ("设施", "新建驿站")]
    assert [(f.number, f.unit) for f in reading.targets] == [(8, "个"), (12, "个")]


def test_a_pdf_loses_its_running_heads_and_its_line_ends() -> None:
    lines = wrapped(PLAN)
    pages = ["\n".join(["某县人民政府公报", *lines[i : i + 8], f"— {i} —"]) for i in range(0, len(lines), 8)]
    opened = open_file("a.pdf", pdf(pages))
    text = repaired(opened).text
    assert opened.pages == len(pages) >= 3
    assert "公报" not in text
    assert "牵头单位：县民政局；配合单位：县自然资源局、县财政局" in text
    assert {f.number for f in read(opened).targets} >= {3, 45, 60, 35, 1200}


def test_five_hundred_pages_are_read_to_the_end() -> None:
    pages = [f"第{n}页说明\n（{n}）到2027年底，新建服务站点{n + 100}个。" for n in range(500)]
    opened = open_file("long.pdf", pdf(pages))
    assert (opened.pages, opened.read) == (500, 500)
    assert "599个" in opened.text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_texts_in_every_usual_encoding_are_read(encoding: str) -> None:
    assert "幸福院" in open_file("a.txt", PLAN.encode(encoding)).text


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"  \r\n \t", "empty"),
        (LOCKED, "password"),
        (pdf(["", "", ""]), "image_only"),
        (b"%PDF-1.7 cut off", "broken"),
        (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "password"),
        (b"\xd0\xcf\x11\xe0 WordDocument", "old_word"),
        (b"\xff\xd8\xff\xe0 a picture", "image_only"),
        (PLAN.encode().decode("gb18030", errors="replace").encode(), "garbled"),
        (b"\x00\x01\x02binary\x00" * 30, "unknown"),
        (b"An English text of some length that speaks of nothing here." * 3, "not_chinese"),
    ],
)
def test_what_cannot_be_read_is_named(content: bytes, code: str) -> None:
    with pytest.raises(Unreadable) as refused:
        open_file("file", content)
    assert refused.value.code == code


def test_a_text_far_too_long_says_how_far_it_was_read() -> None:
    opened = open_pasted("某市养老服务规划要求各地建设服务中心三个。\n" * 90_000)
    assert opened.cut_at > len(opened.text) > 1_000_000
