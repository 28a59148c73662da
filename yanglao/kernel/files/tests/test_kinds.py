from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yanglao.kernel.files import kinds
from yanglao.kernel.files.kinds import KINDS, FileRefused, check, clean_name

from .conftest import DOCX, PNG, XLSX, packed


@pytest.mark.parametrize(
    ("kind", "name", "content"),
    [
        ("xlsx", "名册.xlsx", XLSX),
        ("sheet", "名册.XLSX", XLSX),
        ("sheet", "名册.csv", "姓名,性别\n甲,女\n".encode("gb18030")),
        ("csv", "名册.csv", "姓名,性别\n".encode("utf-8-sig")),
        ("csv", "名册.txt", "姓名\n".encode() * 5000),
        ("docx", "通知.docx", DOCX),
        ("pdf", "通知.pdf", b"%PDF-1.7 ..."),
        ("image", "照片.png", PNG),
        ("image", "照片.jpeg", b"\xff\xd8\xff\xe0" + bytes(20)),
        ("image", "照片.webp", b"RIFF\0\0\0\0WEBPVP8 "),
        ("document", "证明.pdf", b"%PDF-1.4"),
    ],
)
def test_it_takes_what_was_asked_for(kind: str, name: str, content: bytes) -> None:
    assert check(name, io.BytesIO(content), KINDS[kind]) in KINDS[kind].types


@pytest.mark.parametrize(
    ("kind", "name", "content", "why"),
    [
        ("xlsx", "a.xlsx", b"MZ\x90\0" + bytes(50), r"这里需要Excel 工作簿（\.xlsx）"),
        ("xlsx", "a.xlsx", PNG, "请选择正确的文件"),
        ("xlsx", "a.docx", DOCX, "请选择正确的文件"),
        ("image", "a.png", b"<svg xmlns='x'><script/></svg>", "这里需要图片"),
        ("xlsx", "a.xls", b"\xd0\xcf\x11\xe0" + bytes(50), "去掉密码，另存为"),
        ("xlsx", "a.png", XLSX, "扩展名却是 .png"),
        ("xlsx", "a.xlsx", XLSX[:60], "文件已损坏"),
        ("xlsx", "a.xlsx", packed("xl/workbook.xml", "xl/vbaProject.bin"), "带有宏"),
        ("csv", "a.csv", b"\x00\x01\x02binary", "请选择正确的文件"),
        ("csv", "a.csv", b"\xff\xfe\xfa\xff\xff", "请选择正确的文件"),
    ],
)
def test_it_says_why_it_refuses(kind: str, name: str, content: bytes, why: str) -> None:
    with pytest.raises(FileRefused, match=why):
        check(name, io.BytesIO(content), KINDS[kind])


def test_it_refuses_a_zip_bomb() -> None:
    bomb = packed("xl/workbook.xml", content=bytes(60 * kinds.MB))
    assert len(bomb) < kinds.MB
    with pytest.raises(FileRefused, match=r"解压后过大（60 MB）"):
        check("a.xlsx", io.BytesIO(bomb), KINDS["xlsx"])


def test_it_refuses_a_swarm_of_members() -> None:
    swarm = packed(*(f"xl/{n}" for n in range(kinds.ZIP_ENTRIES + 1)))
    with pytest.raises(FileRefused, match="解压后过大"):
        check("a.xlsx", io.BytesIO(swarm), KINDS["xlsx"])


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\名册.xlsx", "名册.xlsx"),
        ("a\r\nb\0.csv", "ab.csv"),
        ("..", "file"),
        (".xlsx", "xlsx"),
        ("长" * 300 + ".xlsx", "长" * 145 + ".xlsx"),
    ],
)
def test_it_keeps_only_a_bare_name(given_name: str, kept: str) -> None:
    assert clean_name(given_name) == kept


@given(st.text(max_size=400))
def test_no_name_leads_anywhere(name: str) -> None:
    kept = clean_name(name)
    assert kept
    assert len(kept) <= 150
    assert not set(kept) & set("/\\\0\r\n")
    assert kept not in (".", "..")
