"""Write the population as the rosters its districts would send: each in its own style, none of them clean."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import xlsxwriter
from numpy.typing import NDArray

from yanglao.kernel.scope import Level

from .mess import FLAWS, Flaw, Truth, flaw_of, write_dates
from .population import Population
from .rows import FIELDS, Row, Writer

Ints = NDArray[np.int64]

MOST_ROWS = 100_000  # per file: a worksheet holds more, a clerk does not
CLAIMED = 0.35  # of those who live in another county, the share that county reports too
TWICE = Flaw("twice", 0.002, True, lambda row, n: True, "同一文件内重复")
CLAIM = Flaw("claimed", 0.0, False, lambda row, n: True, "两地都报")

SYNONYMS = {
    "name": "老人姓名", "id_number": "身份证号码", "birth_date": "出生年月日", "hukou": "户籍所在地",
    "residence": "现居住地", "hukou_address": "户籍详细地址", "address": "家庭住址", "phone": "联系方式",
    "ability": "失能等级", "disability": "残疾等级", "living": "居住情况", "economic": "救助类别",
    "dead_on": "死亡日期", "bank": "开户行", "account": "银行卡号", "ability_since": "能力评估日期",
    "applied_on": "高龄津贴申请日期", "hukou_since": "户籍迁入日期", "note": "说明",
}  # fmt: skip


@dataclass(frozen=True)
class Style:
    """How a district writes its file."""

    csv: bool = False
    titles: bool = False  # title and date lines above the header, a signature line below
    two_rows: bool = False  # group headings above, other headings merged over both rows
    synonyms: bool = False
    shuffled: bool = False
    numbered: bool = False  # a leading 序号 column, which no template knows
    dates: int = 0


STYLES = (
    Style(dates=1),
    Style(titles=True, numbered=True, dates=5),
    Style(synonyms=True, shuffled=True, dates=2),
    Style(csv=True, synonyms=True, dates=4),
    Style(two_rows=True, titles=True, dates=3),
    Style(numbered=True, dates=0),
    Style(titles=True, synonyms=True, dates=3),
    Style(shuffled=True, dates=5),
)


@dataclass(frozen=True)
class Roster:
    """A file that was written."""

    path: Path
    division: int
    name: str
    rows: int


@dataclass(frozen=True)
class Sending:
    """One file to write: who sends it, how, and whom it lists (`claims`: people of other counties)."""

    division: int
    name: str
    file: str
    style: Style
    people: Ints
    claims: Ints
    seed: list[int] = field(default_factory=list)


def write(
    people: Population,
    folder: Path,
    level: int,
    *,
    seed: int = 2026,
    tell: Callable[[str, int], object] = lambda _file, _rows: None,
) -> tuple[list[Roster], Truth]:
    """Write all rosters into `folder`; returns the files and the truth about them."""
    folder.mkdir(parents=True, exist_ok=True)
    writer, truth = Writer(people), Truth()
    rosters = []
    for sending in sendings(people, Level(level), seed):
        rows = _rows(sending, writer, truth)
        target = _csv if sending.style.csv else _workbook
        path = folder / sending.file
        count = target(path, sending, rows)
        truth.rows[sending.file] = count
        rosters.append(Roster(path, sending.division, sending.name, count))
        tell(sending.file, count)
    return rosters, truth


def sendings(people: Population, level: Level, seed: int) -> Iterator[Sending]:
    """The files, in order of division code; people are listed by their hukou, as the law has it."""
    where = people.places
    of_village = where.county if level == Level.COUNTY else where.street
    hukou, home = of_village[people.hukou], of_village[people.home]
    rng = np.random.default_rng([seed, 1])
    also = (hukou != home) & people.alive & (rng.random(len(people)) < CLAIMED)
    number = 0
    for code, name in where.parts(level).items():
        own, claims = np.flatnonzero(hukou == code), np.flatnonzero(also & (home == code))
        parts = max(1, -(-len(own) // MOST_ROWS))
        for part, (mine, theirs) in enumerate(
            zip(np.array_split(own, parts), np.array_split(claims, parts), strict=True)
        ):
            if len(mine):
                title = f"{name}（{part + 1}）" if parts > 1 else name
                style = STYLES[number % len(STYLES)]
                file = f"{code // 1000:09d}-{title}老年人花名册.{'csv' if style.csv else 'xlsx'}"
                yield Sending(code, name, file, style, mine, theirs, [seed, code, part])
                number += 1


def _rows(sending: Sending, writer: Writer, truth: Truth) -> Iterator[Row]:
    """The lines of a file: own people with their flaws, some of them twice, and claims between them."""
    rng = np.random.default_rng(sending.seed)
    listed = np.concatenate([sending.people, sending.claims])
    claimed = set(sending.claims.tolist())
    rng.shuffle(listed)
    for index in listed.tolist():
        row = writer.row(index)
        if index in claimed:
            truth.note(sending.file, CLAIM)
            row["hukou_since"] = None
        else:
            _spoil(row, index, sending.file, truth, rng)
        write_dates(row, sending.style.dates, rng)
        yield row
        if index not in claimed and rng.random() < TWICE.share and _is_countable(row):
            truth.note(sending.file, TWICE)
            yield dict(row)


def _spoil(row: Row, index: int, file: str, truth: Truth, rng: np.random.Generator) -> None:
    flaw = flaw_of(rng.random())
    if flaw and flaw.spoil(row, index):
        row["flaw"] = flaw.name
        truth.note(file, flaw)


def _is_countable(row: Row) -> bool:
    """A refused row written twice would count twice; only sound rows are doubled."""
    return not any(flaw.refused for flaw in FLAWS if flaw.name == row.get("flaw"))


def _headings(sending: Sending) -> dict[str, str]:
    fields = list(FIELDS)
    if sending.style.shuffled:
        np.random.default_rng([*sending.seed, 2]).shuffle(fields)
    return {f: SYNONYMS.get(f, FIELDS[f]) if sending.style.synonyms else FIELDS[f] for f in fields}


def _csv(path: Path, sending: Sending, rows: Iterator[Row]) -> int:
    """As a spreadsheet program on a Chinese desktop saves CSV: GB18030, no mark."""
    headings, count = _headings(sending), 0
    with path.open("w", encoding="gb18030", newline="") as file:
        out = csv.writer(file)
        out.writerow(headings.values())
        for row in rows:
            out.writerow(["" if row[f] is None else row[f] for f in headings])
            count += 1
    return count


def _workbook(path: Path, sending: Sending, rows: Iterator[Row]) -> int:
    headings, style = _headings(sending), sending.style
    book = xlsxwriter.Workbook(
        path, {"constant_memory": not style.two_rows, "default_date_format": "yyyy-mm-dd"}
    )
    sheet = book.add_worksheet("花名册")
    bold = book.add_format({"bold": True, "align": "center"})
    first = 1 if style.numbered else 0
    line = _titles(sheet, sending, bold) if style.titles else 0
    line = _header(sheet, line, first, headings, style, bold)
    count = 0
    for row in rows:
        count += 1
        if first:
            sheet.write(line, 0, count)
        for column, name in enumerate(headings, first):
            if (value := row[name]) is not None:
                _cell(sheet, line, column, value)
        line += 1
    if style.titles:
        sheet.write_string(line + 1, 0, "填表人：（略）    审核人：（略）")
    book.close()
    return count


def _cell(sheet: Any, line: int, column: int, value: object) -> None:
    if isinstance(value, str):
        sheet.write_string(line, column, value)
    else:
        sheet.write_datetime(line, column, value)


def _titles(sheet: Any, sending: Sending, bold: Any) -> int:
    sheet.write_string(0, 0, f"{sending.name}老年人基本信息花名册", bold)
    sheet.write_string(1, 0, f"填报单位：{sending.name}民政部门    单位：人")
    return 2


_GROUPS = {"name": "基本情况", "hukou": "户籍和居住", "economic": "情形", "bank": "账户"}


def _header(sheet: Any, line: int, first: int, headings: dict[str, str], style: Style, bold: Any) -> int:
    if first:
        sheet.write_string(line, 0, "序号", bold)
    if not style.two_rows:
        for column, heading in enumerate(headings.values(), first):
            sheet.write_string(line, column, heading, bold)
        return line + 1
    fields = list(headings)
    starts = [fields.index(name) for name in _GROUPS] + [len(fields) - 1]
    for group, (start, stop) in zip(_GROUPS.values(), pairwise(starts), strict=True):
        sheet.merge_range(line, start, line, stop - 1, group, bold)
    last = len(fields) - 1
    sheet.merge_range(line, last, line + 1, last, headings[fields[last]], bold)
    for column, heading in enumerate(list(headings.values())[:-1]):
        sheet.write_string(line + 1, column, heading, bold)
    return line + 2
