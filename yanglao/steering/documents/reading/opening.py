"""Opens a file or a pasted text, and says clearly why when it cannot."""
# i18n: data

from __future__ import annotations

import codecs
import unicodedata

from .opened import Opened, Unreadable
from .pdf import open_pdf
from .scripts import simplified
from .web import open_html
from .word import open_docx

MOST_CHARACTERS = 1_500_000  # about 1,500 pages of a printed plan
LEAST_CHARACTERS = 10
_BAD_SHARE = 0.02
_OLE = b"\xd0\xcf\x11\xe0"
_RUINS = ("锟斤拷", "烫烫烫", "屯屯屯", "ï»¿", "Ã¤", "å…»", "çš„")


def open_file(name: str, data: bytes) -> Opened:
    """The text of a .docx, .pdf, .txt or .html file, told by its content. Raises Unreadable."""
    if not data.strip(b"\0\r\n\t \xef\xbb\xbf"):
        raise Unreadable("empty", name=name)
    opened = _of_form(name, data)
    return _checked(name, opened)


def open_pasted(text: str) -> Opened:
    """A text somebody pasted. Raises Unreadable."""
    return _checked("", Opened(_clean(text), "pasted"))


def _of_form(name: str, data: bytes) -> Opened:
    if data.startswith(b"%PDF-") or b"%PDF-" in data[:1024]:
        return open_pdf(name, data)
    if data.startswith(b"PK\x03\x04"):
        return open_docx(name, data)
    if data.startswith(_OLE):
        locked = "EncryptedPackage".encode("utf-16-le") in data
        raise Unreadable("password" if locked else "old_word", name=name)
    if data.startswith((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*", b"RIFF")):
        raise Unreadable("image_only", name=name, pages=1)
    text = decode(name, data)
    if looks_like_html(text):
        return open_html(text)
    return Opened(_clean(text), "txt")


def looks_like_html(text: str) -> bool:
    head = text[:4000].lower()
    return any(
        sign in head for sign in ("<!doctype html", "<html", "<body", "<head", "<div", "<p>", "<table")
    )


def decode(name: str, data: bytes) -> str:
    """UTF-8, UTF-16 with its mark, or GB18030. Raises Unreadable("unknown") for what is no text."""
    for mark, encoding in ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if data.startswith(mark):
            return data.decode(encoding, errors="replace")
    if b"\0" in data[:4096]:
        raise Unreadable("unknown", name=name)
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    # a cut or slightly damaged file: whichever encoding loses less
    tries = [data.decode(encoding, errors="replace") for encoding in ("utf-8", "gb18030")]
    return min(tries, key=lambda text: text.count("\ufffd"))


def _clean(text: str) -> str:
    """Line ends as \\n; no control characters."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0c", "\n").replace("\ufeff", "")
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) != "Cc")


def _checked(name: str, opened: Opened) -> Opened:
    text = opened.text
    visible = sum(not c.isspace() for c in text)
    if not visible:
        raise Unreadable("image_only" if opened.pages else "empty", name=name, pages=opened.pages)
    if opened.pages and visible < max(LEAST_CHARACTERS, opened.pages * 4):
        raise Unreadable("image_only", name=name, pages=opened.pages)
    if broken_share(text) > _BAD_SHARE or looks_garbled(text):
        raise Unreadable("garbled", name=name)
    han = sum("\u3400" <= c <= "\u9fff" for c in text)
    if han < max(LEAST_CHARACTERS, visible // 20):
        raise Unreadable("empty" if visible < LEAST_CHARACTERS else "not_chinese", name=name)
    return _shortened(opened)


def _shortened(opened: Opened) -> Opened:
    if len(opened.text) <= MOST_CHARACTERS:
        return opened
    at = opened.text.rfind("\n", 0, MOST_CHARACTERS)
    at = at if at > 0 else MOST_CHARACTERS
    kept = tuple(f for f in opened.furniture if f.end <= at)
    return Opened(
        opened.text[:at], opened.form, opened.pages, opened.read, opened.empty_pages, opened.title,
        opened.wrapped, tuple(p for p in opened.page_starts if p < at), kept, len(opened.text),
    )  # fmt: skip


def broken_share(text: str) -> float:
    """The share of characters that stand for something lost: replacement signs, private use, known ruins."""
    bad = sum(c == "\ufffd" or unicodedata.category(c) in ("Co", "Cn") for c in text)
    bad += sum(text.count(ruin) * len(ruin) for ruin in _RUINS)
    return bad / max(len(text), 1)


def looks_garbled(text: str) -> bool:
    """UTF-8 read as GBK gives rare characters only: ordinary writing is nine tenths of the common first level."""
    sample = simplified(text[:20_000])
    han = [c for c in sample if "\u4e00" <= c <= "\u9fff"]
    if len(han) < 20:
        return False
    common = sum(_is_common(c) for c in han)
    return common / len(han) < 0.75


def _is_common(sign: str) -> bool:
    try:
        code = sign.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return 0xB0 <= code[0] <= 0xD7
