"""Training plans: from the city's file, or made on the page; allotted to divisions below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.audit.action import action, note
from yanglao.kernel.scope import Span, everything
from yanglao.registers.training.models import Plan, PlanYear
from yanglao.registers.training.rules.goals import Due, mistakes


@action("training.add_plan", right="training.edit", at=lambda a: (a["division"],))
def add_plan(actor: Actor, *, division: int, years: Sequence[Due], **fields: Any) -> Plan:
    """A plan of a division. Raises ValidationError: no years, or a cumulative number that falls."""
    plan = Plan(division_id=division, **fields)
    return _write(plan, years)


@action("training.change_plan", right="training.edit")
def change_plan(actor: Actor, plan: Plan, *, years: Sequence[Due], **fields: Any) -> Plan:
    """Change a plan made on the page; one from the city's file is changed there. Raises ValidationError."""
    if plan.key:
        raise ValidationError(_("这个计划来自城市文件夹的 training.yaml：请修改文件后重新载入。"))
    for name, value in fields.items():
        setattr(plan, name, value)
    return _write(plan, years)


@action("training.allot", right="training.edit")
def allot(actor: Actor, plan: Plan, *, shares: Mapping[int, int], year: int) -> list[Plan]:
    """Allot a year's number to divisions below; the plan's page says what is left over.

    A share of 0 takes an allotment back. Raises ValidationError.
    """
    _check_shares(plan, shares)
    made = []
    with everything("the plan an action holds"):
        for division, number in sorted(shares.items()):
            part = Plan.objects.filter(parent=plan, division_id=division).first()
            if part is None and number:
                copied = ("name", "kind", "counts", "sites", "free_only", "document")
                part = Plan.objects.create(
                    parent=plan, division_id=division, **{name: getattr(plan, name) for name in copied}
                )
            if part is None:
                continue
            PlanYear.objects.filter(plan=part, year=year).delete()
            if number:
                PlanYear.objects.create(plan=part, year=year, number=number)
            made.append(part)
    note(year=year, shares={str(code): number for code, number in sorted(shares.items())})
    return made


def _check_shares(plan: Plan, shares: Mapping[int, int]) -> None:
    span = Span.of(plan.division_id)
    for division, number in shares.items():
        if division == plan.division_id or not span.lo <= division <= span.hi:
            raise ValidationError(_("任务只能分解到本计划所在区划的下级。"))
        if number < 0:
            raise ValidationError(_("分解的数量不能是负数。"))


@action("training.withdraw_plan", right="training.edit")
def withdraw_plan(actor: Actor, plan: Plan) -> None:
    """The plan and its allotments no longer count. Raises ValidationError for one from the city's file."""
    if plan.key:
        raise ValidationError(_("这个计划来自城市文件夹的 training.yaml：请修改文件后重新载入。"))
    with everything("the plan an action holds"):
        Plan.objects.filter(parent=plan).update(withdrawn=True)
    plan.withdrawn = True
    plan.save(update_fields=["withdrawn"])


@action("training.load_plans", right="training.edit", at=lambda a: (a["division"],))
def load_plans(
    actor: Actor, *, division: int, plans: Mapping[str, tuple[Mapping[str, Any], Sequence[Due]]]
) -> None:
    """Make the plans that come from a city's file agree with it (key → fields and years); those gone are withdrawn."""
    with everything("a pack is loaded for the whole city"):
        known = {plan.key: plan for plan in Plan.objects.filter(division_id=division).exclude(key="")}
        for key, (fields, years) in plans.items():
            plan = known.pop(key, None) or Plan(division_id=division, key=key)
            for name, value in fields.items():
                setattr(plan, name, value)
            plan.withdrawn = False
            _write(plan, years)
        Plan.objects.filter(pk__in=[plan.pk for plan in known.values()]).update(withdrawn=True)
    note(plans=sorted(plans))


def _write(plan: Plan, years: Sequence[Due]) -> Plan:
    if not years:
        raise ValidationError({"years": _("请至少填写一个年度的数量。")})
    if wrong := mistakes(years):
        text = _("%(year)s年的累计数小于以前年度已定的数：请核对。")
        raise ValidationError({"years": text % {"year": wrong[0]}})
    if plan.counts != Plan.Counts.SITES and plan.sites:
        raise ValidationError({"sites": _("只有按培训点计数的计划才选培训点类别。")})
    with everything("the plan an action holds"):
        plan.full_clean(exclude=["division", "parent"])
        plan.save()
        PlanYear.objects.filter(plan=plan).delete()
        PlanYear.objects.bulk_create(
            PlanYear(plan=plan, year=due.year, number=due.number, total=due.total) for due in years
        )
    return plan
