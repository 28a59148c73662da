"""What a check found, grouped by kind: for the page, the marked workbook and the record."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from .check import shown
from .declare import ImportTemplate
from .header import Table
from .problems import Finding, Problem

EXAMPLES = 5
LISTED_ROWS = 200


@dataclass
class Group:
    """Findings with one text in one column. ``rows`` are the first row numbers only, ``count`` is all."""

    problem: Problem
    field: str
    title: str
    count: int = 0
    rows: list[int] = dataclasses.field(default_factory=list)
    examples: list[Finding] = dataclasses.field(default_factory=list)

    def add(self, finding: Finding) -> None:
        self.count += 1
        if len(self.rows) < LISTED_ROWS:
            self.rows.append(finding.row)
        if len(self.examples) < EXAMPLES:
            self.examples.append(finding)


def groups(findings: Iterable[Finding], template: ImportTemplate) -> list[Group]:
    """Errors first, then by how many rows they touch."""
    titles = {c.field: c.title for c in template.columns}
    made: dict[tuple[str, str, str, str], Group] = {}
    for finding in findings:
        problem = finding.problem
        key = (finding.field, str(problem.what), str(problem.why), problem.severity)
        group = made.get(key)
        if group is None:
            group = made[key] = Group(problem, finding.field, titles.get(finding.field, ""))
        group.add(finding)
    return sorted(made.values(), key=lambda g: (g.problem.severity, -g.count, g.field))


def masked(value: str) -> str:
    """A personal value with its middle hidden, for reports that others may read."""
    if len(value) < 8:
        return value[:1] + "*" * (len(value) - 1)
    return value[:3] + "*" * (len(value) - 6) + value[-3:]


def as_data(found: Sequence[Group], template: ImportTemplate) -> list[dict[str, Any]]:
    """Groups as plain data for a JSON column: source texts and params, sensitive values masked."""
    return [_group_data(group, template) for group in found]


def _group_data(group: Group, template: ImportTemplate) -> dict[str, Any]:
    column = template.column(group.field)
    hide = column is not None and column.sensitive
    problem = group.problem
    return {
        "what": str(problem.what),
        "why": str(problem.why),
        "how": str(problem.how),
        "severity": problem.severity,
        "field": group.field,
        "title": group.title,
        "count": group.count,
        "rows": group.rows,
        "examples": [
            {
                "row": f.row,
                "value": masked(f.value) if hide else f.value,
                "params": {k: _plain(v) for k, v in f.problem.params.items()},
            }
            for f in group.examples
        ],
    }


def _plain(value: Any) -> Any:
    return value if isinstance(value, (int, float)) else str(value)


def preview(table: Table, template: ImportTemplate, rows: int = 10) -> dict[str, Any]:
    """The first rows as they stand in the file, sensitive columns masked: ``{"titles": […], "rows": […]}``."""
    shown_rows = []
    for number, cells in table.rows():
        values = [shown(cells[m.index]) if m.index < len(cells) else "" for m in table.mapped]
        if not any(values):
            continue
        shown_rows.append(
            [str(number)]
            + [masked(v) if m.column.sensitive else v for v, m in zip(values, table.mapped, strict=True)]
        )
        if len(shown_rows) == rows:
            break
    return {"titles": ["行", *(m.column.title for m in table.mapped)], "rows": shown_rows}
