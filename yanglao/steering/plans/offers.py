"""What plans put on people's desks, among the figures and into the search."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.rooms import DeskItem, SearchHit, Tile
from yanglao.steering.indicators.rules import month_start
from yanglao.steering.plans import queries
from yanglao.steering.plans.models import Plan


def _running(actor: Actor) -> list[Plan]:
    today = timezone.localdate()
    return [plan for plan in queries.visible(actor) if plan.start <= today <= plan.end]


def desk(actor: Actor) -> Iterable[DeskItem]:
    """My own returns that are not in yet; for whoever manages the plan, the units that are late."""
    month = month_start(timezone.localdate())
    own = queries.own_units(actor)
    manages = actor.can("plans.manage")
    for plan in _running(actor) if own or manages else []:
        units = queries.reporting(plan, month)
        for unit in units:
            if unit.division.code in own and not unit.submitted:
                words = {"place": unit.division.name, "plan": plan.title}
                yield DeskItem(
                    title=_("填报月度进展：%(place)s") % words,
                    url=reverse("plans:fill", args=[plan.slug, unit.division.code]),
                    count=unit.asked,
                    due=unit.due,
                    late=unit.asked if unit.late else 0,
                    hint=plan.title,
                    order=40,
                )
        if manages and actor.can("plans.manage", plan.division_id):
            late = [unit for unit in units if unit.late]
            if late:
                yield DeskItem(
                    title=_("催报：逾期未报的单位"),
                    url=reverse("plans:returns", args=[plan.slug]),
                    count=len(late),
                    due=late[0].due,
                    late=len(late),
                    hint=plan.title,
                    order=45,
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
