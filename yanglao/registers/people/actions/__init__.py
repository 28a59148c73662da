"""Every change of a person's file."""

from yanglao.registers.people.actions.accounts import set_pay_account
from yanglao.registers.people.actions.claims import settle_claim
from yanglao.registers.people.actions.contacts import add_contact, remove_contact
from yanglao.registers.people.actions.daily import keep_tally, roll, tally
from yanglao.registers.people.actions.facts import (
    amend,
    end,
    move,
    record,
    report_death,
    withdraw,
    withdraw_death,
)
from yanglao.registers.people.actions.files import add, correct
from yanglao.registers.people.actions.looking import PERSONAL, reveal
from yanglao.registers.people.actions.merging import merge, unmerge
from yanglao.registers.people.looking import log_looks

__all__ = [
    "PERSONAL",
    "add",
    "add_contact",
    "amend",
    "correct",
    "end",
    "keep_tally",
    "log_looks",
    "merge",
    "move",
    "record",
    "remove_contact",
    "report_death",
    "reveal",
    "roll",
    "set_pay_account",
    "settle_claim",
    "tally",
    "unmerge",
    "withdraw",
    "withdraw_death",
]
