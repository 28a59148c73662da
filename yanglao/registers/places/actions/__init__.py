"""Every change of the register of places, by topic."""

from yanglao.registers.places.actions.contracts import (
    add_contract,
    end_contract,
    hand_over,
    remove_asset,
    review_contract,
    withdraw_contract,
)
from yanglao.registers.places.actions.facts import (
    confirm,
    end_fact,
    record,
    refuse,
    roll,
    withdraw_fact,
)
from yanglao.registers.places.actions.operators import add_operator, correct_operator, export, reveal
from yanglao.registers.places.actions.places import (
    add,
    close,
    correct,
    open_place,
    relocate,
    resume,
    suspend,
    withdraw_place,
)
from yanglao.registers.places.actions.premises import add_premises, join, leave, leave_premises
from yanglao.registers.places.actions.prices import end_price, set_price, withdraw_price

__all__ = [
    "add",
    "add_contract",
    "add_operator",
    "add_premises",
    "close",
    "confirm",
    "correct",
    "correct_operator",
    "end_contract",
    "end_fact",
    "end_price",
    "export",
    "hand_over",
    "join",
    "leave",
    "leave_premises",
    "open_place",
    "record",
    "refuse",
    "relocate",
    "remove_asset",
    "resume",
    "reveal",
    "review_contract",
    "roll",
    "set_price",
    "suspend",
    "withdraw_contract",
    "withdraw_fact",
    "withdraw_place",
    "withdraw_price",
]
