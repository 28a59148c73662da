"""Every change of a person's file."""

from yanglao.registers.people.actions.accounts import set_pay_account
from yanglao.registers.people.actions.asking import answer_questions, confirm
from yanglao.registers.people.actions.claims import settle_claim
from yanglao.registers.people.actions.closing import close_file, reopen_file
from yanglao.registers.people.actions.consents import answer, ask, consent, lift, withdraw_consent
from yanglao.registers.people.actions.contacts import (
    add_contact,
    appoint,
    edit_contact,
    end_appointment,
    remove_contact,
)
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
from yanglao.registers.people.actions.households import (
    change_head,
    edit_household,
    join_household,
    leave_household,
    open_household,
)
from yanglao.registers.people.actions.looking import PERSONAL, reveal
from yanglao.registers.people.actions.merging import follow, merge, unmerge
from yanglao.registers.people.looking import log_looks
from yanglao.registers.people.recording import hear

__all__ = [
    "PERSONAL",
    "add",
    "add_contact",
    "amend",
    "answer",
    "answer_questions",
    "appoint",
    "ask",
    "change_head",
    "close_file",
    "confirm",
    "consent",
    "correct",
    "edit_contact",
    "edit_household",
    "end",
    "end_appointment",
    "follow",
    "hear",
    "join_household",
    "keep_tally",
    "leave_household",
    "lift",
    "log_looks",
    "merge",
    "move",
    "open_household",
    "record",
    "remove_contact",
    "reopen_file",
    "report_death",
    "reveal",
    "roll",
    "set_pay_account",
    "settle_claim",
    "tally",
    "unmerge",
    "withdraw",
    "withdraw_consent",
    "withdraw_death",
]
