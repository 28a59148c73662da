"""What is true of a place when: recorded or reported, confirmed or refused, ended, taken back."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.audit.action import action, note
from yanglao.kernel.rooms import publish
from yanglao.kernel.scope import everything
from yanglao.registers.places import checks
from yanglao.registers.places.events import PlaceFactRecorded
from yanglao.registers.places.models import Place, PlaceFact, Report
from yanglao.registers.places.recording import Contents, Origin, fact_named, project, put, refresh, take

COURSE = "state"


def write(
    actor: Actor,
    place: Place,
    kind: str,
    said: Contents,
    first: dt.date,
    last: dt.date | None,
    source: str,
    evidence_id: int | None = None,
) -> PlaceFact | None:
    """Record, project and tell; for actions that hold the place. None when all of it was known already."""
    found = checks.fact(kind, said, first, last)
    row = put(place, found, said, first, last, Origin(checks.source(source), actor.user_id, evidence_id))
    if row is not None:
        _tell(place, kind, said, first, last)
    return row


def _tell(place: Place, kind: str, said: Contents, first: dt.date, last: dt.date | None) -> None:
    project(place)
    publish(PlaceFactRecorded(place.pk, kind, said.value, first, last, said.amount))


def state_becomes(actor: Actor, place: Place, state: str, on: dt.date, source: str) -> None:
    """The course of a place's life takes a turn on a day; what was recorded for later days gives way."""
    write(actor, place, COURSE, Contents(state), on, None, source)


def counts_at_once(actor: Actor, place: Place, kind: str) -> bool:
    """Whether what this actor says of this place needs no confirmation."""
    return not fact_named(kind).licensed or kind == COURSE or actor.can("places.confirm", place)


@action("places.record", right="places.edit")
def record(
    actor: Actor,
    place: Place,
    *,
    kind: str,
    valid_from: dt.date,
    source: str,
    said: Contents,
    valid_to: dt.date | None = None,
    evidence_id: int | None = None,
) -> PlaceFact | Report | None:
    """Record a fact from `valid_from` up to, not including, `valid_to`; what was known before is replaced, not lost.

    What a place says of its own licensed facts is a report that waits for an officer. None when all of it was known
    already. Raises ValidationError.
    """
    checks.fact(kind, said, valid_from, valid_to)
    refresh(place)
    note(kind=kind, value=said.value or said.amount, valid_from=valid_from, source=source)
    return say(actor, place, kind, said, valid_from, valid_to, source, evidence_id)


def say(
    actor: Actor,
    place: Place,
    kind: str,
    said: Contents,
    first: dt.date,
    last: dt.date | None,
    source: str,
    evidence_id: int | None = None,
) -> PlaceFact | Report | None:
    """A fact where the actor's word counts at once, else a report; for actions that hold the place."""
    if counts_at_once(actor, place, kind):
        row = write(actor, place, kind, said, first, last, source, evidence_id)
        _settle_waiting(actor, place, kind, said)
        return row
    checks.fact(kind, said, first, last)
    note(reported=True)
    return _report(actor, place, kind, said, first, last, source, evidence_id)


def _waiting(place: Place, kind: str, value: str) -> list[Report]:
    found = fact_named(kind)
    with everything("the reports of a place an action holds"):
        rows = Report.objects.filter(place=place, kind=kind, settled_at=None).order_by("id")
        return [r for r in rows if not found.many or r.value == value]


def _settle_waiting(actor: Actor, place: Place, kind: str, said: Contents) -> None:
    """An officer recorded the matter himself: what waited on it is done with."""
    for report in _waiting(place, kind, said.value):
        same = Contents.of(report) == said
        _settle(actor, report, Report.Outcome.CONFIRMED if same else Report.Outcome.REPLACED, "")


def _report(
    actor: Actor,
    place: Place,
    kind: str,
    said: Contents,
    first: dt.date,
    last: dt.date | None,
    source: str,
    evidence_id: int | None,
    *,
    ends: bool = False,
) -> Report:
    for earlier in _waiting(place, kind, said.value):
        _settle(actor, earlier, Report.Outcome.REPLACED, "")
    return Report.objects.create(
        place=place,
        kind=kind,
        valid_from=first,
        valid_to=last,
        source=checks.source(source),
        evidence_id=evidence_id,
        ends=ends,
        reported_by_id=actor.user_id,
        **said.__dict__,
    )


def _settle(actor: Actor, report: Report, outcome: str, reason: str) -> None:
    report.settled_at, report.settled_by_id = timezone.now(), actor.user_id
    report.outcome, report.reason = outcome, reason
    report.save(update_fields=["settled_at", "settled_by_id", "outcome", "reason"])


@action("places.confirm", right="places.confirm")
def confirm(actor: Actor, report: Report) -> PlaceFact | None:
    """What a place reported is so: it becomes a fact. Raises ValidationError when it is settled already."""
    place = _held(report)
    said = Contents.of(report)
    row = None
    if report.ends:
        take(
            place,
            fact_named(report.kind),
            report.value,
            Origin(report.source, actor.user_id),
            report.valid_from,
        )
        _tell(place, report.kind, Contents(), report.valid_from, None)
    else:
        row = write(
            actor,
            place,
            report.kind,
            said,
            report.valid_from,
            report.valid_to,
            report.source,
            report.evidence_id,
        )
    _settle(actor, report, Report.Outcome.CONFIRMED, "")
    note(kind=report.kind)
    return row


@action("places.refuse", right="places.confirm")
def refuse(actor: Actor, report: Report, *, reason: str) -> Report:
    """What a place reported is not so, or not shown: back to it with the reason."""
    read = checks.reason(reason)
    _held(report)
    _settle(actor, report, Report.Outcome.REFUSED, read)
    note(kind=report.kind, reason=read)
    return report


def _held(report: Report) -> Place:
    place = report.place
    refresh(place)
    report.refresh_from_db(fields=["settled_at", "outcome"])
    if report.settled_at is not None:
        raise ValidationError(_("这一条上报已经处理过了：请刷新页面。"))
    return place


@action("places.end_fact", right="places.edit")
def end_fact(
    actor: Actor, place: Place, *, kind: str, on: dt.date, source: str, value: str = ""
) -> bool | Report:
    """A fact no longer holds from the day `on`. True if that is news; a Report where it must be confirmed."""
    if kind == COURSE:
        raise ValidationError({"on": _("运营状态请用“启用、暂停、停止运营”登记。")})
    checks.days(on, None, "on")
    refresh(place)
    note(kind=kind, value=value, on=on, source=source)
    if not counts_at_once(actor, place, kind):
        return _report(actor, place, kind, Contents(value), on, None, source, None, ends=True)
    news = take(place, fact_named(kind), value, Origin(checks.source(source), actor.user_id), on)
    if news:
        _tell(place, kind, Contents(), on, None)
    return news


@action("places.withdraw_fact", right="places.confirm")
def withdraw_fact(actor: Actor, row: PlaceFact, *, reason: str) -> None:
    """Take a row back: it was wrong and nothing is known of those days. Raises ValidationError."""
    origin = Origin(checks.reason(reason), actor.user_id)
    place = row.place
    refresh(place)
    checks.still_known(row)
    if row.kind == COURSE:
        raise ValidationError(_("运营状态不能撤回：请按实际情况重新登记启用、暂停或停止运营的日期。"))
    take(place, fact_named(row.kind), row.value, origin, row.valid_from, row.valid_to)
    note(kind=row.kind, value=row.value, reason=reason)
    _tell(place, row.kind, Contents(), row.valid_from, row.valid_to)


@action("places.roll", right="places.manage", at=lambda a: ())
def roll(actor: Actor, day: dt.date | None = None) -> int:
    """Bring every projection to today: facts that begin, end or expire with the days. Returns how many changed."""
    changed = 0
    with everything("every place, once a day"):
        for place in Place.objects.order_by("id").iterator(chunk_size=500):
            changed += bool(project(place, day))
    note(changed=changed)
    return changed
