"""PDF files, by PDFium: it has the character maps of Chinese fonts that lie outside the file, and reads 500 pages
in seconds where the readers written in Python take minutes."""

from __future__ import annotations

import threading
from collections import Counter

import pypdfium2 as pdfium

from .opened import Furniture, Opened, Unreadable
from .ruled import page_text

MOST_PAGES = 1_500
_ONE_AT_A_TIME = threading.Lock()  # PDFium is not made for threads


def open_pdf(name: str, data: bytes) -> Opened:
    """Raises Unreadable: password, broken. A scanned file comes back with empty pages."""
    with _ONE_AT_A_TIME:
        try:
            document = pdfium.PdfDocument(data)
        except pdfium.PdfiumError as error:
            code = "password" if "password" in str(error).lower() else "broken"
            raise Unreadable(code, name=name) from error
        try:
            total = len(document)
            pages = [_page(document, number) for number in range(min(total, MOST_PAGES))]
        finally:
            document.close()
    return _opened(pages, total)


def _page(document: pdfium.PdfDocument, number: int) -> str:
    page = document[number]
    text_page = page.get_textpage()
    try:
        text = page_text(page, text_page)
    finally:
        text_page.close()
        page.close()
    lines = text.replace("\ufffe", "").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(line.rstrip(" ") for line in lines)  # a tab at the end of a row is an empty cell


def _opened(pages: list[str], total: int) -> Opened:
    heads = running_lines(pages)
    text, starts, furniture = "", [], []
    pieces: list[str] = []
    at = 0
    for page in pages:
        starts.append(at)
        for line in page.split("\n"):
            if line.strip() and shape(line) in heads:
                furniture.append(Furniture(at, at + len(line), "running_head"))
            pieces.append(line + "\n")
            at += len(line) + 1
    text = "".join(pieces)
    empty = sum(not page.strip() for page in pages)
    return Opened(
        text,
        "pdf",
        total,
        len(pages),
        empty,
        wrapped=True,
        page_starts=tuple(starts),
        furniture=tuple(furniture),
    )


def shape(line: str) -> str:
    """A line with its numbers taken out: 第 3 页 and 第 4 页 are the same running head."""
    return "".join("#" if c.isdigit() else c for c in line if not c.isspace()).replace("##", "#")


def running_lines(pages: list[str]) -> set[str]:
    """Shapes of first and last lines that come back on at least three pages and on a third of them."""
    counted: Counter[str] = Counter()
    for page in pages:
        lines = [line for line in page.split("\n") if line.strip()]
        counted.update({shape(line) for line in (*lines[:2], *lines[-2:]) if len(line.strip()) < 60})
    least = max(3, len(pages) // 3)
    return {form for form, times in counted.items() if times >= least}
