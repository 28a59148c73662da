"""Every change of beds and stays."""

from yanglao.registers.stays.actions.applying import (
    answer,
    apply,
    assess,
    expire,
    offer,
    rank_again,
    wait,
    withdraw,
)
from yanglao.registers.stays.actions.beds import add_bed, add_room, change_room, set_bed
from yanglao.registers.stays.actions.closing import cancel_closure, execute_closure, plan_closure, settle
from yanglao.registers.stays.actions.entering import enter
from yanglao.registers.stays.actions.living import come_back, discharge, go_away, move_home, transfer
from yanglao.registers.stays.actions.looking import reveal
from yanglao.registers.stays.actions.moving_in import admit, receive
from yanglao.registers.stays.actions.terms import add_contract, set_fees, set_level, set_payer

__all__ = [
    "add_bed",
    "add_contract",
    "add_room",
    "admit",
    "answer",
    "apply",
    "assess",
    "cancel_closure",
    "change_room",
    "come_back",
    "discharge",
    "enter",
    "execute_closure",
    "expire",
    "go_away",
    "move_home",
    "offer",
    "plan_closure",
    "rank_again",
    "receive",
    "reveal",
    "set_bed",
    "set_fees",
    "set_level",
    "set_payer",
    "settle",
    "transfer",
    "wait",
    "withdraw",
]
