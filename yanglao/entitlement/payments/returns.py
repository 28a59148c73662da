"""Reading the bank's return file 回盘: every error at once, and nothing taken in unless every row is right."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path
from typing import Any

from django.utils import timezone

from yanglao.entitlement.payments.formats import Answer, PaymentFormat
from yanglao.entitlement.payments.models import Attempt, BankReturn, Payment, PaymentFile
from yanglao.kernel import bulk
from yanglao.kernel.accounts.actor import Actor
from yanglao.shell.sheets import (
    CheckContext,
    Column,
    Finding,
    ImportTemplate,
    Problem,
    Row,
    at,
    integer,
    money,
    text,
)
from yanglao.shell.sheets import mark as _
from yanglao.shell.sheets.book import open_book
from yanglao.shell.sheets.check import Reader
from yanglao.shell.sheets.header import Table, find_table
from yanglao.shell.sheets.mapping import settled
from yanglao.shell.sheets.texts import TextForm, open_text

MAX_ROWS = 2_000_000
STRANGER = Problem(
    _("文件里没有这一笔"), _("第 {number} 号发放文件没有序号为 {value} 的行"), _("核对是不是这一批的回盘文件")
)
OTHER_AMOUNT = Problem(
    _("金额与报送的不一致"), _("报送 {sent} 元，回盘 {got} 元"), _("请银行核对；不要改回盘文件")
)
OTHER_ACCOUNT = Problem(
    _("账号与报送的不一致"), _("报送的账号尾号是 {tail}"), _("核对是不是这一批的回盘文件，或请银行说明")
)
UNKNOWN_CODE = Problem(
    _("不认识的处理结果"),
    _("“{value}”在格式文件里既不表示成功也不表示失败"),
    _("请在格式文件的 answer 里写明它的含义，再读一次"),
)
AGAINST_PAID = Problem(
    _("这一笔此前已回成功"),
    _("同一笔先成功后失败，要么文件有误，要么是退汇"),
    _("确为退汇的，在这笔发放的页面登记退汇"),
)
AGAINST_FAILED = Problem(
    _("这一笔此前已回失败"),
    _("同一笔先失败后成功；已经更正补发的会付两次"),
    _("请银行书面说明，不要重复读取"),
)


@dataclass
class Outcome:
    """What a return file says: problems, or what was taken in."""

    rows: int = 0
    paid: int = 0
    failed: int = 0
    known: int = 0
    again: bool = False
    findings: list[Finding] = field(default_factory=list)
    reader: Reader | None = None  # what read it: its table is where errors are marked


def template(answer: Answer) -> ImportTemplate:
    """The columns of a return file as the importer reads them."""
    amount = money() if answer.amount == "yuan" else integer(0, 10**13)
    places = answer.columns
    parsers = {
        "serial": integer(1, 10**9),
        "account": text(64),
        "amount": amount,
        "code": text(40),
        "said": text(500),
    }
    columns = [
        Column(
            str(places[name]) if isinstance(places[name], str) else _TITLES[name],
            name,
            parse=parsers[name],
            required=name in ("serial", "amount", "code"),
            sensitive=name == "account",
        )
        for name in ("serial", "account", "amount", "code", "said")
        if name in places
    ]
    return ImportTemplate(
        name="payments.return",
        label=_("银行回盘"),
        right="payments.pay",
        columns=columns,
        commit=lambda batches, context: None,
        unique=("serial",),
        max_rows=MAX_ROWS,
    )


_TITLES = {
    "serial": _("序号"),
    "account": _("账号"),
    "amount": _("金额"),
    "code": _("结果"),
    "said": _("说明"),
}


def table_of(path: Path, name: str, answer: Answer, wanted: ImportTemplate) -> Table:
    """The table of a return file; raises FileRefused when it cannot be read so."""
    if answer.kind == "xlsx":
        return find_table(open_book(path, name), wanted)
    cuts = tuple(accumulate(answer.widths[:-1])) if answer.kind == "fixed" else ()
    delimiter = "" if answer.kind == "fixed" else answer.delimiter
    encoding = "utf-8-sig" if answer.encoding == "utf-8" else answer.encoding
    book = open_text(path, name, TextForm(encoding, delimiter, cuts, "bytes"))
    if answer.by_heading:
        return find_table(book, wanted)
    columns = {str(key): int(place) - 1 for key, place in answer.columns.items()}
    return settled(book, wanted, sheet=book.sheets[0].name, header_row=answer.skip, columns=columns)


def read(
    actor: Actor,
    file: PaymentFile,
    form: PaymentFormat,
    path: Path,
    name: str,
    progress: Callable[[int], None] = lambda done: None,
) -> Outcome:
    """Take in a return file whose order is locked. With findings nothing was taken in; read twice, nothing changes.

    Raises FileRefused for a file that cannot be read as the format says.
    """
    with path.open("rb") as stream:
        sha = hashlib.file_digest(stream, "sha256").hexdigest()
    before = BankReturn.objects.filter(file=file, sha256=sha).first()
    if before is not None:
        return Outcome(rows=before.rows, known=before.rows, again=True)
    wanted = template(form.answer)
    table = table_of(path, name, form.answer, wanted)
    present = frozenset(str(key) for key in form.answer.columns)
    reader = Reader(table, wanted, CheckContext(actor, present, timezone.localdate()))
    sent = _sent(file)
    outcome, answers = Outcome(), []
    for batch in reader.batches():
        for row in batch:
            outcome.findings.extend(_check(row, sent, file, form.answer))
            answers.append((row.serial, row.code, getattr(row, "said", None) or ""))
        progress(len(answers))
    outcome.findings = sorted([*reader.findings, *outcome.findings])
    outcome.rows, outcome.reader = reader.rows, reader
    if not outcome.findings:
        _take_in(file, form.answer, sent, answers, outcome)
        BankReturn.objects.create(
            file=file,
            name=name[:200],
            sha256=sha,
            rows=outcome.rows,
            paid=outcome.paid,
            failed=outcome.failed,
            known=outcome.known,
            read_by=actor.name,
        )
    return outcome


@dataclass
class Sent:
    """A row of the file as it was sent: its attempts, money, the end of its account, and how it stands."""

    attempts: list[tuple[int, int]]  # (attempt, payment)
    fen: int
    tail: str
    state: str


def _sent(file: PaymentFile) -> dict[int, Sent]:
    rows = (
        Attempt.objects.filter(file=file)
        .order_by("pk")
        .values_list("serial", "pk", "payment_id", "payment__amount_fen", "account_mask", "state")
    )
    found: dict[int, Sent] = {}
    for serial, attempt, payment, fen, mask, state in rows.iterator():
        row = found.setdefault(serial, Sent([], 0, mask[-4:], state))
        row.attempts.append((attempt, payment))
        row.fen += fen
    return found


def _check(row: Row, sent: Mapping[int, Sent], file: PaymentFile, answer: Answer) -> Iterator[Finding]:
    if row.serial is None:
        return
    known = sent.get(row.serial)
    if known is None:
        yield at(row, "serial", STRANGER.with_params(number=file.number, value=row.serial))
        return
    if row.amount is not None and row.amount != known.fen:
        yield at(
            row,
            "amount",
            OTHER_AMOUNT.with_params(sent=f"{known.fen / 100:.2f}", got=f"{row.amount / 100:.2f}"),
        )
    account = "".join(c for c in (getattr(row, "account", None) or "") if c.isdigit())
    if account and not account.endswith(known.tail):
        yield at(row, "account", OTHER_ACCOUNT.with_params(tail=known.tail))
    if row.code is not None:
        yield from _check_code(row, known, answer)


def _check_code(row: Row, known: Sent, answer: Answer) -> Iterator[Finding]:
    means = answer.means(row.code)
    if not means:
        yield at(row, "code", UNKNOWN_CODE.with_params(value=row.code))
    elif known.state == "paid" and means == "failed":
        yield at(row, "code", AGAINST_PAID)
    elif known.state == "failed" and means == "paid":
        yield at(row, "code", AGAINST_FAILED)


def _take_in(
    file: PaymentFile,
    answer: Answer,
    sent: Mapping[int, Sent],
    answers: Sequence[tuple[int, str, str]],
    outcome: Outcome,
) -> None:
    now, today = timezone.now(), timezone.localdate()
    attempts: list[tuple[Any, ...]] = []
    payments: list[tuple[Any, ...]] = []
    for serial, code, said in answers:
        row, means = sent[serial], answer.means(code)
        if row.state != "sent":
            outcome.known += 1
            continue
        outcome.paid += means == "paid"
        outcome.failed += means == "failed"
        for attempt, payment in row.attempts:
            attempts.append((means, code[:40], said[:200], now, attempt))
            payments.append((means, today if means == "paid" else None, payment))
    bulk.update(Attempt, ("state", "code", "said", "returned_at"), attempts)
    bulk.update(Payment, ("state", "settled_on"), payments)
