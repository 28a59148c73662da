"""Word files (.docx): paragraphs with the numbers Word gives them by itself, and tables."""
# i18n: data

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any

import docx
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph

from .opened import Opened, Unreadable

MOST_BYTES = 300 * 2**20  # unpacked; a plan of 500 pages has about 10 MB


def open_docx(name: str, data: bytes) -> Opened:
    """Raises Unreadable: broken, bomb, unknown (a packed file that is no Word document)."""
    _refuse_unsafe(name, data)
    try:
        document = docx.Document(io.BytesIO(data))
    except Exception as error:  # whatever a damaged package raises: KeyError, XMLSyntaxError, ValueError …
        raise Unreadable("broken", name=name) from error
    numbering = Numbering(document)
    lines = [line for block in document.iter_inner_content() for line in _lines(block, numbering)]
    text = "\n".join(lines)
    if not text.strip() and any(
        part.partname.startswith("/word/media") for part in document.part.package.iter_parts()
    ):
        raise Unreadable("image_only", name=name, pages=0)
    return Opened(text, "docx", title=document.core_properties.title or "")


def _refuse_unsafe(name: str, data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise Unreadable("broken", name=name) from error
    if "word/document.xml" not in {entry.filename for entry in entries}:
        raise Unreadable("unknown", name=name)
    if any(entry.flag_bits & 1 for entry in entries):
        raise Unreadable("password", name=name)
    if sum(entry.file_size for entry in entries if entry.filename.endswith(".xml")) > MOST_BYTES:
        raise Unreadable("bomb", name=name)


def _lines(block: Paragraph | Table, numbering: Numbering) -> Iterator[str]:
    if isinstance(block, Paragraph):
        label = numbering.label(block)
        for number, line in enumerate(block.text.split("\n")):
            yield (label if number == 0 and line.strip() else "") + line
    else:
        yield from _rows(block)


def _rows(table: Table) -> Iterator[str]:
    """Rows with their cells; 〃 stands for a cell merged with the one above, nothing for one merged with
    its left; one merged across the table keeps a tab, so that the table goes on below it."""
    above: list[Any] = []
    for row in table.rows:
        cells: list[str] = []
        here = [cell._tc for cell in row.cells]
        for place, cell in enumerate(row.cells):
            beside = place > 0 and here[place - 1] is here[place]
            merged = place < len(above) and above[place] is here[place]
            cells.append("" if beside else "〃" if merged else " ".join(cell.text.split()))
        above = here
        whole = len({id(one) for one in here}) == 1
        if any(cells):
            yield f"{cells[0]}\t" if whole else "\t".join(cells)


class Numbering:
    """The numbers Word counts itself (一、（一）1.): python-docx leaves them out of a paragraph's text."""

    def __init__(self, document: Any) -> None:
        self._levels: dict[tuple[str, int], tuple[str, str, int]] = {}
        self._counts: dict[tuple[str, int], int] = {}
        self._read(document)

    def _read(self, document: Any) -> None:
        try:
            root = document.part.numbering_part.element
        except (KeyError, NotImplementedError, AttributeError):
            return
        kinds = {one.get(qn("w:abstractNumId")): one for one in root.findall(qn("w:abstractNum"))}
        for num in root.findall(qn("w:num")):
            link = num.find(qn("w:abstractNumId"))
            kind = kinds.get(link.get(qn("w:val"))) if link is not None else None
            for level in kind.findall(qn("w:lvl")) if kind is not None else ():
                key = (num.get(qn("w:numId")), int(level.get(qn("w:ilvl"))))
                self._levels[key] = (
                    _value(level, "numFmt"),
                    _value(level, "lvlText"),
                    int(_value(level, "start") or 1),
                )

    def label(self, paragraph: Paragraph) -> str:
        """The number before a paragraph, "" when it has none."""
        found = self._of(paragraph)
        if found is None or found not in self._levels:
            return ""
        number, depth = found
        self._counts[found] = self._counts.get(found, self._levels[found][2] - 1) + 1
        for key in [k for k in self._counts if k[0] == number and k[1] > depth]:
            del self._counts[key]
        return self._written(number, depth)

    def _of(self, paragraph: Paragraph) -> tuple[str, int] | None:
        for holder in (paragraph._p.pPr, getattr(paragraph.style, "element", None)):
            properties = holder if holder is None or holder.tag == qn("w:pPr") else holder.find(qn("w:pPr"))
            numbers = properties.find(qn("w:numPr")) if properties is not None else None
            if numbers is not None:
                number, depth = _value(numbers, "numId"), _value(numbers, "ilvl")
                return (number, int(depth or 0)) if number and number != "0" else None
        return None

    def _written(self, number: str, depth: int) -> str:
        text = self._levels[(number, depth)][1]
        for level in range(depth + 1):
            form = self._levels.get((number, level), ("decimal", "", 1))
            text = text.replace(f"%{level + 1}", in_form(self._counts.get((number, level), form[2]), form[0]))
        return text if text.strip() and form[0] not in ("bullet", "none") else ""


def _value(element: Any, name: str) -> str:
    found = element.find(qn(f"w:{name}"))
    return (found.get(qn("w:val")) or "") if found is not None else ""


_HAN_FORMS = (
    "chineseCounting",
    "chineseCountingThousand",
    "japaneseCounting",
    "ideographDigital",
    "taiwaneseCounting",
)


def in_form(number: int, form: str) -> str:
    """A counting number in one of Word's forms (those that Chinese documents use)."""
    if form in _HAN_FORMS:
        return han_of(number)
    if form.startswith("decimalEnclosedCircle") and 1 <= number <= 20:
        return chr(0x2460 + number - 1)
    if form in ("upperLetter", "lowerLetter"):
        letter = chr(ord("A") + (number - 1) % 26)
        return letter if form == "upperLetter" else letter.lower()
    return str(number)


def han_of(number: int) -> str:
    """1 to 99 in Chinese numerals."""
    digits = "零一二三四五六七八九"
    tens, ones = divmod(number, 10)
    if not 0 < number < 100:
        return str(number)
    if not tens:
        return digits[ones]
    return ("" if tens == 1 else digits[tens]) + "十" + (digits[ones] if ones else "")
