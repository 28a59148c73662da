"""Reads of the register of workers."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Exists, Min, OuterRef, Q, QuerySet
from django.utils import timezone

from yanglao.kernel import identifiers
from yanglao.kernel.crypto.keyring import blind_index
from yanglao.kernel.scope import Level
from yanglao.kernel.scope.spans import ancestor
from yanglao.registers.people.queries import Person
from yanglao.registers.workforce import kinds
from yanglao.registers.workforce.models import (
    ID_PATH,
    TAIL_PATH,
    Certificate,
    CertificateGap,
    Employment,
    PoolMember,
    Worker,
)
from yanglao.registers.workforce.rules import SOON_DAYS

CERTIFIED = ("carer", "carer_special", "carer_training")
EMPLOYER = ("place", "operator", "organisation")


def today() -> dt.date:
    """Today in the city's time zone."""
    return timezone.localdate()


def held_on(day: dt.date) -> Q:
    """Spells of employment on a day, by what is known now."""
    return Q(replaced_at=None, starts__lte=day) & (Q(ends=None) | Q(ends__gt=day))


def good_on(day: dt.date) -> Q:
    """Certificates that hold on a day, by what is known now."""
    return (
        Q(replaced_at=None, issued_on__lte=day)
        & (Q(expires_on=None) | Q(expires_on__gte=day))
        & (Q(revoked_on=None) | Q(revoked_on__gt=day))
    )


def staff(day: dt.date | None = None, posts: Sequence[str] = ()) -> QuerySet[Employment]:
    """Spells of employment on a day (today), in scope; `posts`: of these only."""
    found = Employment.objects.filter(held_on(day or today()))
    return found.filter(post__in=posts) if posts else found


def persons(day: dt.date, posts: Sequence[str] = ()) -> QuerySet[Employment]:
    """Like `staff`, but one spell per person, the earliest entered: what numbers of persons are counted by."""
    one = staff(day, posts).order_by().values("worker").annotate(first=Min("pk")).values("first")
    return staff(day, posts).filter(pk__in=one)


def certified(day: dt.date, *certificates: str, level: int | None = None) -> Exists:
    """A condition on spells: the worker holds one of the certificates on the day, of just this level if given."""
    held = Certificate._base_manager.filter(
        good_on(day), worker=OuterRef("worker"), kind__in=certificates or CERTIFIED
    )
    return Exists((held.filter(level=level) if level else held).order_by())


def staff_of(place_ids: Iterable[int], day: dt.date | None = None) -> QuerySet[Employment]:
    """Who works at these places on a day (today), by post and name."""
    found = staff(day).filter(place__in=list(place_ids)).select_related("worker")
    return found.order_by("post", "worker__pinyin", "pk")


def history(worker: Worker) -> QuerySet[Employment]:
    """All that is known of where he worked, latest first. Seen by all who see his file."""
    rows = Employment._base_manager.filter(worker=worker, replaced_at=None)
    return rows.select_related(*EMPLOYER).order_by("-starts", "-pk")


def in_trade_since(worker: Worker) -> dt.date | None:
    """The first day he worked in elderly care: as he says, or else the first spell known."""
    first: dt.date | None = history(worker).aggregate(first=Min("starts"))["first"]
    said = worker.entered_trade_on
    return min(said, first) if said and first else said or first


def older_person(worker: Worker) -> Person | None:
    """His file among older persons, if he has one and the actor may see it."""
    return Person.objects.filter(id_number_hash=worker.person_hash).first()


def named(workers: QuerySet[Worker], text: str) -> QuerySet[Worker]:
    """Workers whose name, pinyin or initials begin with the text."""
    low = text.strip().lower()
    if not low:
        return workers
    return workers.filter(Q(name__prefix=text.strip()) | Q(pinyin__prefix=low) | Q(initials__prefix=low))


def by_id_number(workers: QuerySet[Worker], text: str) -> QuerySet[Worker]:
    """Workers by a whole resident id (either length) or its last four characters; none for other texts."""
    typed = identifiers.clean(text)
    if len(typed) in (15, 18):
        try:
            number = identifiers.resident_id(typed, today=today()).number
        except identifiers.Refused:
            return workers.none()
        return workers.filter(id_number_hash=blind_index(ID_PATH, number))
    if len(typed) == 4:
        return workers.filter(id_tail_hash=blind_index(TAIL_PATH, typed))
    return workers.none()


def find(text: str, limit: int) -> list[Worker]:
    """Workers for the search box: by resident id or its end when digits were typed, else by name."""
    typed = identifiers.clean(text)
    if not any(c.isalnum() for c in typed):
        return []
    digits = len(typed) >= 4 and typed[:-1].isdigit()
    rows = Worker.objects.select_related("spell", *(f"spell__{path}" for path in EMPLOYER))
    found = by_id_number(rows, typed) if digits else named(rows, text)
    return list(found.order_by("pinyin", "pk")[:limit])


def gaps(*, must: bool | None = None) -> QuerySet[CertificateGap]:
    """What workers lack for their posts today, in scope."""
    rows = CertificateGap.objects.all()
    return rows if must is None else rows.filter(must=must)


def expiring(first: dt.date, last: dt.date) -> QuerySet[Certificate]:
    """Certificates whose last day lies between two days, of workers who are in a post."""
    rows = Certificate.objects.filter(
        replaced_at=None, revoked_on=None, expires_on__gte=first, expires_on__lte=last
    )
    return rows.exclude(worker__post="").order_by("expires_on", "pk")


def expiring_soon(days: int = SOON_DAYS) -> QuerySet[Certificate]:
    """Certificates of workers in a post that end within `days`."""
    return expiring(today(), today() + dt.timedelta(days=days))


# --- pools


def serving(day: dt.date) -> Q:
    """Pool members who may be called upon on a day."""
    return (
        Q(valid_from__lte=day)
        & (Q(valid_to=None) | Q(valid_to__gte=day))
        & (Q(left_on=None) | Q(left_on__gt=day))
    )


def _covering(division: int) -> list[int]:
    """The divisions a division lies in, itself included."""
    return sorted({ancestor(division, level) for level in Level})


def _members(pool: str, division: int, on: dt.date | None) -> QuerySet[PoolMember]:
    rows = PoolMember.objects.filter(serving(on or today()), pool=pool, area__in=_covering(division))
    return rows.select_related("worker").order_by("field", "worker__pinyin", "pk")


def assessors(division: int, on: dt.date | None = None) -> QuerySet[PoolMember]:
    """Ability assessors who may assess in a division on a day (today): appointed for it or for one it lies in,
    with an assessor's certificate that holds."""
    good = Certificate._base_manager.filter(
        good_on(on or today()), worker=OuterRef("worker"), kind__in=("assessor", "assessor_training")
    )
    return _members("assessor", division, on).filter(Exists(good.order_by()))


def experts(field: str, division: int, on: dt.date | None = None) -> QuerySet[PoolMember]:
    """Experts of a field ("" for any) who may be called upon in a division on a day (today)."""
    rows = _members("expert", division, on)
    return rows.filter(field=field) if field else rows


@dataclass(frozen=True)
class Conflict:
    """Whom a worker must not judge: those he works for, and the sites of an operator he works for."""

    places: frozenset[int] = frozenset()
    operators: frozenset[int] = frozenset()
    organisations: frozenset[int] = frozenset()


def conflicts(worker_ids: Iterable[int], on: dt.date | None = None) -> dict[int, Conflict]:
    """Own employers by worker on a day (today), the operator of the place he works at included."""
    rows = Employment._base_manager.filter(held_on(on or today()), worker__in=list(worker_ids))
    found: dict[int, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    columns = ("worker", "place", "operator", "place__operator", "organisation")
    for worker, place, operator, runs, organisation in rows.order_by().values_list(*columns):
        found[worker]["places"].update({place} - {None})
        found[worker]["operators"].update({operator, runs} - {None})
        found[worker]["organisations"].update({organisation} - {None})
    return {pk: Conflict(**{k: frozenset(v) for k, v in sets.items()}) for pk, sets in found.items()}


def may_judge(member: PoolMember, *, place: int | None = None, operator: int | None = None) -> bool:
    """Whether a member of a pool is free of ties to a place and its operator."""
    own = conflicts([member.worker_id]).get(member.worker_id, Conflict())
    return place not in own.places and operator not in own.operators


def certificate_name(row: Certificate) -> str:
    """The kind and level of a certificate in words."""
    return " ".join(filter(None, [kinds.certificate_name(row.kind), kinds.level_name(row.kind, row.level)]))
