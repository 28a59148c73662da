"""Older persons (老年人) and what is true of them when (情形)."""

from yanglao.registers.people.models.accounts import PayAccount
from yanglao.registers.people.models.contacts import Contact, Relation
from yanglao.registers.people.models.facts import Circumstance, Claim
from yanglao.registers.people.models.looked import Looked
from yanglao.registers.people.models.merging import Merge, MergedRow
from yanglao.registers.people.models.person import ID_PATH, TAIL_PATH, OfPerson, Person, Sex
from yanglao.registers.people.models.tally import Tally

__all__ = [
    "ID_PATH",
    "TAIL_PATH",
    "Circumstance",
    "Claim",
    "Contact",
    "Looked",
    "Merge",
    "MergedRow",
    "OfPerson",
    "PayAccount",
    "Person",
    "Relation",
    "Sex",
    "Tally",
]
