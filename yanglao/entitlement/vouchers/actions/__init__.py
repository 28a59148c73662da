"""Every change of vouchers."""

from yanglao.entitlement.vouchers.actions.checking import (
    draw,
    record_check,
    resolve,
    store_statement,
    withdraw_statement,
)
from yanglao.entitlement.vouchers.actions.issuing import (
    bar,
    change_kind,
    claim,
    expire,
    issue,
    lift,
    void,
    void_of_the_dead,
)
from yanglao.entitlement.vouchers.actions.settling import (
    approve,
    give_back_claim,
    settle,
    submit_claim,
    unsettle,
)
from yanglao.entitlement.vouchers.actions.spending import admit, end_admission, redeem, refund, take_back

__all__ = [
    "admit",
    "approve",
    "bar",
    "change_kind",
    "claim",
    "draw",
    "end_admission",
    "expire",
    "give_back_claim",
    "issue",
    "lift",
    "record_check",
    "redeem",
    "refund",
    "resolve",
    "settle",
    "store_statement",
    "submit_claim",
    "take_back",
    "unsettle",
    "void",
    "void_of_the_dead",
    "withdraw_statement",
]
