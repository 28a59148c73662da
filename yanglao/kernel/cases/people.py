"""Who may perform a task, and who signs for it: the one place where competence is decided."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from django.db.models import Q
from django.utils import timezone

from yanglao.kernel.accounts.actor import Actor, HeldRole
from yanglao.kernel.accounts.models import User
from yanglao.kernel.cases.models import Bar, Delegation, Desk, Task
from yanglao.kernel.cases.schema import Who
from yanglao.kernel.scope.spans import Level, ancestor


@dataclass(frozen=True)
class Signer:
    """Name and position as they stand under a document. The system signs with its reason, without a position."""

    user_id: int | None
    name: str
    position: str = ""
    organisation_id: int | None = None
    organisation: str = ""


def signer(actor: Actor, seat: HeldRole | None = None) -> Signer:
    user = User.objects.filter(pk=actor.user_id).first() if actor.user_id is not None else None
    if user is None:
        return Signer(None, actor.name[:120])
    held = seat or (actor.grants[0] if actor.grants else None)
    if held is None:
        return Signer(user.pk, user.name, user.position)
    return Signer(user.pk, user.name, user.position, held.organisation_id, held.organisation)


def place_for(division: int, level: int | Literal["own"]) -> int:
    """The division of the office: the case's own, or the one of that level it lies in."""
    if level == "own":
        return division
    return ancestor(division, Level(level))


def desk_for(who: Who) -> Desk:
    names, kind, name = who.desk
    desk, _made = Desk.objects.get_or_create(roles=" ".join(names), kind=kind, name=name)
    return desk


def seat_of(actor: Actor, desk: Desk | None, place: int) -> HeldRole | None:
    """The grant by which he performs what waits at the desk in that division; None when he has none."""
    if desk is None:
        return None
    return next(
        (
            held
            for held in actor.grants
            if held.division == place and desk.suits(held.role.id, held.organisation_kind, held.organisation)
        ),
        None,
    )


def seats(actor: Actor, desks: Iterable[Desk]) -> dict[int, list[int]]:
    """Where he sits: division → desks."""
    found: dict[int, list[int]] = {}
    for desk in desks:
        for held in actor.grants:
            if desk.suits(held.role.id, held.organisation_kind, held.organisation):
                chosen = found.setdefault(held.division, [])
                if desk.pk not in chosen:
                    chosen.append(desk.pk)
    return found


def givers(user_id: int | None) -> list[int]:
    """Those whose tasks he does today in their stead."""
    today = timezone.localdate()
    return list(
        Delegation.objects.filter(
            taker_id=user_id, first_day__lte=today, last_day__gte=today, ended_at=None
        ).values_list("giver_id", flat=True)
    )


def barred(task: Task, user_id: int | None, organisation_id: int | None) -> Bar | None:
    """Why he must keep away from it 回避; None when he need not."""
    his = Q(user_id=user_id, user__isnull=False)
    if organisation_id is not None:
        his |= Q(organisation_id=organisation_id)
    return task.bars.filter(his).first()


def account(user_id: int) -> Actor | None:
    """Him as he could act today; None when the account is locked."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    return Actor.of(user, "page") if user else None


def could_perform(user_id: int, task: Task) -> bool:
    """Whether the account could perform the task: its desk, its place, and not kept away from it."""
    him = account(user_id)
    seat = seat_of(him, task.desk, task.place_id) if him else None
    return seat is not None and barred(task, user_id, seat.organisation_id) is None


def is_told(actor: Actor, task: Task) -> bool:
    """Whether the late task was raised to him 逾期升级."""
    raised = task.escalations.select_related("desk")
    return any(seat_of(actor, level.desk, level.place_id) for level in raised)
