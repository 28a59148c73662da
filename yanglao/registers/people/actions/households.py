"""Households: opened, joined, left."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.audit.action import action, note
from yanglao.kernel.scope import everything
from yanglao.registers.people import checks
from yanglao.registers.people.models import Household, HouseholdMember, HouseRelation, Person
from yanglao.registers.people.recording import writable


@action("people.open_household", right="people.edit", at=lambda a: (a["division"],))
def open_household(
    actor: Actor,
    *,
    division: int,
    on: dt.date,
    source: str,
    address: str = "",
    head: Person | None = None,
    head_name: str = "",
    note: str = "",
) -> Household:
    """A household with its head: a person with a file, or only a name. Raises ValidationError."""
    checks.division(division, "division")
    checks.details({"address": address})
    made = Household(
        division_id=division, address=address.strip(), note=note.strip(), source=checks.source(source)
    )
    made.clean_fields(exclude=["address", "division"])
    made.save()
    join_household(
        actor, made, person=head, name=head_name, relation=HouseRelation.HEAD, on=on, source=source
    )
    return made


@action("people.edit_household", right="people.edit")
def edit_household(
    actor: Actor, household: Household, *, address: str | None = None, note: str | None = None
) -> Household:
    """Correct address and note; what is not given stays. Raises ValidationError."""
    if address is not None:
        household.address = checks.details({"address": address})["address"]
    if note is not None:
        household.note = note.strip()
    household.clean_fields(exclude=["address", "division"])
    household.save()
    return household


@action("people.join_household", right="people.edit")
def join_household(
    actor: Actor,
    household: Household,
    *,
    relation: str,
    on: dt.date,
    source: str,
    person: Person | None = None,
    name: str = "",
) -> HouseholdMember:
    """Someone is a member from the day `on`: one with a file, or only a name. Raises ValidationError."""
    with everything("the household an action holds, and the person who joins it"):
        list(Household.objects.select_for_update().filter(pk=household.pk).order_by("pk"))
        if person is not None:
            writable(actor, person)
            _refuse_two_households(person, on)
        if relation == HouseRelation.HEAD and _now(household).filter(relation=HouseRelation.HEAD).exists():
            raise ValidationError({"relation": _("这一户已有户主：请先让原户主离户，或改登其他关系。")})
        made = HouseholdMember.objects.create(
            household=household,
            person=person,
            name=person.name if person else checks.name(name),
            relation=relation,
            valid_from=checks.past(on, "on"),
            source=checks.source(source),
        )
    note(member=made.pk, person=person.pk if person else None, relation=relation)
    return made


def _now(household: Household) -> QuerySet[HouseholdMember]:
    return HouseholdMember.objects.filter(household=household, valid_to=None).order_by("id")


def _refuse_two_households(person: Person, on: dt.date) -> None:
    """One household on any day; the lock on the person keeps it so while this is asked."""
    rows = HouseholdMember.objects.filter(person=person).order_by("id")
    for row in rows:
        if row.valid_to is None:
            raise ValidationError(
                {"person": _("他现在是家庭户%(pk)s的成员：请先登记离户。") % {"pk": row.household_id}}
            )
        if row.valid_to > on:
            raise ValidationError({"on": _("这一天他还在家庭户%(pk)s。") % {"pk": row.household_id}})


@action("people.leave_household", right="people.edit")
def leave_household(actor: Actor, member: HouseholdMember, *, on: dt.date, reason: str) -> HouseholdMember:
    """He is no member any more from the day `on`. Raises ValidationError."""
    with everything("the household an action holds"):
        fresh = HouseholdMember.objects.select_for_update().get(pk=member.pk)
    if fresh.valid_to is not None:
        raise ValidationError(_("他已经离户。"))
    if on < fresh.valid_from:
        raise ValidationError({"on": _("离户日期早于入户日期：请核对。")})
    member.valid_to, member.left = on, checks.reason(reason)
    member.save()
    return member


@action("people.change_head", right="people.edit")
def change_head(
    actor: Actor, member: HouseholdMember, *, on: dt.date, reason: str, relation: str
) -> HouseholdMember:
    """`member` is the head from the day `on`; the head before him stays as `relation`, unless he left.

    Both stand in new rows from that day, so that a past day still answers as it was. Raises ValidationError.
    """
    why = checks.reason(reason)
    with everything("the household an action holds"):
        household = Household.objects.select_for_update().get(pk=member.household_id)
        members = {m.pk: m for m in _now(household).select_for_update()}
        if member.pk not in members:
            raise ValidationError(_("他已经离户。"))
        head = next((m for m in members.values() if m.relation == HouseRelation.HEAD), None)
        if head is not None and head.pk == member.pk:
            raise ValidationError(_("他已经是户主。"))
        changes = [(member, HouseRelation.HEAD.value)]
        if head is not None:
            changes.insert(0, (head, relation))
        for row, _new in changes:
            if on < row.valid_from:
                raise ValidationError({"on": _("变更日期早于入户日期：请核对。")})
            row.valid_to, row.left = on, why
            row.save()
        made = [_again(row, new, on, why) for row, new in changes]
    note(member=made[-1].pk, household=household.pk)
    return made[-1]


def _again(row: HouseholdMember, relation: str, on: dt.date, source: str) -> HouseholdMember:
    return HouseholdMember.objects.create(
        household_id=row.household_id,
        person_id=row.person_id,
        name=row.name,
        relation=relation,
        valid_from=on,
        source=source,
    )
