"""Every change of plans: loaded from their files, reported on by units, computed anew."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.audit.action import action, note
from yanglao.steering.indicators.queries import by_code
from yanglao.steering.plans.models import Plan, Target, Task
from yanglao.steering.plans.schema import PlanFile, TargetFile, TaskFile

Numbers = Mapping[str, tuple[Decimal, Decimal | None]]


@action("plans.load", right="packs.load", at=lambda a: ())
def load(actor: Actor, *, plan: PlanFile, demonstration: bool) -> Plan:
    """Bring a plan up to its file. What the file no longer has is marked withdrawn, never deleted."""
    digest = hashlib.sha256(plan.model_dump_json().encode()).hexdigest()
    known = Plan.objects.filter(slug=plan.id, digest=digest, demonstration=demonstration).first()
    return known if known is not None else _bring_up(plan, digest, demonstration=demonstration)


@action("plans.adopt", right="plans.manage", at=lambda a: (a["plan"].division,))
def adopt(actor: Actor, *, plan: PlanFile) -> Plan:
    """A plan made of a confirmed document. Raises ValidationError when there is a plan of that name."""
    if Plan.objects.filter(slug=plan.id).exists():
        raise ValidationError({"slug": _("已有代号为“%(slug)s”的计划，请换一个代号。") % {"slug": plan.id}})
    digest = hashlib.sha256(plan.model_dump_json().encode()).hexdigest()
    return _bring_up(plan, digest, demonstration=False)


def _bring_up(plan: PlanFile, digest: str, *, demonstration: bool) -> Plan:
    columns = {**_plan_columns(plan), "demonstration": demonstration, "digest": digest}
    loaded, _new = Plan.objects.update_or_create(slug=plan.id, defaults=columns)
    loaded.tasks.update(withdrawn=True)
    loaded.targets.update(withdrawn=True)
    defined = by_code(target.indicator for target in plan.targets())
    order = 0
    for measure in plan.measures:
        for task in measure.tasks:
            row = _load_task(loaded, measure.title, task, plan.end)
            for target in task.targets:
                columns = {**_target_columns(target, task.deadline or plan.end), "order": order, "task": row}
                columns["indicator"] = defined[target.indicator]
                Target.objects.update_or_create(plan=loaded, key=target.id, defaults=columns)
                order += 1
    note(targets=order)
    return loaded


def _plan_columns(plan: PlanFile) -> dict[str, Any]:
    return {
        "title": plan.title,
        "place": plan.place,
        "division_id": plan.division,
        "document": plan.document.title,
        "document_number": plan.document.number,
        "issuer": plan.document.issuer,
        "issued": plan.document.issued,
        "start": plan.start,
        "end": plan.end,
        "lead": plan.lead,
        "due_day": plan.reporting.due_day,
        "note": plan.note or plan.document.note,
    }


def _load_task(plan: Plan, chapter: str, task: TaskFile, end: date) -> Task:
    columns = {
        "chapter": chapter,
        "title": task.title,
        "departments": list(task.departments) or [plan.lead],
        "deadline": task.deadline or end,
        "withdrawn": False,
    }
    row, _new = Task.objects.update_or_create(plan=plan, item=task.item, defaults=columns)
    return row


def _target_columns(target: TargetFile, deadline: date) -> dict[str, Any]:
    return {
        "name": target.name,
        "comparison": target.comparison.value,
        "number": target.number,
        "unit": target.unit,
        "deadline": target.deadline or deadline,
        "curve": target.curve.value,
        "baseline": target.baseline or "",
        "scope": target.scope,
        "divisions": list(target.divisions),
        "yearly": [json.loads(part.model_dump_json(by_alias=True)) for part in target.yearly],
        "marks": [{"on": mark.on.isoformat(), "number": mark.number} for mark in target.marks],
        "weights": list(target.weights),
        "department": target.department,
        "part_of": target.part_of or "",
        "withdrawn": False,
    }
