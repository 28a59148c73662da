"""A confirmed clue 线索属实: does it concern somebody who is paid? Then his payments wait for a decision."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet, Sum
from django.utils.translation import gettext as _

from yanglao.entitlement.benefits.offered.queries import LedgerLine
from yanglao.entitlement.benefits.queries import PAYABLE
from yanglao.entitlement.corrections import actions
from yanglao.entitlement.corrections.settings_file import setting
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.scope import everything
from yanglao.registers.comparison.events import ClueConfirmed
from yanglao.registers.people.models import Person
from yanglao.registers.people.queries import files_of, kinds


def follow(actor: Actor, event: ClueConfirmed) -> None:
    """Withhold his payments, with the sum granted for months after the fact. Nothing for who was never paid."""
    with everything("whom a confirmed clue concerns"):
        person = Person.objects.filter(pk=event.person_id).first()
    if person is None or event.kind not in setting(person.hukou_id).holds:
        return
    with everything("whether he was ever granted anything"):
        if not granted(event.person_id).exists():
            return
    actions.place_hold(
        actor,
        person_id=event.person_id,
        division=person.hukou_id,
        reason=_("比对线索属实：%(what)s，自 %(day)s") % {"what": kinds()[event.kind], "day": event.on},
        clue_id=event.clue_id,
        fact_on=event.on,
        granted_fen=after(event.person_id, event.on),
    )


def granted(person_id: int) -> QuerySet[LedgerLine]:
    """What a person was granted by approved runs, under any of his files."""
    return LedgerLine.objects.filter(
        subject_kind="person", subject_id__in=files_of(person_id), live=True, run__state__in=PAYABLE
    )


def after(person_id: int, day: dt.date) -> int:
    """Fen granted, net of corrections, for months after that of a day."""
    with everything("what was granted after a fact"):
        found = granted(person_id).filter(month__gt=day.year * 100 + day.month)
        return int(found.aggregate(n=Sum("amount_fen", default=0))["n"])
