"""The payment file of a run 发放文件: who gets how much into which account, as Excel and as the bank's text file.

The file is made when asked for and not kept: it holds identity numbers and accounts in clear. What is kept is the
hash of its rows, so that any copy can be proved, and a second making gives the same file or is refused.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import islice

from django.db.models import Sum
from django.utils.translation import gettext as _
from xlsxwriter import Workbook

from yanglao.entitlement.benefits.models import LedgerLine, Run
from yanglao.entitlement.benefits.money import yuan
from yanglao.entitlement.benefits.queries import granted_twice
from yanglao.kernel.divisions.queries import full_name
from yanglao.kernel.scope import Level
from yanglao.registers.people.models import PayAccount, Person
from yanglao.registers.people.queries import merged_files

_CHUNK = 2000


@dataclass(frozen=True)
class Payee:
    """One payment of a run: a person, his account, the sum of his lines. `account` is "" when he has none."""

    person_id: int
    name: str
    id_number: str
    division: int
    bank: str
    holder: str
    account: str
    fen: int


def payees(run: Run) -> Iterator[Payee]:
    """Everybody of a run in the order of division and person, with account and identity number **in clear**.

    Runs in the entered scope; read it only in an action that records the reading.
    """
    lines = LedgerLine.objects.filter(run=run, subject_kind="person").order_by("division_id", "subject_id")
    sums = (
        lines.values_list("division_id", "subject_id").annotate(Sum("amount_fen")).iterator(chunk_size=_CHUNK)
    )
    kept, twice = merged_files(), granted_twice(run)
    while chunk := list(islice(sums, _CHUNK)):
        people = Person.objects.in_bulk([kept.get(person, person) for _d, person, _f in chunk])
        accounts = {a.person_id: a for a in PayAccount.objects.filter(person__in=people, valid_to=None)}
        for division, person_id, fen in chunk:
            person = people[kept.get(person_id, person_id)]
            account = None if person_id in twice else accounts.get(person.pk)
            yield _payee(person, account, division, fen)


def _payee(person: Person, account: PayAccount | None, division: int, fen: int) -> Payee:
    return Payee(
        person_id=person.pk,
        name=person.name,
        id_number=person.id_number.reveal() if person.id_number else "",
        division=division,
        bank=account.bank if account else "",
        holder=account.holder if account else "",
        account=account.account.reveal() if account else "",
        fen=fen,
    )


@dataclass(frozen=True)
class PaymentFile:
    """What can be paid and what is withheld for want of an account; planned = payable + withheld, always."""

    payable: list[Payee]
    withheld: list[Payee]

    @property
    def sum_fen(self) -> int:
        return sum(p.fen for p in self.payable)

    @property
    def sha(self) -> str:
        """SHA-256 over person, account and amount of every payable row, in order."""
        digest = hashlib.sha256()
        for p in self.payable:
            digest.update(f"{p.person_id}\t{p.account}\t{p.fen}\n".encode())
        return digest.hexdigest()


def payment_file(run: Run) -> PaymentFile:
    """The payment file of a run, in clear: see `payees`."""
    payable: list[Payee] = []
    withheld: list[Payee] = []
    for payee in payees(run):
        (payable if payee.account else withheld).append(payee)
    return PaymentFile(payable, withheld)


def as_text(file: PaymentFile) -> bytes:
    """The common bank format: account|holder|amount in yuan|identity number, a total line first, GB18030, CRLF."""
    lines = [f"{len(file.payable)}|{yuan(file.sum_fen)}"]
    lines += [f"{p.account}|{p.holder}|{yuan(p.fen)}|{p.id_number}" for p in file.payable]
    return "\r\n".join([*lines, ""]).encode("gb18030")


def as_workbook(run: Run, file: PaymentFile) -> bytes:
    """An Excel file of two sheets: payments, and those withheld with the reason."""
    stream = BytesIO()
    book = Workbook(
        stream, {"constant_memory": True, "strings_to_formulas": False, "strings_to_numbers": False}
    )
    heads = [
        _("序号"),
        _("区划"),
        _("姓名"),
        _("公民身份号码"),
        _("开户银行"),
        _("户名"),
        _("账号"),
        _("金额（元）"),
    ]
    _sheet(
        book, _("发放明细"), f"{run.title}　{_('合计')} {yuan(file.sum_fen)} {_('元')}", heads, file.payable
    )
    _sheet(book, _("暂缓发放"), _("没有收款账户，或合并前的两份档案同月重复"), heads, file.withheld)
    book.close()
    return stream.getvalue()


def _sheet(book: Workbook, name: str, title: str, heads: list[str], people: Iterable[Payee]) -> None:
    sheet = book.add_worksheet(name)
    bold = book.add_format({"bold": True, "font_size": 14})
    head = book.add_format({"bold": True, "bg_color": "#E7EEF5", "border": 1, "align": "center"})
    text = book.add_format({"num_format": "@", "border": 1})
    money = book.add_format({"num_format": "#,##0.00", "border": 1})
    for column, width in enumerate([7, 34, 12, 22, 22, 12, 24, 12]):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(2, 0)
    sheet.repeat_rows(0, 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.write_string(0, 0, title, bold)
    for column, label in enumerate(heads):
        sheet.write_string(1, column, label, head)
    for number, p in enumerate(people, 1):
        place = full_name(p.division, below=Level.CITY)
        sheet.write_number(number + 1, 0, number, text)
        for column, value in enumerate([place, p.name, p.id_number, p.bank, p.holder, p.account], 1):
            sheet.write_string(number + 1, column, value, text)
        sheet.write_number(number + 1, 7, float(yuan(p.fen)), money)
