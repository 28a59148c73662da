"""Workbooks beside the roster: contacts with guardians, households."""

from yanglao.registers.people.sheets.contacts import CONTACTS
from yanglao.registers.people.sheets.households import HOUSEHOLDS

__all__ = ["CONTACTS", "HOUSEHOLDS"]
