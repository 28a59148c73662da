"""Confirmed rows as a plan: measures, tasks, targets; reported indicators for what nothing counts yet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from pydantic import ValidationError as Invalid

from yanglao.steering.documents.models import Document, Proposal
from yanglao.steering.indicators.actions import IndicatorFile
from yanglao.steering.plans.actions import PlanFile
from yanglao.steering.plans.rules import yearly_from

_KINDS = {"formula": "stock", "set_per_area": "ratio", "": "increment"}
_DENOMINATED = ("ratio", "density")


@dataclass(frozen=True)
class Asked:
    """What a person says of the plan."""

    slug: str
    title: str
    start: date
    end: date
    lead: str
    due_day: int = 20


def key_of(row: Proposal) -> str:
    return f"row-{row.pk}"


def _quantity(row: Proposal) -> tuple[str, str]:
    """Number and unit of a target: all is 100 %, what is done once is one."""
    if row.comparison == "all":
        return "100", "%"
    if not row.quantity:
        return "1", _("项")
    return row.quantity, row.unit


def indicators_to_declare(
    document: Document, rows: Sequence[Proposal]
) -> Iterator[tuple[Proposal, IndicatorFile]]:
    """A reported indicator for each target that has none; a year's part is counted by that of its whole."""
    steps = steps_of(rows)
    for row in rows:
        if row.sort != Proposal.Sort.TASK and not row.indicator and row.part_of_id not in steps:
            yield row, _indicator(document, row)


def _indicator(document: Document, row: Proposal) -> IndicatorFile:
    number, unit = _quantity(row)
    kind = _KINDS.get(row.kind, row.kind)
    kind = "ratio" if unit == "%" else "stock" if kind == "ratio" else kind
    below: dict[str, str] = {}
    if kind in _DENOMINATED:
        below = {
            "numerator_name": _("已达到的"),
            "denominator_name": _("全部") if kind == "ratio" else _("老年人口"),
        }
    return IndicatorFile.model_validate(
        {
            "code": f"document_{document.pk}_{row.pk}",
            "name": row.name[:80],
            "name_en": row.name[:120],
            "words": _("《%(title)s》提出的目标，由责任单位自报。") % {"title": document.title},
            "unit": unit[:12],
            "kind": kind,
            "digits": 1 if unit == "%" or "." in number else 0,
            "reported": True,
            "source": f"《{document.title}》{document.number}"[:200],
            **below,
        }
    )


def plan_file(document: Document, rows: Sequence[Proposal], asked: Asked) -> PlanFile:
    """The plan; ``target_key`` of each row is set. Raises ValidationError with what does not fit."""
    tasks = [row for row in rows if row.sort == Proposal.Sort.TASK]
    targets = [row for row in rows if row.sort != Proposal.Sort.TASK]
    for row in targets:
        row.target_key = key_of(row)
    steps = steps_of(targets)
    for row in targets:  # a year's part is a step of its whole, not a target of its own
        if row.part_of_id in steps:
            row.target_key = key_of(next(t for t in targets if t.pk == row.part_of_id))
    targets = [row for row in targets if row.part_of_id not in steps]
    measures: list[dict[str, Any]] = []
    for item, task in enumerate([*tasks, None], start=1):
        held = [
            t
            for t in targets
            if t.task_id == (task.pk if task else None) or (task is None and _lost(t, tasks))
        ]
        if task is None and not held:
            continue
        title = (task.measure if task else "") or document.title[:80]
        if not measures or measures[-1]["title"] != title:
            measures.append({"title": title, "tasks": []})
        measures[-1]["tasks"].append(_task(document, task, held, item, targets, steps))
    raw = {
        "id": asked.slug,
        "title": asked.title,
        "place": "",
        "division": document.division_id,
        "document": {
            "title": document.title,
            "number": document.number,
            "issuer": document.issuer or asked.lead,
            "issued": document.issued,
        },
        "start": asked.start,
        "end": asked.end,
        "lead": asked.lead,
        "reporting": {"every": "month", "due_day": asked.due_day},
        "measures": measures,
    }
    try:
        return PlanFile.model_validate(raw)
    except Invalid as error:
        told = [str(one["msg"]).removeprefix("Value error, ") for one in error.errors()]
        raise ValidationError(told) from None


def _lost(target: Proposal, tasks: Sequence[Proposal]) -> bool:
    return target.task_id is not None and all(task.pk != target.task_id for task in tasks)


def _task(
    document: Document, task: Proposal | None, held: Sequence[Proposal], item: int, all_targets: Sequence[Proposal],
    steps: Mapping[int, list[dict[str, Any]]],
) -> dict[str, Any]:  # fmt: skip
    return {
        "item": item,
        "title": task.name if task else document.title[:120],
        "departments": task.departments if task else [],
        "deadline": task.deadline if task else None,
        "targets": [_target(target, all_targets, steps.get(target.pk, [])) for target in held],
    }


def steps_of(rows: Sequence[Proposal]) -> dict[int, list[dict[str, Any]]]:
    """Target → its yearly steps, for those that have them."""
    return {row.pk: found for row in rows if row.sort != Proposal.Sort.TASK and (found := yearly(row, rows))}


def yearly(whole: Proposal, rows: Sequence[Proposal]) -> list[dict[str, Any]]:
    """The yearly steps of a target: its parts when each has its own year, its unit, and they add up or rise to it."""
    parts = [row for row in rows if row.part_of_id == whole.pk]
    years = [row.deadline.year for row in parts if row.deadline is not None]
    same = all(row.unit == whole.unit and row.quantity and row.scope in ("", whole.scope) for row in parts)
    if len(parts) < 2 or not same or len(set(years)) != len(parts) or not whole.quantity:
        return []
    numbers = [(year, row.quantity) for year, row in zip(years, parts, strict=True)]
    return list(yearly_from(numbers, goal=whole.quantity))


def _target(
    row: Proposal, all_targets: Sequence[Proposal], steps: Sequence[dict[str, Any]]
) -> dict[str, Any]:
    number, unit = _quantity(row)
    part_of = next((key_of(t) for t in all_targets if t.pk == row.part_of_id), None)
    name = f"{row.name[:90]}（{row.quantity}—{row.high}）" if row.high else row.name
    return {
        "id": key_of(row),
        "name": name[:100],
        "indicator": row.indicator,
        "comparison": "at_least" if row.high and row.comparison == "reach" else row.comparison,
        "number": number,
        "unit": unit,
        "deadline": row.deadline,
        "curve": "end" if row.kind == "milestone" else "hold" if row.every else "linear",
        "scope": row.scope,
        "part_of": part_of,
        "yearly": list(steps),
        "words": row.written,
    }
