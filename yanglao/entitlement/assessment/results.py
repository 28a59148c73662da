"""What an assessment comes to: scored, made valid, the former result replaced, the register told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from yanglao.entitlement.assessment import casework, rules, words
from yanglao.entitlement.assessment.events import AbilityAssessed
from yanglao.entitlement.assessment.models import Assessment, Assignment
from yanglao.entitlement.assessment.scale_file import Scale
from yanglao.entitlement.assessment.terms import terms_for
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.rooms import publish
from yanglao.kernel.scope import everything
from yanglao.registers.people import actions as people
from yanglao.registers.people import queries as people_queries

SOURCE = "能力评估"  # i18n: data


def findings(diagnoses: Sequence[str], events: Mapping[str, int]) -> rules.Findings:
    """As the rules take them; kinds that did not happen are left out."""
    return rules.Findings(frozenset(diagnoses), {k: n for k, n in events.items() if n})


def score_into(assessment: Assessment, scale: Scale) -> None:
    """Write the outcome of its answers onto an assessment that nobody has wholly signed. Raises rules.Incomplete."""
    outcome = rules.score(scale, assessment.answers, findings(assessment.diagnoses, assessment.events))
    assessment.total = outcome.total
    assessment.level_by_total = outcome.level_by_total
    assessment.raised_by = list(outcome.raised_by)
    assessment.level = outcome.level
    assessment.outcome = words.kept(outcome)


def finish(actor: Actor, assessment: Assessment) -> None:
    """Everybody has signed: it holds from the day it was made (a repeat for quality holds for nothing)."""
    now = timezone.now()
    assignment = assessment.assignment
    assessment.signed_at = now
    if assignment is not None and assignment.purpose == Assignment.Purpose.SAMPLE:
        assessment.state = Assessment.State.SAMPLE
        assessment.save()
    else:
        make_valid(actor, assessment)
    if assignment is not None:
        assignment.state, assignment.done_at = Assignment.State.DONE, now
        assignment.save(update_fields=["state", "done_at"])
        casework.signed(actor, assignment)


def make_valid(actor: Actor, assessment: Assessment) -> None:
    """Let a result hold from its day; the former one ends there. Records the circumstance and tells the house."""
    months = terms_for(assessment.division_id).months_of(assessment.scale)
    first = assessment.made_on
    assessment.valid_from, assessment.valid_to = first, rules.months_later(first, months)
    former = _valid(assessment.person_id, assessment.scale)
    if former is not None:
        _replace(former, first)
        assessment.replaces = former
    assessment.state = Assessment.State.VALID
    assessment.save()
    tell(actor, assessment)


def _valid(person_id: int, scale: str) -> Assessment | None:
    rows = Assessment._base_manager.select_for_update()
    return rows.filter(person=person_id, scale=scale, state=Assessment.State.VALID).first()


def _replace(former: Assessment, on: dt.date) -> None:
    former.state = Assessment.State.REPLACED
    if former.valid_from is not None and former.valid_from < on:
        former.valid_to = min(former.valid_to or on, on)
    former.save(update_fields=["state", "valid_to"])


def tell(actor: Actor, assessment: Assessment) -> None:
    """Record what a result says as a circumstance, and publish it. A dead person's file is only told of his days."""
    person, first, last = assessment.person, assessment.valid_from, assessment.valid_to
    assert first is not None
    if person.death_date is None and assessment.version.read.circumstance:
        record_spells(actor, person, assessment, [(first, last)])
    publish(AbilityAssessed(person.pk, assessment.scale, assessment.level, first, last))


def record_spells(
    actor: Actor, person: Any, assessment: Assessment, spells: Sequence[tuple[dt.date, dt.date | None]]
) -> None:
    """The level as a circumstance on these days."""
    scale = assessment.version.read
    for first, last in spells:
        people.record(
            casework.for_the_house(actor),
            person,
            kind=str(scale.circumstance),
            value=scale.value(assessment.level),
            valid_from=first,
            valid_to=last,
            source=assessment.source or SOURCE,
        )


def not_known(
    kind: str, person_id: int, first: dt.date, last: dt.date | None
) -> list[tuple[dt.date, dt.date | None]]:
    """The parts of a span on which nothing of a kind (`ability`, `care_level`) is known: an old result never replaces what is known."""
    found: list[tuple[dt.date, dt.date | None]] = []
    at: dt.date | None = first
    for _person, _value, begins, ends in people_queries.spells_known(kind, [person_id]):
        if at is None or (last is not None and begins >= last):
            break
        if ends is not None and ends <= at:
            continue
        if begins > at:
            found.append((at, begins))
        at = ends
    if at is not None and (last is None or at < last):
        found.append((at, last))
    return found


def take_back(actor: Actor, assessment: Assessment, reason: str) -> None:
    """A result that should not have been: the one it replaced holds again, the register is corrected."""
    assessment.state = Assessment.State.WITHDRAWN
    assessment.withdrawn_why = reason
    assessment.save(update_fields=["state", "withdrawn_why"])
    person, house = assessment.person, casework.for_the_house(actor)
    scale = assessment.version.read
    rows = person.circumstances.filter(
        Q(valid_from__gte=assessment.valid_from), kind=scale.circumstance or "", replaced_at=None
    ).filter(value=scale.value(assessment.level), source=assessment.source or SOURCE)
    for row in list(rows.order_by("pk")):
        people.withdraw(house, row, reason=_("撤销评估结果：%(why)s") % {"why": reason})
    former = assessment.replaces
    if former is not None and former.state == Assessment.State.REPLACED and former.valid_from is not None:
        former.state = Assessment.State.VALID
        months = terms_for(former.division_id).months_of(former.scale)
        former.valid_to = rules.months_later(former.made_on, months)
        former.save(update_fields=["state", "valid_to"])
        tell(actor, former)
        return
    first = assessment.valid_from or assessment.made_on
    publish(AbilityAssessed(person.pk, assessment.scale, None, first, None))


def stand_again(person_id: int) -> None:
    """After two files were put apart: of each scale on which nothing of the person's own is valid now, his latest
    result that no result of his own replaces holds again, with its days; what the register lost of it is filled in."""
    with everything("results of a file that was put apart"):
        mine = Assessment.objects.filter(person=person_id)
        held = set(mine.filter(state=Assessment.State.VALID).order_by().values_list("scale", flat=True))
        own = mine.filter(replaces=OuterRef("pk")).exclude(state=Assessment.State.WITHDRAWN).order_by()
        lost = mine.filter(~Exists(own), state=Assessment.State.REPLACED).exclude(scale__in=held)
        for row in lost.select_related("person", "version").order_by("-made_on", "-pk"):
            if row.scale not in held:
                held.add(row.scale)
                _hold_again(row)


def _hold_again(row: Assessment) -> None:
    foreign = Assessment.objects.filter(replaces=row).exclude(person=row.person_id)
    if foreign.exists():  # its days were cut by somebody else's result
        months = terms_for(row.division_id).months_of(row.scale)
        row.valid_to = rules.months_later(row.made_on, months)
        foreign.update(replaces=None)
    row.state = Assessment.State.VALID
    row.save(update_fields=["state", "valid_to"])
    if row.version.read.circumstance and row.person.closed_on is None and row.valid_from is not None:
        kind = str(row.version.read.circumstance)
        spells = not_known(kind, row.person_id, row.valid_from, row.valid_to)
        record_spells(Actor.system(_("合并拆分")), row.person, row, spells)
    publish(AbilityAssessed(row.person_id, row.scale, row.level, row.valid_from or row.made_on, row.valid_to))
