"""The report of a check: made as plain data by the job, read back with texts in the reader's language."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from yanglao.shell.sheets import FileRefused, ImportTemplate, Problem
from yanglao.shell.sheets.check import Reader
from yanglao.shell.sheets.report import as_data, groups, preview

GROUPS = 300


def report(reader: Reader, template: ImportTemplate) -> dict[str, Any]:
    """`groups` (see sheets.report.as_data), `mapped` heading → column, `unused`, `skipped`, `preview`."""
    found = groups(reader.findings, template)
    table = reader.table
    return {
        "groups": as_data(found[:GROUPS], template),
        "kinds": len(found),
        "mapped": [[m.heading, m.column.title] for m in table.mapped],
        "unused": table.unused,
        "skipped": [list(line) for line in reader.skipped[:50]],
        "sheet": table.sheet.name,
        "header_row": table.header_row,
        "bad": fingerprint(reader.bad_rows()),
        "preview": preview(table, template),
    }


def refusal(refused: FileRefused) -> dict[str, Any]:
    """A refused file as plain data."""
    problem = refused.problem
    return {
        "refused": {
            "what": str(problem.what),
            "why": str(problem.why),
            "how": str(problem.how),
            "params": {k: v if isinstance(v, int) else str(v) for k, v in problem.params.items()},
        }
    }


def fingerprint(rows: set[int]) -> str:
    """Tells whether two checks found the same rows bad."""
    return hashlib.sha256(",".join(map(str, sorted(rows))).encode()).hexdigest()


@dataclass(frozen=True)
class ShownGroup:
    what: str
    why: str
    how: str
    title: str
    severity: str
    count: int
    rows: list[int]
    more: int
    values: list[str]


def shown_groups(data: Mapping[str, Any]) -> list[ShownGroup]:
    """The groups of a stored report, in the reader's language."""
    return [_shown(group) for group in data.get("groups", ())]


def _shown(group: Mapping[str, Any]) -> ShownGroup:
    example = group["examples"][0]
    what, why, how = texts(group, value=example["value"], **example["params"])
    return ShownGroup(
        what=what,
        why=why,
        how=how,
        title=group["title"],
        severity=group["severity"],
        count=group["count"],
        rows=group["rows"][:12],
        more=max(0, group["count"] - 12),
        values=[e["value"] for e in group["examples"] if e["value"]],
    )


def texts(data: Mapping[str, Any], **params: Any) -> tuple[str, str, str]:
    """The three texts of a stored problem, in the reader's language."""
    problem = Problem(data["what"], data["why"], data["how"], params=params)
    return problem.texts(gettext)


def shown_refusal(data: Mapping[str, Any]) -> tuple[str, str, str] | None:
    refused = data.get("refused")
    return texts(refused, **refused["params"]) if refused else None
