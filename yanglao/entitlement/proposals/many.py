"""Proposals by the hundred: after a round of visits, and after the birthdays of a night."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from yanglao.entitlement.catalogue import queries as lists
from yanglao.entitlement.proposals import actions, occasions, queries
from yanglao.entitlement.proposals.models import Proposal
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.bulk import in_chunks
from yanglao.kernel.scope import everything

DAYS = 7  # birthdays of so many days, should a night have been missed


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


def after_birthdays(city: str, on: dt.date) -> int:
    """Propose what a city's people became entitled to by reaching an age since the night before; returns how many.

    The first reckoning of a city, and a new edition of its list, make no proposals: those stand on the list of who is
    missing. Written at once by the system, which the recomputation's own record tells of.
    """
    with everything("a whole city after a night"):
        days = [on - dt.timedelta(days=n) for n in range(DAYS)]
        new = lists.newly_entitled(city, on).filter(queries.born_on(days))
        rows = [_of(row) for row in new.select_related("person")]
        told = set()
        for chunk in in_chunks([row.person_id for row in rows]):
            known = Proposal.objects.filter(person__in=chunk, made_on__gt=on - dt.timedelta(days=366))
            told |= set(known.values_list("person_id", "item_id"))
        rows = [row for row in rows if (row.person_id, row.item_id) not in told]
        Proposal.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)
    return len(rows)


def _of(row: lists.Entitlement) -> Proposal:
    return Proposal(
        person_id=row.person_id,
        item_id=row.item_id,
        division_id=row.division_id,
        occasion=occasions.BIRTHDAY,
        need=row.need,
        made_on=row.entitled_since,
    )
