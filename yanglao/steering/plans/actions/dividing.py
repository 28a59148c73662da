"""Targets divided among districts, version by version."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils.translation import gettext as _

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.audit.action import action, note
from yanglao.steering.indicators.rules import shown
from yanglao.steering.plans import queries
from yanglao.steering.plans.dividing import difference
from yanglao.steering.plans.models import Breakdown, BreakdownPart, Plan, Target
from yanglao.steering.plans.rules import parse_number


@action("plans.divide", right="plans.manage", at=lambda a: (a["target"].plan.division_id,))
def divide_target(
    actor: Actor, *, target: Target, method: str, numbers: Mapping[int, Fraction], remark: str = ""
) -> Breakdown:
    """Divide a target among its districts (任务分解): the version before stays, no longer in force.

    Raises ValidationError for a district that is not its own or is left out, parts that are less than the whole, or
    parts that are more (加码) without a word why.
    """
    _refuse_wrong(target, numbers, remark)
    last = target.breakdowns.aggregate(n=Max("version"))["n"] or 0
    target.breakdowns.filter(in_force=True).update(in_force=False)
    made = Breakdown.objects.create(
        target=target,
        version=last + 1,
        method=method,
        total=target.number,
        note=remark.strip()[:400],
        made_by=actor.name,
    )
    BreakdownPart.objects.bulk_create(
        BreakdownPart(breakdown=made, division_id=code, number=str(number))
        for code, number in sorted(numbers.items())
    )
    note(plan=target.plan.slug, target=target.key, version=made.version, districts=len(numbers))
    return made


@action("plans.divide_sheet", right="plans.manage", at=lambda a: (a["plan"].division_id,))
def divide_sheet(
    actor: Actor,
    *,
    plan: Plan,
    numbers: Mapping[str, Mapping[int, Fraction]],
    reasons: Mapping[str, str],
) -> list[Breakdown]:
    """Divide several targets (by key) as a filled-in table says: each gets a new version, or none does.

    Raises ValidationError like `divide_target`, and for a key that is none of the plan's targets.
    """
    targets = {t.key: t for t in plan.targets.filter(withdrawn=False).select_related("plan", "indicator")}
    if strange := numbers.keys() - targets.keys():
        raise ValidationError(_("计划里没有这些目标：%(keys)s") % {"keys": "、".join(sorted(strange))})
    made = [
        divide_target(actor, target=targets[key], method="hand", numbers=parts, remark=reasons.get(key, ""))
        for key, parts in numbers.items()
    ]
    note(plan=plan.slug, targets=len(made))
    return made


def _refuse_wrong(target: Target, numbers: Mapping[int, Fraction], remark: str) -> None:
    asked = {unit.code: unit.name for unit in queries.districts_of(target.plan, target)}
    lost = [name for code, name in asked.items() if code not in numbers]
    if lost or numbers.keys() - asked.keys():
        raise ValidationError(
            _("每个区县都要有一个数，没有任务的填 0：%(names)s") % {"names": "、".join(lost)}
        )
    if any(number < 0 for number in numbers.values()):
        raise ValidationError(_("分解数不能是负数。"))
    if not queries.divisible(target):
        return
    more = difference(numbers.values(), parse_number(target.number))
    words = {
        "sum": shown(sum(numbers.values(), Fraction(0)), 2),
        "total": shown(parse_number(target.number), 2),
    }
    if more < 0:
        words["less"] = shown(-more, 2)
        raise ValidationError(_("各地合计 %(sum)s，比目标 %(total)s 少 %(less)s，请补足。") % words)
    if more and not remark.strip():
        words["more"] = shown(more, 2)
        raise ValidationError(
            _("各地合计 %(sum)s，比目标 %(total)s 多 %(more)s；确需多下达的，请写明原因。") % words
        )
