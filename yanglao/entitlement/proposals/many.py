"""Proposals by the hundred: after a round of visits, after a night, and out of the stock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from yanglao.entitlement.catalogue import queries as lists
from yanglao.entitlement.catalogue.queries import Entitlement, Item
from yanglao.entitlement.proposals import actions, occasions, queries
from yanglao.entitlement.proposals.models import Night, Proposal
from yanglao.entitlement.proposals.rules import reached
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.audit.action import action, note
from yanglao.kernel.bulk import in_chunks
from yanglao.kernel.packs.models import City
from yanglao.kernel.scope import Level, everything, level_of


@transaction.atomic
def agree_many(actor: Actor, rows: Iterable[Proposal], *, how: str, said_by: str, on: dt.date) -> int:
    """Answer for several after a round of visits, all or nothing. Raises ValidationError with every name."""
    done, wrong = 0, []
    for row in rows:
        try:
            actions.agree(actor, row, how=how, said_by=said_by, on=on)
            done += 1
        except ValidationError as error:
            wrong.append(f"{row.person.name}（{row.what}）：{' '.join(error.messages)}")
    if wrong:
        raise ValidationError([_("一条也没有登记，先处理这些："), *wrong])
    return done


def after_night(city: str, on: dt.date) -> int:
    """Propose what a city's people became entitled to since the night before; returns how many.

    By the same rules as the night before: everybody, by age or by what was entered in bulk, but those whose files are
    new. By other rules (a new edition, another policy): those who reached a round age. The rest, the first reckoning
    of a city and what goes beyond `most_a_night` is stock. The recomputation's own record tells of it.
    """
    with everything("a whole city after a night"):
        same = _same_rules(city, on)
        new = lists.newly_entitled(city, on)
        new = new.filter(person__death_date=None, person__closed_on=None, person__restricted_on=None)
        if same:
            new = new.filter(person__added_at__lt=_midnight(on))
        else:
            new = new.filter(person__birth_date__month__in=_months(on))
        found = (row for row in new.select_related("person") if same or reached(row.person.birth_date, on))
        rows = sorted((_of(row, on) for row in found), key=lambda row: (-row.need, row.person_id))
        rows = _untold(rows)[: occasions.rules().most_a_night]
        Proposal.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)
    return len(rows)


def _same_rules(city: str, on: dt.date) -> bool:
    """Whether the lists are decided as the day before; remembers since when they are decided as now."""
    mark = lists.rules_mark(City.objects.get(pk=city), on)
    before = Night.objects.filter(pk=city).first()
    if before is None or before.rules != mark:
        Night.objects.update_or_create(pk=city, defaults={"rules": mark, "since": on})
        return False
    return before.since < on


def _months(on: dt.date) -> tuple[int, int]:
    return on.month, (on.month - 2) % 12 + 1


def _midnight(on: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(on, dt.time()))


def _untold(rows: list[Proposal]) -> list[Proposal]:
    """Without what waits to be told, was answered since they are entitled, or is applied for."""
    told: set[tuple[int, int | None]] = set()
    for chunk in in_chunks([row.person_id for row in rows]):
        known = Proposal.objects.filter(person__in=chunk).exclude(state=Proposal.State.LAPSED)
        known = known.filter(Q(state=Proposal.State.OPEN) | Q(made_on__gte=min(row.made_on for row in rows)))
        told |= set(known.values_list("person_id", "item_id"))
        told |= queries.applied_for(chunk)
    return [row for row in rows if (row.person_id, row.item_id) not in told]


def _of(row: Entitlement, on: dt.date, occasion: str = "") -> Proposal:
    if not occasion:
        occasion = occasions.BIRTHDAY if reached(row.person.birth_date, on) else occasions.OTHER
    return Proposal(
        person_id=row.person_id,
        item_id=row.item_id,
        division_id=row.division_id,
        occasion=occasion,
        facts={occasion: row.entitled_since.isoformat()},
        need=row.need,
        made_on=on,
    )


@action("proposals.release", right="proposals.plan", at=lambda a: (a["division"],))
def release(actor: Actor, *, division: int, item: Item | None = None, each: int) -> int:
    """Turn a portion of the stock 存量 into proposals; returns how many.

    In every village of a county, street or village so many that nobody has more than `each` persons to go to, the
    neediest first; an item, or (None) everything a person waits for. Nobody twice. Raises ValidationError.
    """
    if level_of(division) < Level.COUNTY:
        raise ValidationError({"division": _("范围太大：请选到一个区县、街道（乡镇）或村（社区）。")})
    if each < 1:
        raise ValidationError({"each": _("每个村（社区）至少一人。")})
    wanted = queries.portion(division, item, each)
    today = timezone.localdate()
    with everything("a portion whose right was asked"):
        made = 0
        for chunk in in_chunks([one.what for one in wanted]):
            found = Entitlement.objects.filter(pk__in=chunk).select_related("person")
            rows = [_of(row, today, occasions.STOCK) for row in found.order_by("-need", "pk")]
            Proposal.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)
            made += len(rows)
    note(rows=made, item=item.key if item else "", each=each)
    return made


@action("proposals.take_back", right="proposals.plan", at=lambda a: (a["division"],))
def take_back(actor: Actor, *, division: int, rows: Iterable[Proposal]) -> int:
    """Put back into the stock what a portion proposed and nobody was told of yet; returns how many."""
    ids = [row.pk for row in rows]
    with everything("proposals whose right was asked"):
        still = Proposal.objects.filter(pk__in=ids, occasion=occasions.STOCK, state=Proposal.State.OPEN)
        done = still.update(
            state=Proposal.State.LAPSED, note=_("退回存量"), decided_on=timezone.localdate(), by=actor.name
        )
    note(rows=done)
    return done
