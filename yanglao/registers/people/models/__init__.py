"""Older persons (老年人) and what is true of them when (情形)."""

from yanglao.registers.people.models.accounts import PayAccount
from yanglao.registers.people.models.closing import Closure
from yanglao.registers.people.models.consents import Consent, DataRequest, GivenBy, How, Sensitive
from yanglao.registers.people.models.contacts import (
    Appointment,
    Contact,
    GuardianKind,
    Matters,
    Relation,
    Role,
)
from yanglao.registers.people.models.facts import Circumstance, Claim
from yanglao.registers.people.models.heard import Heard
from yanglao.registers.people.models.households import Household, HouseholdMember, HouseRelation
from yanglao.registers.people.models.looked import Looked
from yanglao.registers.people.models.merging import Merge, MergedRow
from yanglao.registers.people.models.person import ID_PATH, TAIL_PATH, OfPerson, Person, Sex
from yanglao.registers.people.models.tally import Tally

__all__ = [
    "ID_PATH",
    "TAIL_PATH",
    "Appointment",
    "Circumstance",
    "Claim",
    "Closure",
    "Consent",
    "Contact",
    "DataRequest",
    "GivenBy",
    "GuardianKind",
    "Heard",
    "HouseRelation",
    "Household",
    "HouseholdMember",
    "How",
    "Looked",
    "Matters",
    "Merge",
    "MergedRow",
    "OfPerson",
    "PayAccount",
    "Person",
    "Relation",
    "Role",
    "Sensitive",
    "Sex",
    "Tally",
]
