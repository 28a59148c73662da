"""Every change of the register of workers."""

from yanglao.registers.workforce.actions.certificates import (
    add_certificate,
    correct_certificate,
    revoke_certificate,
    verify_certificate,
    withdraw_certificate,
)
from yanglao.registers.workforce.actions.daily import roll
from yanglao.registers.workforce.actions.files import PERSONAL, add, correct, reveal
from yanglao.registers.workforce.actions.honours import add_award, close_studio, open_studio, withdraw_award
from yanglao.registers.workforce.actions.pools import appoint, leave_pool
from yanglao.registers.workforce.actions.spells import amend, change, end, hire, transfer, withdraw

__all__ = [
    "PERSONAL",
    "add",
    "add_award",
    "add_certificate",
    "amend",
    "appoint",
    "change",
    "close_studio",
    "correct",
    "correct_certificate",
    "end",
    "hire",
    "leave_pool",
    "open_studio",
    "reveal",
    "revoke_certificate",
    "roll",
    "transfer",
    "verify_certificate",
    "withdraw",
    "withdraw_award",
    "withdraw_certificate",
]
