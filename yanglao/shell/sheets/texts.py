"""Text files read as the user says: which encoding, which delimiter, or columns of fixed width.

``book.open_book`` guesses and is right for a CSV; files of other departments are also laid out by position, by
bytes of GB18030 as often as by characters, and by signs no library expects.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, Literal

from .book import NOT_TEXT, Book, Cells, Range, TextSheet, _decodes, _encoding, best_delimiter
from .limits import LIMITS, Limits
from .problems import FileRefused, Problem
from .problems import mark as _
from .sniff import recognise

Unit = Literal["bytes", "characters"]
ENCODINGS = ("utf-8-sig", "gb18030", "utf-16")
SIGNS = (",", "\t", ";", "|", "^", "~", "\x01", "，", "；")
SAMPLE_LINES = 200
MAX_CUT = 4_000

BROKEN_CUT = Problem(
    _("分列的位置切开了一个汉字"),
    _("按字节分列时，第 {start} 字节处正好在一个汉字中间"),
    _("在“文件格式”里把分列位置改到汉字前面；文件按字符对齐时，把单位改为“字符”"),
)


@dataclass(frozen=True)
class TextForm:
    """How a text file is laid out. Without a delimiter it is of fixed width: ``cuts`` are the places, from 0,
    where a further column begins, counted in ``unit``."""

    encoding: str = "utf-8-sig"
    delimiter: str = ","
    cuts: tuple[int, ...] = ()
    unit: Unit = "characters"

    @property
    def fixed(self) -> bool:
        return not self.delimiter

    @property
    def by_bytes(self) -> bool:
        """UTF-16 has no lines of bytes, so there positions are always characters."""
        return self.unit == "bytes" and self.encoding != "utf-16"


def guess_form(path: Path) -> TextForm:
    """The most likely layout; raises FileRefused when the file is no text."""
    encoding = _encoding(path)
    lines = list(_text_lines(path, encoding, SAMPLE_LINES))
    delimiter = best_delimiter(lines, SIGNS)
    if sum(delimiter in line for line in lines) * 2 > len(lines):
        return TextForm(encoding, delimiter)
    unit: Unit = "bytes" if encoding == "gb18030" else "characters"
    return TextForm(encoding, "", guess_cuts(_cells_of(lines, encoding, unit)), unit)


def open_text(path: Path, name: str, form: TextForm, limits: Limits = LIMITS) -> Book:
    """A text file laid out as told; raises FileRefused when it cannot be read so."""
    recognise(path, limits)
    if form.encoding not in ENCODINGS or not _decodes(path, form.encoding):
        raise FileRefused(NOT_TEXT)
    if not form.fixed:
        return Book(path, name, "text", [TextSheet(path, form.encoding, form.delimiter)])
    sheet = FixedSheet(path, form)
    for _cells in sheet.rows():
        pass  # so that `bad` is complete before anyone reads
    return Book(path, name, "text", [sheet])


def is_text(path: Path) -> bool:
    return recognise(path) == "text"


def first_lines(path: Path, form: TextForm, number: int = 20) -> list[str]:
    """The first lines as they stand, for the page where positions are set."""
    return list(_text_lines(path, form.encoding, number))


def _text_lines(path: Path, encoding: str, number: int) -> Iterator[str]:
    with path.open(encoding=encoding, errors="replace") as stream:
        yield from (line.rstrip("\r\n") for line in islice(stream, number))


def _cells_of(lines: Iterable[str], encoding: str, unit: Unit) -> list[str]:
    """Lines as one sign per position: by bytes a Chinese character takes as many places as it has bytes."""
    if unit == "characters" or encoding == "utf-16":
        return list(lines)
    return ["".join(c if c.isascii() else "■" * len(c.encode(encoding, "replace")) for c in x) for x in lines]


def guess_cuts(lines: Sequence[str]) -> tuple[int, ...]:
    """Where every line has a blank before and some line begins to write: the edge of a column."""
    filled = [line for line in lines if line.strip()]
    width = min(max(map(len, filled), default=0), MAX_CUT)
    blank = [all(line[at : at + 1] in ("", " ", "\u3000") for line in filled) for at in range(width)]
    return tuple(at for at in range(1, width) if blank[at - 1] and not blank[at] and not all(blank[:at]))


def ruler(length: int) -> tuple[str, str]:
    """Two lines of a ruler from 0: the tens, and a mark at every fifth place."""
    tens = "".join(f"{at:<10}" for at in range(0, length, 10))[:length]
    marks = "".join("|" if at % 10 == 0 else ("+" if at % 5 == 0 else "·") for at in range(length))
    return tens, marks


@dataclass
class FixedSheet:
    """A text whose columns begin at fixed places, as a sheet."""

    path: Path
    form: TextForm
    name: str = "TXT"
    hidden: bool = False
    merged: list[Range] = field(default_factory=list)
    bad: dict[tuple[int, int], Problem] = field(default_factory=dict)

    @property
    def height(self) -> int:
        with self.path.open("rb") as stream:
            return sum(piece.count(b"\n") for piece in iter(lambda: stream.read(1 << 20), b"")) + 1

    def release(self) -> None:
        """Nothing is kept between readings."""

    def rows(self) -> Iterator[Cells]:
        bounds = [0, *self.form.cuts]
        ends: list[int | None] = [*self.form.cuts, None]
        if not self.form.by_bytes:
            for line in _text_lines_all(self.path, self.form.encoding):
                yield [line[a:b].strip() for a, b in zip(bounds, ends, strict=True)]
            return
        for number, raw in enumerate(_byte_lines(self.path), 1):
            yield [
                self._piece(number, i, raw, a, b)
                for i, (a, b) in enumerate(zip(bounds, ends, strict=True), 1)
            ]

    def _piece(self, row: int, column: int, raw: bytes, start: int, end: int | None) -> Any:
        if not (raw.isascii() or (self._whole(raw[:start]) and self._whole(raw[:end]))):
            self.bad[row, column] = BROKEN_CUT.with_params(start=start)
        return raw[start:end].decode(self.form.encoding, "replace").strip()

    def _whole(self, raw: bytes) -> bool:
        try:
            raw.decode(self.form.encoding)
        except UnicodeDecodeError:
            return False
        return True


def _text_lines_all(path: Path, encoding: str) -> Iterator[str]:
    with path.open(encoding=encoding) as stream:
        yield from (line.rstrip("\r\n") for line in stream)


def _byte_lines(path: Path) -> Iterator[bytes]:
    """No byte of a Chinese character in GB18030 or UTF-8 is that of a line's end."""
    with path.open("rb") as stream:
        for number, line in enumerate(stream):
            plain = line.rstrip(b"\r\n")
            yield plain.removeprefix(b"\xef\xbb\xbf") if number == 0 else plain
