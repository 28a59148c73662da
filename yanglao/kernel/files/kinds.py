"""Which files are taken, by what is in them and not by what they are called. No Django models here."""

from __future__ import annotations

import codecs
import re
import unicodedata
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

MB = 1024 * 1024
ZIP_ENTRIES = 5_000
ZIP_BYTES = 800 * MB  # a worksheet of a million rows unpacks to about 500 MB
ZIP_RATIO = 200  # real workbooks pack to a tenth or a twentieth
ZIP_RATIO_FROM = 50 * MB

_PACKED = "application/vnd.openxmlformats-officedocument."
XLSX = _PACKED + "spreadsheetml.sheet"
DOCX = _PACKED + "wordprocessingml.document"
EXTENSIONS = {
    XLSX: ("xlsx",),
    DOCX: ("docx",),
    "application/pdf": ("pdf",),
    "text/csv": ("csv", "txt"),
    "image/png": ("png",),
    "image/jpeg": ("jpg", "jpeg"),
    "image/webp": ("webp",),
}


class FileRefused(ValidationError):
    """The file is not taken; the text says why and how to mend it."""


@dataclass(frozen=True)
class Kind:
    """A kind of file a room may ask for: the media types it takes and the most bytes.

    `checked=False`: kept as it came, because the room that reads it looks into it itself and says more precisely
    what is wrong (a roster import).
    """

    name: str
    label: object
    types: tuple[str, ...]
    max_bytes: int
    checked: bool = True

    @property
    def extensions(self) -> tuple[str, ...]:
        return tuple(extension for one in self.types for extension in EXTENSIONS[one])

    @property
    def accept(self) -> str:
        """For the `accept` attribute of a file input."""
        return ",".join(f".{extension}" for extension in self.extensions)


_IMAGES = ("image/png", "image/jpeg", "image/webp")
KINDS = {
    kind.name: kind
    for kind in (
        Kind("xlsx", gettext_lazy("Excel 工作簿"), (XLSX,), 60 * MB),
        Kind("csv", gettext_lazy("CSV 文本"), ("text/csv",), 200 * MB),
        Kind("sheet", gettext_lazy("Excel 工作簿或 CSV 文本"), (XLSX, "text/csv"), 60 * MB),
        Kind("import", gettext_lazy("Excel 工作簿或 CSV 文本"), (XLSX, "text/csv"), 200 * MB, checked=False),
        # read by steering.documents, which says itself why a file cannot be read
        Kind(
            "policy",
            gettext_lazy("Word、PDF、文本或网页"),
            (DOCX, "application/pdf", "text/csv"),
            50 * MB,
            checked=False,
        ),
        Kind("image", gettext_lazy("图片"), _IMAGES, 15 * MB),
        Kind("pdf", "PDF", ("application/pdf",), 50 * MB),
        Kind("docx", gettext_lazy("Word 文档"), (DOCX,), 30 * MB),
        Kind("document", gettext_lazy("PDF、Word 文档或图片"), ("application/pdf", DOCX, *_IMAGES), 50 * MB),
    )
}


def clean_name(name: str) -> str:
    """The bare file name, for showing only: no folders, no control characters, at most 150 characters."""
    bare = re.split(r"[\\/]", unicodedata.normalize("NFC", name))[-1]
    bare = "".join(c for c in bare if unicodedata.category(c)[0] != "C").strip(" .")
    stem, dot, extension = bare.rpartition(".")
    if not dot:
        return bare[:150] or "file"
    return f"{stem[: 149 - len(extension)] or 'file'}.{extension[:20]}"


def check(name: str, stream: IO[bytes], kind: Kind) -> str:
    """The media type of a seekable stream. Raises FileRefused when it is not of the kind, or harmful."""
    stream.seek(0)
    if not kind.checked:
        return "application/octet-stream"
    media_type = sniff(stream)
    if media_type not in kind.types:
        raise FileRefused(_not_wanted(name, kind, media_type), code="type")
    extension = name.rpartition(".")[2].lower()
    if extension not in EXTENSIONS[media_type]:
        message = _("文件“%(name)s”的内容是 %(real)s，扩展名却是 .%(extension)s。请改正扩展名后重新上传。")
        raise FileRefused(
            message % {"name": name, "real": EXTENSIONS[media_type][0], "extension": extension},
            code="extension",
        )
    stream.seek(0)
    return media_type


def _not_wanted(name: str, kind: Kind, media_type: str) -> str:
    if media_type == "application/x-ole":
        return _(
            "“%(name)s”是旧版（.xls、.doc）或加了密码的文件。请用 Office 或 WPS 去掉密码，另存为 .xlsx（.docx）后上传。"
        ) % {"name": name}
    return _("这里需要%(label)s（%(extensions)s），而“%(name)s”的内容不是。请选择正确的文件。") % {
        "label": kind.label,
        "extensions": "、".join(f".{e}" for e in kind.extensions),
        "name": name,
    }


def sniff(stream: IO[bytes]) -> str:
    """The media type by content; "" when it is none of ours. Raises FileRefused for bombs and macros."""
    head = stream.read(8192)
    for start, what in _MAGIC.items():
        if head.startswith(start):
            return what(stream) if callable(what) else what
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    return "text/csv" if _is_text(head) else ""


def _packed(stream: IO[bytes]) -> str:
    stream.seek(0)
    try:
        with zipfile.ZipFile(stream) as archive:
            names = _safe_names(archive)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        raise FileRefused(
            _("文件已损坏，无法打开。请在 Office 或 WPS 中打开、另存后重新上传。"), code="broken"
        ) from None
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise FileRefused(_("文件带有宏。请另存为不带宏的 .xlsx（.docx）后上传。"), code="macro")
    if "xl/workbook.xml" in names:
        return XLSX
    return DOCX if "word/document.xml" in names else ""


def _safe_names(archive: zipfile.ZipFile) -> set[str]:
    entries = archive.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries) or 1
    bomb = unpacked > ZIP_BYTES or (unpacked > ZIP_RATIO_FROM and unpacked / packed > ZIP_RATIO)
    if bomb or len(entries) > ZIP_ENTRIES:
        message = _(
            "文件解压后过大（%(size)d MB），可能不是正常的表格。请删除多余的空行、格式和图片后重新上传。"
        )
        raise FileRefused(message % {"size": unpacked // MB}, code="bomb")
    return {entry.filename for entry in entries}


def _is_text(head: bytes) -> bool:
    if not head or b"\0" in head:
        return False
    return any(_decodes(head, encoding) for encoding in ("utf-8", "gb18030"))


def _decodes(head: bytes, encoding: str) -> bool:
    try:
        codecs.getincrementaldecoder(encoding)().decode(head, final=len(head) < 8192)
    except UnicodeDecodeError:
        return False
    return True


_MAGIC: dict[bytes, str | Callable[[IO[bytes]], str]] = {
    b"PK\x03\x04": _packed,
    b"%PDF-": "application/pdf",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"\xd0\xcf\x11\xe0": "application/x-ole",
}
