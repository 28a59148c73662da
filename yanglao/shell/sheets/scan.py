"""A first pass over a workbook's parts, before anything opens it whole.

The fast reader loads a sheet as one rectangle and shows a formula without a stored result as an empty cell
or a zero. So the parts are first streamed through: bytes counted as they unpack, the used rectangle measured,
cells found that hold an error or a formula nobody has calculated.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from openpyxl.utils import column_index_from_string, get_column_letter

from .limits import LIMITS, TOO_WIDE, Limits, check_unpacked
from .problems import FileRefused, Problem
from .problems import mark as _
from .sniff import CORRUPT

NO_RESULT = Problem(
    _("公式没有结果"),
    _("单元格是公式，但文件里没有存下计算结果"),
    _("在表格软件里打开、保存一次让公式算出结果；更稳妥的是复制后“选择性粘贴为数值”"),
)
ERROR_VALUE = Problem(
    _("单元格是错误值"), _("公式算出了 #N/A、#REF! 之类的错误"), _("改正公式，或直接填写正确的内容")
)

CHUNK = 1 << 20
CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c>)", re.DOTALL)
REFERENCE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
# Only cells beyond column Z or row 99,999: the others span at most 26 × 99,999, which is within the limits.
FAR = re.compile(rb'r="(?:([A-Z]{2,3})(\d+)|([A-Z])(\d{6,7}))"')
FORMULA = re.compile(rb"<(?:\w+:)?f[ />]")
RESULT = re.compile(rb"<(?:\w+:)?v[^>]*>[^<]")
FORMULA_SIGNS = (b"<f", b":f>", b":f ", b":f/")
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@dataclass
class Scan:
    """What the first pass found. ``bad`` maps (row, column), both from 1, to the problem of that cell."""

    bad: dict[str, dict[tuple[int, int], Problem]] = field(default_factory=dict)
    date1904: bool = False


def scan(path: Path, limits: Limits = LIMITS) -> Scan:
    """Stream through the parts of an .xlsx; raises FileRefused for bombs, huge rectangles, broken parts."""
    try:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
            if len(infos) > limits.max_parts:
                raise FileRefused(CORRUPT.with_params(detail=f"{len(infos)} parts"))
            check_unpacked(sum(i.file_size for i in infos), path.stat().st_size, limits)
            return _scan(archive, limits)
    except (zipfile.BadZipFile, OSError, EOFError, RuntimeError, ValueError, ElementTree.ParseError) as error:
        raise FileRefused(CORRUPT.with_params(detail=str(error)[:120])) from error


def _scan(archive: zipfile.ZipFile, limits: Limits) -> Scan:
    sheets, date1904 = _sheets(archive)
    result = Scan(date1904=date1904)
    for info in archive.infolist():
        if info.filename in sheets:
            name = sheets[info.filename]
            result.bad[name] = _scan_sheet(archive, info.filename, name, limits)
        elif info.filename.endswith(".xml"):
            _drain(archive, info.filename)
    return result


def _drain(archive: zipfile.ZipFile, name: str) -> None:
    """Unpack once without keeping anything: a part that lies about its size fails its checksum here."""
    with archive.open(name) as part:
        while part.read(CHUNK):
            pass


def _sheets(archive: zipfile.ZipFile) -> tuple[dict[str, str], bool]:
    """Part name → sheet name, and whether days count from 1904."""
    main = next(n for n in archive.namelist() if n.lower().startswith("xl/") and n.endswith("workbook.xml"))
    folder = posixpath.dirname(main)
    relations = ElementTree.fromstring(archive.read(f"{folder}/_rels/{posixpath.basename(main)}.rels"))
    targets = {r.get("Id"): _target(folder, r.get("Target", "")) for r in relations}
    book = ElementTree.fromstring(archive.read(main))
    names = {
        targets.get(sheet.get(RELATION), ""): sheet.get("name", "")
        for sheet in book.iter()
        if sheet.tag.endswith("}sheet")
    }
    setting = next((e for e in book.iter() if e.tag.endswith("}workbookPr")), None)
    return names, setting is not None and setting.get("date1904") in ("1", "true")


def _target(folder: str, target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"{folder}/{target}")


def _scan_sheet(
    archive: zipfile.ZipFile, part: str, name: str, limits: Limits
) -> dict[tuple[int, int], Problem]:
    bad: dict[tuple[int, int], Problem] = {}
    rows = columns = 1
    for chunk in _row_chunks(archive, part):
        for wide, far_row, letter, row in FAR.findall(chunk):
            columns = max(columns, _column(wide or letter))
            rows = max(rows, int(far_row or row))
        _check_rectangle(rows, columns, name, limits)
        if b'"e"' in chunk or any(sign in chunk for sign in FORMULA_SIGNS):
            bad |= _bad_cells(chunk)
    return bad


def _row_chunks(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """The part in pieces that end where a row ends."""
    rest = b""
    with archive.open(part) as stream:
        while piece := stream.read(CHUNK):
            rest += piece
            if (end := rest.rfind(b"row>") + 4) > 3:
                yield rest[:end]
                rest = rest[end:]
            elif len(rest) > 64 * CHUNK:
                raise FileRefused(CORRUPT.with_params(detail=f"{part}: a row without end"))
    yield rest


def _column(letters: bytes) -> int:
    return column_index_from_string(letters.decode())


def _check_rectangle(rows: int, columns: int, name: str, limits: Limits) -> None:
    if rows * columns > limits.max_cells or columns > limits.max_columns:
        raise FileRefused(
            TOO_WIDE.with_params(
                sheet=name,
                corner=f"{get_column_letter(min(columns, 18278))}{rows}",
                cells=rows * columns // 10_000,
                limit=limits.max_cells // 10_000,
            )
        )


def _bad_cells(chunk: bytes) -> dict[tuple[int, int], Problem]:
    found = {}
    for attributes, content in CELL.findall(chunk):
        place = REFERENCE.search(attributes)
        problem = _cell_problem(attributes, content)
        if place and problem:
            found[int(place[2]), _column(place[1])] = problem
    return found


def _cell_problem(attributes: bytes, content: bytes) -> Problem | None:
    if b't="e"' in attributes:
        return ERROR_VALUE
    # a text formula may well have the empty text as its result
    if b't="str"' in attributes or not FORMULA.search(content) or RESULT.search(content):
        return None
    return NO_RESULT
