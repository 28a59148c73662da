"""What kind of file this is, told from its bytes: the ending of its name often lies."""

from __future__ import annotations

import mmap
import zipfile
from pathlib import Path
from typing import Literal

from .limits import LIMITS, Limits, check_size
from .problems import FileRefused, Problem
from .problems import mark as _

Kind = Literal["xlsx", "xls", "text"]

EMPTY_FILE = Problem(_("这个文件是空的"), _("文件里没有任何内容"), _("确认选对了文件，打开看一看再上传"))
CORRUPT = Problem(
    _("文件打不开"),
    _("文件已损坏或没有传完整：{detail}"),
    _("在表格软件里打开并“另存为”Excel 工作簿（.xlsx），再上传新存的文件"),
)
PASSWORD = Problem(
    _("文件设了打开密码"),
    _("加密的工作簿系统读不了"),
    _("在表格软件里打开，去掉密码（文件→信息→保护工作簿→用密码加密，清空）后另存再上传"),
)
OTHER_FORMAT = Problem(
    _("不是能读的表格文件"),
    _("这是 {format} 文件，系统读 Excel 工作簿（.xlsx、.xls）和 CSV"),
    _("在表格软件里打开，“另存为”Excel 工作簿（.xlsx）后上传"),
)
WEB_TABLE = Problem(
    _("是网页，不是工作簿"),
    _("有些系统导出的“Excel”其实是网页或 XML，只是名字叫 .xls"),
    _("在 Excel 或 WPS 里打开，“另存为”Excel 工作簿（.xlsx）后上传"),
)

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OTHERS = {
    b"%PDF": "PDF",
    b"\xff\xd8\xff": "JPEG",
    b"\x89PNG": "PNG",
    b"GIF8": "GIF",
    b"Rar!": "RAR",
    b"7z\xbc\xaf": "7z",
}


def recognise(path: Path, limits: Limits = LIMITS) -> Kind:
    """Tell a workbook from a text; raises FileRefused for anything that is neither."""
    size = path.stat().st_size
    check_size(size, limits)
    with path.open("rb") as stream:
        head = stream.read(4096)
    if not head.strip():
        raise FileRefused(EMPTY_FILE)
    if head.startswith(b"PK"):
        return _zipped(path)
    if head.startswith(OLE):
        return _compound(path)
    return _plain(head)


def _zipped(path: Path) -> Kind:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise FileRefused(CORRUPT.with_params(detail=str(error))) from error
    if any(name.lower().startswith("xl/") and name.endswith("workbook.xml") for name in names):
        return "xlsx"
    raise FileRefused(OTHER_FORMAT.with_params(format=_zip_format(names)))


def _zip_format(names: set[str]) -> str:
    if any(name.startswith("word/") for name in names):
        return "Word"
    if any(name.endswith("workbook.bin") for name in names):
        return "XLSB"
    return "ODS" if "content.xml" in names else "ZIP"


def _compound(path: Path) -> Kind:
    with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as content:
        if content.find("EncryptedPackage".encode("utf-16-le")) >= 0:
            raise FileRefused(PASSWORD)
        if content.find("WordDocument".encode("utf-16-le")) >= 0:
            raise FileRefused(OTHER_FORMAT.with_params(format="Word"))
    return "xls"


def _plain(head: bytes) -> Kind:
    for sign, name in OTHERS.items():
        if head.startswith(sign):
            raise FileRefused(OTHER_FORMAT.with_params(format=name))
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:512].lower()
    if start.startswith((b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta", b"<style")):
        raise FileRefused(WEB_TABLE)
    if b"\0" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise FileRefused(OTHER_FORMAT.with_params(format="binary"))
    return "text"
