# i18n: data (headings and kinds of the table, and the texts of documents it names)
"""The coverage table 覆盖对照表: every number, indicator and list the five documents name, and what answers it.

`standards/coverage.csv` holds the facts (number of the row, document, subject, figure, unit) and in 由何回答 one of

- `plan/target`: a target of a plan; `plan/target@2022` a year of it, `plan/target#baseline` where it began
- `indicator:code …`: indicators that follow it, where the document promises no figure
- `plan:name`: the table of tasks of a plan
- `rule:room.name`: a rule or a fact of another room decides it
- `none:reason`: nothing answers it; the reasons are closed (REASONS)
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Protocol

from django.utils.translation import gettext_lazy as _

from .figures import parse_number

REASONS = {
    "direction": _("文件只提出方向，没有可计数的内容"),
    "masked": _("原文数字被遮盖，不作推测"),
    "elsewhere": _("属于其他系统的职责，不在本平台登记"),
}
RULES = {
    "places.standard_canteen": _("机构设施档案：标准化老年食堂逐家认定"),
    "places.neighbour_services": _("机构设施档案：家院互融服务逐项登记"),
    "estates.per_100_households": _("配建标准：每百户面积"),
    "estates.minimum": _("配建标准：单体最小面积"),
    "estates.doubled": _("配建标准：新旧标准之比"),
}
COLUMNS = ("编号", "文件", "种类", "事项", "数", "单位", "由何回答", "说明")


@dataclass(frozen=True)
class Row:
    """One thing a document names; ``number`` is exact text, empty where the document gives none."""

    id: str
    document: str
    kind: str
    subject: str
    number: str
    unit: str
    answer: str
    note: str

    @property
    def way(self) -> str:
        """``target``, ``indicator``, ``plan``, ``rule`` or ``none``."""
        return self.answer.partition(":")[0] if ":" in self.answer else "target"

    @property
    def names(self) -> tuple[str, ...]:
        """What answers it: indicator codes, a plan, a rule, a reason, or plan and target."""
        if self.way == "target":
            plan, _slash, key = self.answer.partition("/")
            return plan, key.partition("@")[0].partition("#")[0]
        return tuple(self.answer.partition(":")[2].split())

    @property
    def year(self) -> int | None:
        """The year of a target that answers it, if it is one."""
        return int(self.answer.partition("@")[2]) if "@" in self.answer else None


def read(path: Path) -> list[Row]:
    """The rows of the table. Raises ValueError for a table of another shape."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        head, *rows = csv.reader(file)
    if tuple(head) != COLUMNS:
        raise ValueError(f"{path.name}: the columns are {head}, not {list(COLUMNS)}")
    return [Row(*cells) for cells in rows]


class YearLike(Protocol):
    @property
    def year(self) -> int: ...
    @property
    def number(self) -> str: ...


class TargetLike(Protocol):
    """A target as a plan file has it."""

    @property
    def number(self) -> str: ...
    @property
    def unit(self) -> str: ...
    @property
    def baseline(self) -> str | None: ...
    @property
    def yearly(self) -> Sequence[YearLike]: ...


def unanswered(
    rows: Iterable[Row], targets: Mapping[tuple[str, str], TargetLike], indicators: Iterable[str]
) -> Iterator[str]:
    """What is wrong with the table, row by row; nothing when every row is answered as it says."""
    known, plans = set(indicators), {plan for plan, _key in targets}
    for row in rows:
        wrong = _wrong(row, targets, known, plans)
        if wrong:
            yield f"{row.id} {row.subject}: {wrong}"


def _wrong(row: Row, targets: Mapping[tuple[str, str], TargetLike], known: set[str], plans: set[str]) -> str:
    if row.way == "target":
        found = targets.get((row.names[0], row.names[1]))
        return f"no target {row.answer}" if found is None else _differs(row, found)
    places = {"indicator": known, "plan": plans, "rule": set(RULES), "none": set(REASONS)}.get(row.way, set())
    lost = [name for name in row.names if name not in places]
    return f"nothing is called {lost}" if lost or not row.names else ""


def _differs(row: Row, target: TargetLike) -> str:
    promised = promised_by(row, target)
    if promised is None or not row.number:
        return "the plan gives no such number"
    if promised != parse_number(row.number):
        return f"the document says {row.number}, the plan {promised}"
    return "" if row.unit == target.unit else f"{row.unit} is counted in {target.unit}"


def promised_by(row: Row, target: TargetLike) -> Fraction | None:
    """The figure of the target a row speaks of: the whole, a year's part, or where it began."""
    if row.answer.endswith("#baseline"):
        return None if target.baseline is None else parse_number(target.baseline)
    if row.year is None:
        return parse_number(target.number)
    return next((parse_number(y.number) for y in target.yearly if y.year == row.year), None)
