"""Reads around a person: his household, guardians and helpers, consents, the closing of his file."""

from __future__ import annotations

import datetime as dt

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.scope import everything
from yanglao.registers.people.models import (
    Appointment,
    Closure,
    Consent,
    Contact,
    Household,
    HouseholdMember,
    Person,
    Role,
    Sensitive,
)
from yanglao.registers.people.moments import today, true_on


def households() -> QuerySet[Household]:
    """Households with `head` (his name), `size` and `elders` (members with a file) of now.

    Asked per household, so that a page of fifty counts fifty households and not the city's.
    """
    now = HouseholdMember._base_manager.filter(household=OuterRef("pk"), valid_to=None).order_by()
    number = now.values("household").annotate(n=Count("pk"))
    return Household.objects.annotate(
        head=Subquery(now.filter(relation="head").values("name")[:1]),
        size=Coalesce(Subquery(number.values("n")), 0),
        elders=Coalesce(Subquery(number.filter(person__isnull=False).values("n")), 0),
    )


def members_of(household: Household) -> QuerySet[HouseholdMember]:
    """Members now and before of a household the actor sees; all of them, wherever each is registered."""
    with everything("members of a household that was found in the actor's scope"):
        rows = HouseholdMember.objects.filter(household=household).select_related("person")
    return rows.order_by("valid_from", "id")


def membership(person: Person) -> HouseholdMember | None:
    """The household a person is in now."""
    with everything("the household of a person the actor sees"):
        found = HouseholdMember.objects.filter(person=person, valid_to=None).select_related("household")
        return found.order_by("id").first()


def appointments(person: Person, day: dt.date | None = None) -> QuerySet[Appointment]:
    """Guardians and helpers of a day (today)."""
    return (
        Appointment.objects.filter(true_on(day or today()), person=person)
        .select_related("contact")
        .order_by("role", "valid_from", "id")
    )


def guardians(person: Person) -> QuerySet[Contact]:
    """Contacts who are his guardians today."""
    ids = appointments(person).filter(role=Role.GUARDIAN).order_by().values("contact")
    return Contact.objects.filter(pk__in=ids).order_by("turn", "id")


def may_apply(person: Person, matters: str, day: dt.date | None = None) -> list[Appointment]:
    """Who may apply for him in these matters (`benefits`, `services`, `assessment`) on a day: guardians and helpers."""
    found = appointments(person, day)
    return [a for a in found if a.role == Role.GUARDIAN or a.matters in ("all", matters)]


def closure_of(person: Person) -> Closure | None:
    """How and when the file was closed, if it is."""
    return Closure.objects.filter(person=person, reopened_at=None).first()


OTHERS = frozenset({"provider", "department", "other"})
"""Kinds of organisations that get sensitive facts by consent only: they do not administer the register."""
SENSITIVE_GROUPS = {"health": Sensitive.HEALTH, "ability": Sensitive.ABILITY, "economy": Sensitive.ECONOMY}


def withheld(actor: Actor, person: Person, day: dt.date | None = None) -> frozenset[str]:
    """Groups of facts (kinds.GROUPS) an actor of another organisation may not see for want of a consent to give
    them to his organisation; none for those who look in an office of their own (bureau, street, village).

    Source: 个人信息保护法 (2021), arts 13 (duties by law need no consent), 23 and 29.
    """
    held = [g for g in actor.grants if "people.view" in g.role.rights]
    if actor.is_system or not held or any(g.organisation_kind not in OTHERS for g in held):
        return frozenset()
    names = {g.organisation for g in held}
    return frozenset(
        group
        for group, what in SENSITIVE_GROUPS.items()
        if not any(consented(person.pk, what, name, day) for name in names)
    )


def consented(person_id: int, what: str, recipient: str, day: dt.date | None = None) -> bool:
    """Whether a consent to give this kind of data (models.Sensitive) to a recipient holds on a day (today)."""
    on = day or today()
    with everything("whether a person consented"):
        return (
            Consent.objects.filter(true_on(on), person=person_id, what=what, recipient=recipient)
            .filter(Q(withdrawn_on=None) | Q(withdrawn_on__gt=on))
            .exists()
        )
