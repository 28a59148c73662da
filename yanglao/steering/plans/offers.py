"""What plans put on people's desks, among the figures and into the search."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.rooms import DeskItem, SearchHit, Tile
from yanglao.steering.indicators.rules import month_start
from yanglao.steering.plans import queries
from yanglao.steering.plans.models import Plan, Return, ReturnPart


def _running(actor: Actor) -> list[Plan]:
    today = timezone.localdate()
    return [plan for plan in queries.visible(actor) if plan.start <= today <= plan.end]


def desk(actor: Actor) -> Iterable[DeskItem]:
    """My own returns that are not in yet, what colleagues handed to me; for whoever manages the plan, what waits for
    its review and the units that are late."""
    month = month_start(timezone.localdate())
    own = queries.own_units(actor)
    running = _running(actor) if own or actor.can("plans.manage") else []
    managed = [plan for plan in running if actor.can("plans.manage", plan.division_id)]
    waiting = queries.waiting_for_review(managed)
    for plan in running:
        units = queries.reporting(plan, month)
        for unit in units:
            if unit.division.code in own and not unit.submitted and _mine(actor, plan, unit):
                yield _to_fill(plan, unit, month)
        if plan in managed:
            yield from _to_manage(plan, units, waiting.get(plan.pk, 0))
    yield from _parts(actor)


def _mine(actor: Actor, plan: Plan, unit: queries.UnitView) -> bool:
    """Whether the unit is the actor's own: who manages the plan may help departments, but it is not his to do."""
    if unit.department and not any(g.organisation.endswith(unit.department) for g in actor.grants):
        return False
    return queries.may_report(actor, plan, unit.division.code, unit.department)


def _to_fill(plan: Plan, unit: queries.UnitView, month: date) -> DeskItem:
    returned = unit.report is not None and unit.report.state == Return.RETURNED
    words = {"place": unit.name, "plan": plan.title}
    title = _("月报被退回，请更正：%(place)s") if returned else _("填报月度进展：%(place)s")
    address = reverse("plans:fill", args=[plan.slug, unit.division.code])
    query = {"month": f"{month:%Y-%m}", **({"department": unit.department} if unit.department else {})}
    return DeskItem(
        title=title % words,
        url=f"{address}?{urlencode(query)}",
        count=unit.asked,
        due=unit.due,
        late=unit.asked if unit.late else 0,
        hint=unit.report.reason if returned and unit.report else plan.title,
        order=40,
    )


def _to_manage(plan: Plan, units: list[queries.UnitView], waiting: int) -> Iterable[DeskItem]:
    late, address = [unit for unit in units if unit.late], reverse("plans:returns", args=[plan.slug])
    if waiting:
        yield DeskItem(title=_("待审核的月报"), url=address, count=waiting, hint=plan.title, order=44)
    if late:
        yield DeskItem(
            title=_("催报：逾期未报的单位"),
            url=address,
            count=len(late),
            due=late[0].due,
            late=len(late),
            hint=plan.title,
            order=45,
        )


def _parts(actor: Actor) -> Iterable[DeskItem]:
    """One item per return of which colleagues handed me a part."""
    reports: dict[int, list[ReturnPart]] = {}
    for part in queries.parts_for(actor):
        reports.setdefault(part.report_id, []).append(part)
    for parts in reports.values():
        report = parts[0].report
        yield DeskItem(
            title=_("%(who)s交办的填报") % {"who": parts[0].given_by},
            url=reverse("plans:part", args=[report.plan.slug, report.pk]),
            count=len(parts),
            due=report.due,
            hint=report.plan.title,
            order=41,
        )


def tiles(actor: Actor) -> Iterable[Tile]:
    """How the plan one opens first stands."""
    if not actor.can("plans.view"):
        return
    today = timezone.localdate()
    plan = queries.default_plan(queries.visible(actor), today)
    if plan is None or today > plan.end:
        return
    state = queries.board(plan, month_start(today))
    lights = state.lights()
    done = {"ok": lights["green"], "slow": lights["amber"], "none": lights["grey"]}
    yield Tile(
        label=_("滞后和逾期的目标"),
        value=lights["red"],
        unit=_("项"),
        url=reverse("plans:plan", args=[plan.slug]),
        detail=_("正常和达成 %(ok)s，偏慢 %(slow)s，未上报 %(none)s") % done,
        order=30,
    )


def find(actor: Actor, text: str, limit: int) -> Iterable[SearchHit]:
    """Targets by name."""
    for target in queries.find(queries.visible(actor), text, limit):
        yield SearchHit(
            title=target.name,
            url=reverse("plans:target", args=[target.plan.slug, target.key]),
            detail=target.plan.title,
        )


def case_url(case: Any) -> str:
    """The supervision page of the plan a case is about."""
    plan = Plan.objects.filter(pk=case.subject_id).first()
    return reverse("plans:supervision", args=[plan.slug]) if plan else ""
