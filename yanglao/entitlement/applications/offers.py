"""What applications show on desks, on a person's page and in figures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yanglao.entitlement.applications import queries
from yanglao.entitlement.applications.models import Application, Rating
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.rooms import DeskItem, Measure, OpenMatter, TimelineEvent
from yanglao.kernel.scope import everything


def desk(actor: Actor) -> Iterator[DeskItem]:
    """What the steps of cases do not show: applications whose person is not known yet."""
    if not actor.can("applications.apply"):
        return
    number = queries.applications().filter(closed_on=None, person=None).count()
    if number:
        yield DeskItem(
            title=_("网上申请待对应档案"),
            url=reverse("applications:list") + "?state=unmatched",
            count=number,
            order=35,
        )


def timeline(person_id: int) -> Iterator[TimelineEvent]:
    for one in queries.of_person(person_id):
        yield TimelineEvent(
            one.applied_on,
            _("申请%(item)s") % {"item": one.item},
            detail=one.get_by_display(),
            url=one.get_absolute_url(),
            icon="file-description",
            kind="application",
        )


def panel(actor: Actor, person_id: int, as_of: dt.date) -> Mapping[str, Any]:
    from yanglao.entitlement.applications.views.staff import state_tone, state_words

    rows = [one for one in queries.of_person(person_id) if one.applied_on <= as_of]
    return {
        "rows": [(one, state_words(one), state_tone(one)) for one in rows],
        "person": person_id,
        "may_apply": actor.can("applications.apply"),
    }


def still_open(person_id: int) -> Iterator[OpenMatter]:
    """Applications under way, to be withdrawn before a file is closed."""
    for one in queries.of_person(person_id):
        if one.closed_on is None:
            yield OpenMatter(
                _("申请%(item)s还在办理") % {"item": one.item}, one.get_absolute_url(), _("撤回或办结")
            )


def _open(on: dt.date) -> QuerySet[Application]:
    rows = Application.objects.filter(applied_on__lte=on).order_by("pk")
    return rows.filter(closed_on=None) | rows.filter(closed_on__gt=on)


def _of_year(result: str) -> Callable[[dt.date], QuerySet[Application]]:
    def rows(on: dt.date) -> QuerySet[Application]:
        found = Application.objects.filter(closed_on__lte=on, closed_on__gte=on.replace(month=1, day=1))
        return found.filter(result=result).order_by("pk") if result else found.order_by("pk")

    return rows


def _counted(records: Callable[[dt.date], QuerySet[Application]]) -> Callable[[dt.date], Mapping[int, float]]:
    def count(on: dt.date) -> Mapping[int, float]:
        with everything("figures of a whole city"):
            return dict(records(on).order_by().values_list("division_id").annotate(n=Count("pk")))

    return count


def _rated(on: dt.date) -> QuerySet[Rating]:
    return Rating.objects.filter(on__lte=on, on__gte=on.replace(month=1, day=1)).order_by("pk")


def _satisfied(on: dt.date) -> Mapping[int, float]:
    with everything("figures of a whole city"):
        rows = _rated(on).filter(mark__gte=3).order_by()
        return dict(rows.values_list("division_id").annotate(n=Count("pk")))


def _answered(on: dt.date) -> Mapping[int, float]:
    with everything("figures of a whole city"):
        return dict(_rated(on).order_by().values_list("division_id").annotate(n=Count("pk")))


def _list(state: str) -> Callable[[dt.date, int], str]:
    return lambda on, division: f"{reverse('applications:list')}?state={state}&division={division}"


def measures() -> tuple[Measure, ...]:
    """Applications open, closed, granted and refused this year; ratings, and those of the satisfied."""
    kinds: tuple[tuple[str, Any, str, Callable[[dt.date], QuerySet[Application]]], ...] = (
        ("open", _("办理中的申请"), "open", _open),
        ("closed", _("当年办结的申请"), "closed", _of_year("")),
        ("granted", _("当年同意的申请"), "granted", _of_year("granted")),
        ("refused", _("当年不同意的申请"), "refused", _of_year("refused")),
    )
    return (
        *(
            Measure(
                name=f"applications.{name}",
                label=label,
                unit=_("件"),
                count=_counted(records),
                records=records,
                list_url=_list(state),
            )
            for name, label, state, records in kinds
        ),
        Measure(name="applications.rated", label=_("当年的满意度评价"), unit=_("份"), count=_answered),
        Measure(
            name="applications.satisfied", label=_("其中满意的（三分及以上）"), unit=_("份"), count=_satisfied
        ),
    )
