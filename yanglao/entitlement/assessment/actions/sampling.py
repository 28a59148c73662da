"""Quality: a share of the assessments is drawn, and another assessor repeats them."""

from __future__ import annotations

import datetime as dt
import hashlib
import math
import secrets
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from yanglao.entitlement.assessment import choosing
from yanglao.entitlement.assessment.models import Assessment, Assignment, Sample, SampleLine
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.audit.action import action, note
from yanglao.kernel.calendar.queries import add_working_days
from yanglao.kernel.scope import Span, everything

DAYS = 20


def drawn(ids: Iterable[int], percent: int, seed: str) -> list[int]:
    """Which of the assessments are drawn, in the order of the draw: always the same for the same numbers, share and
    seed; at least one. Those whose SHA-256 of "seed:number" is smallest, so that any tool can draw it again."""
    known = sorted(ids, key=lambda pk: hashlib.sha256(f"{seed}:{pk}".encode()).digest())
    return known[: math.ceil(len(known) * percent / 100)]


@action("assessment.draw", right="assessment.sample", at=lambda a: (a["division"],))
def draw(
    actor: Actor,
    *,
    division: int,
    scale: str,
    first_day: dt.date,
    last_day: dt.date,
    percent: int,
    seed: str = "",
) -> Sample:
    """Draw a share of what was signed in a division between two days, and send somebody else to repeat each.

    Raises ValidationError when it was drawn already, or there is nothing to draw from.
    """
    if last_day < first_day:
        raise ValidationError({"last_day": _("止日早于起日：请核对。")})
    if last_day > timezone.localdate():
        raise ValidationError({"last_day": _("止日还没有过去。")})
    with everything("all assessments of the division for which the right was asked"):
        if Sample.objects.filter(
            division=division, scale=scale, first_day=first_day, last_day=last_day
        ).exists():
            raise ValidationError(_("这个区划、这段时间已经抽过：一段时间只抽一次。"))
        rows = {a.pk: a for a in _population(division, scale, first_day, last_day)}
        if not rows:
            raise ValidationError(_("这段时间没有可以抽查的评估。"))
        seed = seed or secrets.token_hex(8)
        chosen = drawn(rows, percent, seed)
        made = Sample.objects.create(
            division_id=division,
            scale=scale,
            first_day=first_day,
            last_day=last_day,
            percent=percent,
            seed=seed,
            population=len(rows),
            size=len(chosen),
            drawn_by=actor.name,
        )
        for order, pk in enumerate(chosen, 1):
            SampleLine.objects.create(
                sample=made, order=order, assessment=rows[pk], assignment=_repeat(actor, rows[pk])
            )
    note(seed=seed, population=len(rows), size=len(chosen), percent=percent)
    return made


def _population(division: int, scale: str, first: dt.date, last: dt.date) -> Iterable[Assessment]:
    span = Span.of(division)
    rows = Assessment.objects.filter(
        division__gte=span.lo,
        division__lte=span.hi,
        scale=scale,
        made_on__gte=first,
        made_on__lte=last,
        state__in=(Assessment.State.VALID, Assessment.State.REPLACED),
        signed_at__isnull=False,
        assignment__isnull=False,
        person__death_date=None,
    )
    return rows.select_related("assignment", "person").order_by("pk")


def _repeat(actor: Actor, assessment: Assessment) -> Assignment | None:
    """Somebody other than the two repeats it: of another body if there is one; None when nobody is qualified."""
    own = {assessment.first_id, assessment.second_id}
    able = [
        c
        for c in choosing.choices(assessment.person_id, assessment.division_id)
        if not c.why_not and c.assessor.pk not in own
    ]
    if not able:
        return None
    # the least loaded of another body, else of the same
    one = min(able, key=lambda c: (c.assessor.body_id == assessment.body_id, c.open, c.done, c.assessor.pk))
    return Assignment.objects.create(
        person_id=assessment.person_id,
        division_id=assessment.division_id,
        version_id=assessment.version_id,
        purpose=Assignment.Purpose.SAMPLE,
        body_id=one.assessor.body_id,
        first=one.assessor,
        due_on=add_working_days(timezone.localdate(), DAYS),
        assigned_by=actor.name,
    )
