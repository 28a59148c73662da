"""Tables of tasks and of progress (任务分解表、进展情况表): columns told by their headings, rows as targets."""
# i18n: data

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from .deadlines import whens
from .departments import split_names
from .found import Found, FoundTask
from .meta import Meta
from .numerals import numbers
from .outline import Row
from .units import UNIT

_COLUMNS = [
    ("sequence", re.compile(r"^(?:序号|编号|No\.?)$")),
    ("lead", re.compile(r"牵头|主办|主要责任|责任领导")),
    ("departments", re.compile(r"责任(?:单位|部门|主体|处室|科室)|配合|落实单位|承办|协办|完成单位|实施单位|参与")),
    ("deadline", re.compile(r"时限|完成时间|时间节点|期限|完成日期|计划完成")),
    ("rate", re.compile(r"完成率|进度\(?%|完成比例|占比\(")),
    ("done", re.compile(r"进展|完成情况|已完成|累计完成|完成数|完成量|实际|目前|截至|本月|当月|现状|基期|落实情况")),
    ("unit", re.compile(r"^(?:计量)?单位$")),
    ("measure", re.compile(r"^(?:类别|板块|领域|分类|工程|一级指标|项目类别|所属|专项行动|工作类别|维度)")),
    ("target", re.compile(r"目标|任务数|计划数|任务量|指标值|全年任务|年度任务|计划完成数|要求|下达")),
    ("name", re.compile(r"指标(?:名称)?$|^名称|二级指标|指标内容")),
    ("task", re.compile(r"任务|工作内容|事项|项目|举措|措施|主要内容|内容|工作")),
    ("place", re.compile(r"^(?:地区|县区|区县|县\(市、区\)|区县\(市\)|区划|行政区|乡镇|街道|乡镇\(街道\)|县\(区\)|辖区|市县)$")),
    ("kind", re.compile(r"^(?:属性|性质|备注|说明)")),
]  # fmt: skip


@dataclass(frozen=True)
class Column:
    role: str
    heading: str
    unit: str = ""
    year: int | None = None


def table_rows(
    text: str, flat: str, table: Sequence[Row], document: Meta
) -> Iterator[tuple[FoundTask | None, list[Found]]]:
    """Each row's task (None when it has no words of its own) and its figures."""
    head = next((i for i, row in enumerate(table[:4]) if _is_head(flat, row)), None)
    if head is None:
        return
    columns = [_column(flat[a:b]) for a, b in table[head].cells]
    columns = _by_years(columns)
    measure = ""
    for row in table[head + 1 :]:
        cells = [flat[a:b].strip() for a, b in row.cells]
        if len([c for c in cells if c]) == 1 and len(row.cells) != len(columns):
            measure = next(c for c in cells if c)
            continue
        if len(row.cells) != len(columns):
            continue
        task, found = _row(text, flat, row, columns, document, measure)
        if task is not None or found:
            yield task, found


def _is_head(flat: str, row: Row) -> bool:
    roles = [_column(flat[a:b]).role for a, b in row.cells]
    known = [role for role in roles if role]
    counted = any(_column(flat[a:b]).unit for a, b in row.cells)
    if "place" in known and counted:
        return True
    return len(set(known)) >= 2 and bool({"task", "name", "target", "place"} & set(known))


def _column(heading: str) -> Column:
    bare = re.sub(r"\s", "", heading)
    unit = re.search(r"\(([^)]{1,6})\)$", bare)
    name = unit.group(1) if unit and UNIT.fullmatch(unit.group(1)) else ""
    year = re.search(r"(20\d{2})年", bare)
    core = bare[: unit.start()] if unit and name else bare
    role = next((role for role, pattern in _COLUMNS if pattern.search(core)), "")
    return Column(role, core, name, int(year.group(1)) if year else None)


def _by_years(columns: list[Column]) -> list[Column]:
    """2020年 and 2025年 beside each other: where it stood and where it is to be."""
    years = [c.year for c in columns if c.year and c.role in ("", "target", "done", "name", "task")]
    if len(years) < 2:
        return columns
    last = max(years)
    return [
        replace(c, role="target" if c.year == last else "done")
        if c.year and c.role in ("", "target", "done")
        else c
        for c in columns
    ]


def _row(
    text: str, flat: str, row: Row, columns: Sequence[Column], document: Meta, group: str
) -> tuple[FoundTask | None, list[Found]]:
    spans = {}
    for column, span in zip(columns, row.cells, strict=True):
        if flat[span[0] : span[1]].strip() and (column.role not in spans):
            spans[column.role] = span
    place = flat[slice(*spans["place"])].strip() if "place" in spans else ""
    name_span = spans.get("name") or spans.get("task")
    name = " ".join(text[slice(*name_span)].split()) if name_span else ""
    if not name and not place:
        return None, []
    day, words = _day(flat, spans.get("deadline"), document)
    who, marked = _who(flat, columns, row)
    measure = flat[slice(*spans["measure"])].strip() if "measure" in spans else group
    task = None
    if name_span and not place:
        task = FoundTask(
            -1, "task", "do", measure[:80], name[:120], row.start, row.end, name_span, who, marked,
            "column" if who else "", day, words,
        )  # fmt: skip
    unit = flat[slice(*spans["unit"])].strip() if "unit" in spans else ""
    found = []
    for column, span in zip(columns, row.cells, strict=True):
        one = _cell(flat, column, span, row, name, place, unit, day, words, document)
        if one is not None:
            found.append(replace(one, departments=who))
    return task, found


def _who(flat: str, columns: Sequence[Column], row: Row) -> tuple[tuple[str, ...], bool]:
    leads = [
        n
        for c, (a, b) in zip(columns, row.cells, strict=True)
        if c.role == "lead"
        for n in split_names(flat[a:b])
    ]
    others = [
        n
        for c, (a, b) in zip(columns, row.cells, strict=True)
        if c.role == "departments"
        for n in split_names(flat[a:b])
    ]
    return tuple(dict.fromkeys([*leads, *others])), bool(leads)


def _day(flat: str, span: tuple[int, int] | None, document: Meta) -> tuple[date | None, str]:
    if span is None:
        return None, ""
    found = whens(flat, *span, document.base_year)
    return (found[0].day, found[0].written) if found else (None, "")


def _cell(
    flat: str, column: Column, span: tuple[int, int], row: Row, name: str, place: str, unit: str,
    day: date | None, words: str, document: Meta,
) -> Found | None:  # fmt: skip
    """A cell that is a number and at most a unit and a comparison; sentences in a cell are read as sentences."""
    numeric = column.role in ("target", "done", "rate") or (
        bool(place) and column.role in ("", "task", "name")
    )
    cell = flat[slice(*span)]
    bare = re.fullmatch(
        rf"\s*(?P<cmp>≥|>=|>|≤|<=|<|不少于|不低于|达到|超过|约)?\s*(?P<n>\d[\d,]*(?:\.\d+)?(?:\s?[万亿])?)\s*(?P<u>{UNIT.pattern})?\s*(?P<after>以上|以内|左右)?\s*",
        cell,
    )
    if not numeric or not bare:
        return None
    read = numbers(cell)
    if len(read) != 1 or read[0].low is None:
        return None
    written_unit = (
        bare.group("u") or column.unit or unit or ("%" if column.role == "rate" or "率" in name else "")
    )
    written_unit = {"名": "人", "位": "人"}.get(written_unit, written_unit)
    comparison = _COMPARISONS.get(bare.group("cmp") or "", "") or _AFTER.get(
        bare.group("after") or "", "reach"
    )
    nature = (
        "target" if column.role == "target" or (place and column.role in ("", "task", "name")) else "result"
    )
    if column.role == "" and re.search(r"完成|进展|实际", column.heading):
        nature = "result"
    if document.kind == "progress" and place and not re.search(r"目标|任务|计划", column.heading):
        nature = "result"
    thing = column.heading if place else f"{name}{column.heading}" if column.role == "rate" else name
    if (
        nature == "target"
        and written_unit == "%"
        and read[0].low == 100
        and comparison in ("reach", "at_least")
    ):
        comparison = "all"
    kind = (
        "ratio"
        if written_unit == "%"
        else "cumulative"
        if re.search(r"累计", name + column.heading)
        else "increment"
    )
    if re.search(r"每(?:百|千|万)", thing):
        kind = "density"
    due = day if nature == "target" else None
    source = "sentence" if due else ""
    if nature == "target" and due is None:
        due = document.end if column.year is None else date(column.year, 12, 31) if document.end else None
        source = "document" if due else ""
    doubts = tuple(
        x
        for x in ("" if written_unit else "unit_left_out", "" if due or nature != "target" else "no_deadline")
        if x
    )
    return Found(
        nature, kind, thing[:100], "", place, read[0].low, None, written_unit, comparison, cell.strip(),
        span[0], span[1], (row.start, row.end), -1, due, words, source, "", "",
        ("table", "column_" + (column.role or "place")), doubts,
    )  # fmt: skip


_COMPARISONS = {"≥": "at_least", ">=": "at_least", ">": "more_than", "≤": "at_most", "<=": "at_most", "<": "less_than",
                "不少于": "at_least", "不低于": "at_least", "超过": "more_than", "约": "about"}  # fmt: skip
_AFTER = {"以上": "at_least", "以内": "at_most", "左右": "about"}
