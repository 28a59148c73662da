"""Who may be sent to assess a person: qualified on the day, free of ties, the least loaded first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from yanglao.entitlement.assessment import rules
from yanglao.entitlement.assessment.models import Assessor, Assignment, Body
from yanglao.kernel.scope import everything
from yanglao.kernel.scope.spans import Level, ancestor
from yanglao.registers.stays.queries import of_person
from yanglao.registers.workforce import queries as workforce


@dataclass(frozen=True)
class Choice:
    """An assessor for a person, and why he may not be sent ("" when he may)."""

    assessor: Assessor
    open: int
    done: int
    why_not: str = ""


def place_of(person_id: int) -> int | None:
    """The home a person lives in now: its staff does not assess him."""
    return next((stay.place_id for stay in of_person(person_id) if stay.state == stay.State.ADMITTED), None)


def choices(
    person_id: int, division: int, *, on: dt.date | None = None, without: Iterable[int] = ()
) -> list[Choice]:
    """All assessors whose body serves the division, with what speaks against each; `without`: bodies left out."""
    day = on or timezone.localdate()
    with everything("who may be sent is asked of the whole city; nobody is shown beyond name and body"):
        rows = list(_serving(division, day))
        good = {m.worker_id: m for m in workforce.assessors(division, day)}
        loads = _loads([a.pk for a in rows], day)
        place = place_of(person_id)
        tied = {a.pk for a in rows if a.worker_id in good and not _free(good[a.worker_id], place)}
    left_out = set(without)
    found = []
    for one in rows:
        why = ""
        if one.body_id in left_out:
            why = _("原来的评估机构")
        elif one.worker_id not in good:
            why = _("当日不在评估员库，或证书无效")
        elif one.pk in tied:
            why = _("与老年人所住机构有关联")
        found.append(Choice(one, *loads.get(one.pk, (0, 0)), why))
    return sorted(found, key=lambda c: (bool(c.why_not), c.open, c.done, c.assessor.pk))


def _serving(division: int, day: dt.date) -> Iterable[Assessor]:
    areas = sorted({ancestor(division, level) for level in Level})
    here = Q(body__division__in=areas, body__valid_from__lte=day) & (
        Q(body__valid_to=None) | Q(body__valid_to__gte=day)
    )
    at_work = Q(since__lte=day) & (Q(left_on=None) | Q(left_on__gt=day))
    rows = Assessor.objects.filter(here, at_work, user__is_active=True)
    return rows.select_related("body__organisation", "worker").order_by("pk")


def _free(member: workforce.PoolMember, place: int | None) -> bool:
    return place is None or workforce.may_judge(member, place=place)


def _loads(ids: list[int], day: dt.date) -> dict[int, tuple[int, int]]:
    """assessor → (open, done this year)."""
    found: dict[int, list[int]] = {}
    year = dt.date(day.year, 1, 1)
    for column in ("first", "second"):
        rows = Assignment.objects.filter(**{f"{column}__in": ids}).order_by().values(column)
        counted = rows.annotate(
            open=Count("pk", filter=Q(state__in=Assignment.WAITING)),
            done=Count("pk", filter=Q(state="done", done_at__date__gte=year)),
        )
        for row in counted:
            load = found.setdefault(row[column], [0, 0])
            load[0] += row["open"]
            load[1] += row["done"]
    return {pk: (load[0], load[1]) for pk, load in found.items()}


def pair(choices_: Iterable[Choice]) -> tuple[Assessor, Assessor] | None:
    """The two to be sent; None when no body has two."""
    able = [c for c in choices_ if not c.why_not]
    known = {c.assessor.pk: c.assessor for c in able}
    found = rules.two_of(rules.Candidate(c.assessor.pk, c.assessor.body_id, c.open, c.done) for c in able)
    return (known[found[0]], known[found[1]]) if found else None


def bodies_before(request_id: int) -> set[int]:
    """Bodies that assessed for a request: a re-assessment is another's."""
    with everything("which bodies have assessed"):
        rows = Assignment.objects.filter(request=request_id, state=Assignment.State.DONE).order_by()
        return set(rows.values_list("body", flat=True))


def bodies() -> list[Body]:
    """Bodies in the entered scope, by name."""
    return list(Body.objects.select_related("organisation").order_by("organisation__name", "pk"))
