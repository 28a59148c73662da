"""A month brought to its payment: three people of the small city, files made and bank answers written."""

from __future__ import annotations

import datetime as dt
from io import BytesIO
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from tests.harness.house import House
from yanglao.entitlement.benefits.tests import month as benefits
from yanglao.entitlement.payments import actions
from yanglao.entitlement.payments.models import Attempt, Payment, PaymentFile, PayOrder
from yanglao.entitlement.payments.returns import Outcome
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.scope import everything
from yanglao.registers.people.actions import set_pay_account
from yanglao.registers.people.models import Person

PAYER = "finance"
ACCOUNTS = ["6222020000000000017", "6222020000000000025", "6222020000000000033", "6222020000000000041"]


def order(house: House, month: int = benefits.MONTH) -> PayOrder:
    """The order of an approved run: 60 yuan (with an account), 100 and 800 (without)."""
    run = benefits.run(house, "approved", month=month)
    return PayOrder.objects.get(run=run)


def give_account(person: Person, account: str, on: dt.date = dt.date(2026, 1, 1)) -> None:
    with everything("a test's city"):
        set_pay_account(Actor.system("test"), person, account=account, bank="农商银行", on=on, source="名册")


def send(house: House, order: PayOrder, format: str = "bank-pipe") -> tuple[PaymentFile, Any]:
    return actions.send(house.actor(PAYER, house.city), order, format=format, purpose="发放11月津贴")


def answer(
    tmp_path: Path, file: PaymentFile, codes: dict[int, tuple[str, str]], name: str = "answer.txt"
) -> Path:
    """A return file in the answer layout of `bank-pipe`: serial → (code, words)."""
    with everything("test"):
        attempts = list(Attempt.objects.filter(file=file).select_related("payment").order_by("serial"))
    lines = [f"{len(codes)}|"]
    for attempt in attempts:
        if attempt.serial in codes:
            code, said = codes[attempt.serial]
            account = attempt.account_mask.replace("*", "").strip()
            lines.append(
                f"{attempt.serial}|{account}|户名|{attempt.payment.amount_fen / 100:.2f}|{code}|{said}"
            )
    path = tmp_path / name
    path.write_bytes(("\r\n".join(lines) + "\r\n").encode("gb18030"))
    return path


def read(house: House, file: PaymentFile, path: Path, **more: Any) -> Outcome:
    return actions.read_return(house.actor(PAYER, house.city), file, path=path, name=path.name, **more)


def states(order: PayOrder) -> dict[str, int]:
    """How many payments stand in each state."""
    found: dict[str, int] = {}
    with everything("test"):
        for state in Payment.objects.filter(order=order).order_by("pk").values_list("state", flat=True):
            found[state] = found.get(state, 0) + 1
    return found


def sheet(content: bytes, number: int = 0) -> list[list[Any]]:
    book = load_workbook(BytesIO(content))
    return [list(row) for row in book.worksheets[number].iter_rows(values_only=True)]
