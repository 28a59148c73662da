"""What stands on other pages: the desk, a person's page and timeline."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from yanglao.entitlement.assessment import queries, residents
from yanglao.entitlement.assessment.models import Assessment
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.rooms import DeskItem, OpenMatter, Tile, TimelineEvent
from yanglao.registers.people.queries import identities


def desk(actor: Actor) -> Iterator[DeskItem]:
    """What waits: one's own assessments, requests to assign, what is late, what differs, what ends soon."""
    if actor.can("assessment.assess"):
        rows = list(queries.mine(actor).values_list("due_on", flat=True))
        if rows:
            late = sum(due < queries.today() for due in rows)
            yield DeskItem(
                _("待评估"), reverse("assessment:day"), len(rows), due=rows[0], late=late, order=20
            )
    if actor.organisations("assessment.home") and (count := residents.to_ask().count()):
        url = f"{reverse('assessment:residents')}?state=ask"
        yield DeskItem(
            _("需要申请能力评估的住养老人"), url, count, hint=_("没有有效结果，或 30 天内到期"), order=57
        )
    if actor.spans("assessment.assign"):
        yield from _managing()
    if actor.spans("assessment.view") and actor.can("assessment.request"):
        soon = queries.expiring(queries.today(), queries.today() + dt.timedelta(days=30)).count()
        if soon:
            url = f"{reverse('assessment:list')}?due=30"
            yield DeskItem(_("30 天内到期的能力评估"), url, soon, hint=_("通知复评"), order=58)


def _managing() -> Iterator[DeskItem]:
    if count := queries.to_assign().count():
        yield DeskItem(
            _("待分派的评估申请"), f"{reverse('assessment:requests')}?state=open&step=assign", count, order=40
        )
    late = list(queries.late_assignments().values_list("due_on", flat=True))
    if late:
        url = f"{reverse('assessment:assignments')}?state=late"
        yield DeskItem(_("逾期的评估任务"), url, len(late), due=late[0], late=len(late), order=41)
    if count := queries.conflicts().count():
        url = f"{reverse('assessment:assignments')}?differ=1"
        yield DeskItem(_("评估员记录不一致"), url, count, hint=_("由两名评估员核定"), order=42)


def tiles(actor: Actor) -> Iterator[Tile]:
    """How many results hold where the actor looks."""
    if not actor.spans("assessment.view"):
        return
    valid = Assessment.objects.filter(queries.held_on(queries.today()), state=Assessment.State.VALID).count()
    if valid:
        yield Tile(_("能力评估有效"), valid, _("人"), reverse("assessment:list") + "?state=valid", order=44)


def person_panel(actor: Actor, person_id: int, as_of: dt.date) -> dict[str, Any]:
    """All results of a person, what is under way, and the way to a new request."""
    person = identities([person_id]).get(person_id)
    where = (person.hukou, person.residence) if person else ()
    return {
        "results": queries.of_person_results(person_id),
        "open": queries.open_request(person_id),
        "seen": bool(actor.spans("assessment.view")),
        "may_ask": bool(where)
        and actor.can("assessment.request", *where)
        and person is not None
        and not person.died,
        "person_id": person_id,
    }


def timeline(person_id: int) -> Iterator[TimelineEvent]:
    """Results, for a person's timeline."""
    for row in queries.of_person_results(person_id):
        if row.signed_at or row.source:
            title = _("能力评估：%(level)s") % {"level": row.level_words}
            yield TimelineEvent(
                row.made_on,
                title,
                row.get_state_display(),
                row.get_absolute_url(),
                "clipboard-check",
                "assessment",
            )


def open_matters(person_id: int) -> Iterator[OpenMatter]:
    """A request that is still open when somebody has died."""
    if request := queries.open_request(person_id):
        yield OpenMatter(_("能力评估申请未办结"), request.get_absolute_url(), _("在办件页面终止"))
