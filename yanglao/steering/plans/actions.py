"""Every change of plans: loaded from their files, reported on by units, computed anew."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.audit.action import action, note
from yanglao.kernel.scope import everything
from yanglao.steering.indicators import actions as indicators
from yanglao.steering.indicators.queries import by_code, computed_denominator
from yanglao.steering.indicators.rules import Amount, counting_date, month_start
from yanglao.steering.plans import queries
from yanglao.steering.plans.models import Plan, Return, ReturnLine, Target, Task
from yanglao.steering.plans.schema import PlanFile, TargetFile, TaskFile

Numbers = Mapping[str, tuple[Decimal, Decimal | None]]


@action("plans.load", right="packs.load", at=lambda a: ())
def load(actor: Actor, *, plan: PlanFile, demonstration: bool) -> Plan:
    """Bring a plan up to its file. What the file no longer has is marked withdrawn, never deleted."""
    digest = hashlib.sha256(plan.model_dump_json().encode()).hexdigest()
    known = Plan.objects.filter(slug=plan.id, digest=digest, demonstration=demonstration).first()
    if known is not None:
        return known
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
        "part_of": target.part_of or "",
        "withdrawn": False,
    }


@action("plans.fill", right="plans.report", at=lambda a: (a["division"],))
def fill(
    actor: Actor,
    *,
    plan: Plan,
    division: int,
    month: date,
    numbers: Numbers,
    remark: str = "",
    submit: bool = False,
) -> Return:
    """Save a unit's return of a month, or submit it. Numbers are by target key: value or numerator, denominator.

    A submitted return is locked; filling in again makes the next version, which counts once submitted.
    Raises ValidationError for a month outside the plan, a unit that is not asked, or a number that cannot be.
    """
    month = month_start(month)
    today = timezone.localdate()
    if not month_start(plan.start) <= month <= min(plan.end, today):
        raise ValidationError(_("%(month)s 不在计划期内或尚未开始，不能填报。") % {"month": f"{month:%Y-%m}"})
    asked = {target.key: target for target in queries.asked(plan, division)}
    strangers = sorted(numbers.keys() - asked.keys())
    if strangers:
        raise ValidationError(_("本单位不填报这些目标：%(names)s") % {"names": "、".join(strangers)})
    report = _current_draft(plan, division, month)
    report.as_of, report.note, report.filled_by = counting_date(month, today), remark, actor.name
    if submit:
        report.state, report.submitted_at = Return.SUBMITTED, timezone.now()
    report.save()
    _write_lines(report, {asked[key]: _known(asked[key], report, pair) for key, pair in numbers.items()})
    note(plan=plan.slug, month=f"{month:%Y-%m}", version=report.version, lines=len(numbers), submitted=submit)
    if submit:
        _hand_on(actor, report, asked)
    return report


def _current_draft(plan: Plan, division: int, month: date) -> Return:
    with everything("the latest version decides the next one's number"):
        last = (
            Return.objects.filter(plan=plan, division_id=division, month=month).order_by("-version").first()
        )
    if last is not None and last.state == Return.DRAFT:
        return last
    return Return(plan=plan, division_id=division, month=month, version=last.version + 1 if last else 1)


def _known(
    target: Target, report: Return, pair: tuple[Decimal, Decimal | None]
) -> tuple[Decimal, Decimal | None]:
    """The pair with the denominator a register knows, if one does: what is known is not typed."""
    if not target.indicator.denominator:
        return pair
    below = computed_denominator(target.indicator, report.division_id, report.as_of)
    return pair if below is None else (pair[0], Decimal(int(below)))


def _write_lines(report: Return, numbers: Mapping[Target, tuple[Decimal, Decimal | None]]) -> None:
    for target, (above, below) in numbers.items():
        _refuse_impossible(target, above, below)
    report.lines.all().delete()
    ReturnLine.objects.bulk_create(
        ReturnLine(report=report, target=target, numerator=above, denominator=below)
        for target, (above, below) in numbers.items()
    )


def _refuse_impossible(target: Target, above: Decimal, below: Decimal | None) -> None:
    """Raises ValidationError with what is wrong and how to mend it."""
    kind = target.indicator.of_kind
    words = {"name": target.name}
    if above < 0 or (below is not None and below < 0):
        raise ValidationError(_("“%(name)s”不能是负数，请填 0 或正数。") % words)
    if kind.has_denominator and below is None:
        raise ValidationError(_("“%(name)s”要同时填分子和分母。") % words)
    if kind == "ratio" and below is not None and above > below:
        raise ValidationError(_("“%(name)s”的分子大于分母，请核对。") % words)
    if kind == "milestone" and above not in (0, 1):
        raise ValidationError(_("“%(name)s”只填 1（已完成）或 0（未完成）。") % words)


def _hand_on(actor: Actor, report: Return, asked: Mapping[str, Target]) -> None:
    lines = list(report.lines.select_related("target__indicator").order_by("id"))
    known = queries.units(report.plan)
    indicators.record(
        actor,
        division=report.division_id,
        month=report.month,
        as_of=report.as_of,
        amounts={line.target.indicator.code: Amount.of(line.numerator, line.denominator) for line in lines},
        total=report.plan.division_id,
        units={t.indicator.code: queries.units_of(report.plan, t, known) for t in asked.values()},
    )
