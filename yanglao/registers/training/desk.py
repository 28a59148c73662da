"""What training brings to the desk, the search box, and other registers' pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.rooms import DeskItem, SearchHit, Tile, TimelineEvent
from yanglao.kernel.scope import everything
from yanglao.registers.training.counting import standings
from yanglao.registers.training.models import Certificate, Enrolment, Plan, Session


def waiting(actor: Actor) -> Iterable[DeskItem]:
    """Sessions of tomorrow, sessions to be closed, certificates to print, plans behind."""
    today = timezone.localdate()
    if actor.can("training.teach"):
        yield _tomorrow(today)
        yield _to_finish(today)
    if actor.can("training.certify"):
        yield _to_print()
    if actor.can("training.edit"):
        yield _behind(today)


def _tomorrow(today: dt.date) -> DeskItem:
    day = today + dt.timedelta(days=1)
    running = Session.objects.filter(lessons__on=day, state__in=("open", "closed"))
    return DeskItem(
        title=_("明天上课的班次"),
        url=f"{reverse('training:calendar')}?month={day:%Y-%m}",
        count=running.order_by().distinct().count(),
        due=day,
        hint=_("核对人数，打印签到表"),
        order=45,
    )


def _to_finish(today: dt.date) -> DeskItem:
    over = Session.objects.filter(last_on__lt=today, state__in=("open", "closed")).order_by()
    late = today - dt.timedelta(days=14)
    return DeskItem(
        title=_("已上完、待结班的班次"),
        url=f"{reverse('training:sessions')}?when=past&state=open",
        count=over.count(),
        late=over.filter(last_on__lt=late).count(),
        hint=_("登记考勤和成绩后结班、发证"),
        order=46,
    )


def _to_print() -> DeskItem:
    unprinted = Certificate.objects.filter(printed_at=None, revoked_on=None).order_by()
    return DeskItem(
        title=_("待打印的培训证书"),
        url=f"{reverse('training:certificates')}?printed=0",
        count=unprinted.count(),
        order=47,
    )


def _behind(today: dt.date) -> DeskItem:
    """Plans of the running year only: what a past year missed stays on the page of plans."""
    plans = Plan.objects.filter(withdrawn=False, years__year=today.year).order_by("pk").distinct()
    late = [s for s in standings(plans.prefetch_related("years"), today) if s.behind]
    return DeskItem(
        title=_("进度落后的培训计划"),
        url=reverse("training:plans"),
        count=len(late),
        late=len(late),
        order=48,
    )


def figures(actor: Actor) -> Iterable[Tile]:
    """Who completed a course this year; one query."""
    if not actor.can("training.view"):
        return
    start = timezone.localdate().replace(month=1, day=1)
    rows = Enrolment.objects.filter(completed_on__gte=start).order_by()
    found = rows.aggregate(times=Count("pk"), people=Count("trainee", distinct=True))
    if not found["times"]:
        return
    yield Tile(
        label=_("今年培训合格"),
        value=found["people"],
        unit=_("人"),
        url=f"{reverse('training:enrolments')}?done=1&completed_on_after={start}",
        detail=_("%(times)s人次") % {"times": found["times"]},
        order=60,
    )


def search(actor: Actor, text: str, limit: int) -> Iterable[SearchHit]:
    """Sessions by name, pinyin or code."""
    text = text.strip()
    named = Q(name__prefix=text) | Q(pinyin__prefix=text.lower()) | Q(code__prefix=text.upper())
    for session in Session.objects.filter(named).order_by("-first_on", "-id")[:limit]:
        when = f"{session.first_on:%Y-%m-%d}" if session.first_on else ""
        yield SearchHit(session.name, session.get_absolute_url(), f"{session.kind_label} {when}")


def _of(**who: int) -> Iterable[Enrolment]:
    rows = Enrolment.objects.filter(**who).exclude(state=Enrolment.State.OUT)
    return rows.select_related("session__course", "certificate").order_by("-queued_at", "-id")


def person_panel(actor: Actor, person_id: int, as_of: dt.date) -> Mapping[str, Any]:
    """Courses of an older person, for his file."""
    return _panel(actor, trainee__person=person_id)


def worker_panel(actor: Actor, worker_id: int, as_of: dt.date) -> Mapping[str, Any]:
    """Courses of a worker, for his file: those the reader may open are linked."""
    return _panel(actor, trainee__worker=worker_id)


def _panel(actor: Actor, **who: int) -> Mapping[str, Any]:
    # the file's own page has checked that its reader may see this human; where he was trained belongs to him
    with everything("the courses of the human whose file is open"):
        rows = list(_of(**who))[:20]
    return {"rows": [(each, actor.can("training.view", each)) for each in rows]}


def place_panel(actor: Actor, place_id: int, as_of: dt.date) -> Mapping[str, Any] | None:
    """Sessions held at a place; None where none was."""
    rows = list(Session.objects.filter(place=place_id).order_by("-first_on", "-id")[:10])
    return {"sessions": rows} if rows else None


def person_events(person_id: int) -> Iterable[TimelineEvent]:
    """Courses completed, for a person's timeline."""
    return _events(trainee__person=person_id)


def worker_events(worker_id: int) -> Iterable[TimelineEvent]:
    return _events(trainee__worker=worker_id)


def _events(**who: int) -> Iterable[TimelineEvent]:
    with everything("the courses of the human whose file is open"):
        done = [each for each in _of(**who) if each.completed_on]
    for each in done:
        yield TimelineEvent(
            on=each.completed_on or timezone.localdate(),
            title=_("培训合格：%(course)s") % {"course": each.session.course.name},
            detail=each.session.name,
            icon="school",
            kind="training",
        )
