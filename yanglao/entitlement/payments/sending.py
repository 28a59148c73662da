"""A payment file: who gets how much into which account, in a bank's own format. Called inside actions.

Made when asked for and not kept: it holds identity numbers and accounts in clear. What is kept is who was in it,
with which account, and the hash of its rows; so any copy can be proved, and made again the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from yanglao.entitlement.payments import rules
from yanglao.entitlement.payments.accounts import Payee, Receiver, receivers
from yanglao.entitlement.payments.formats import PaymentFormat
from yanglao.entitlement.payments.models import Attempt, Payment, PaymentFile, PayOrder
from yanglao.entitlement.payments.queries import policy_words
from yanglao.kernel import bulk
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.divisions.queries import full_name
from yanglao.kernel.scope import Level
from yanglao.registers.people.looking import log_looks

MEDIA = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
_ATTEMPT = (
    "payment_id",
    "file_id",
    "division_id",
    "serial",
    "account_id",
    "account_mask",
    "state",
    "code",
    "said",
)


@dataclass(frozen=True)
class Made:
    """A file to hand over: its name, media type, content in clear."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True)
class Item:
    """What of a payment a file needs."""

    payment: int
    payee: Payee
    division: int
    fen: int


def items(payments: Iterable[Payment]) -> list[Item]:
    """Payments in the order of a file: by division and payee, so that one payee's stand together."""
    found = [Item(p.pk, (p.payee_kind, p.payee_id), p.division_id, p.amount_fen) for p in payments]
    return sorted(found, key=lambda item: (item.payee, item.division, item.payment))


def rows_of(chosen: Sequence[Item], known: dict[Payee, Receiver]) -> tuple[list[rules.Row], list[int]]:
    """The rows of a file, one per payee, and the serial number of each item's row."""
    rows: list[rules.Row] = []
    serials: list[int] = []
    for payee, group in groupby(chosen, key=lambda item: item.payee):
        his, to = list(group), known[payee]
        serial = len(rows) + 1
        place = full_name(his[0].division, below=Level.CITY)
        fen = sum(item.fen for item in his)
        rows.append(
            rules.Row(
                serial, to.account, to.holder, to.name, to.id_number, to.bank, fen, his[0].division, place
            )
        )
        serials += [serial] * len(his)
    return rows, serials


def first_time(actor: Actor, order: PayOrder, form: PaymentFormat, chosen: Sequence[Item]) -> PaymentFile:
    """Write the file's record, an attempt for every payment, and that they were sent. All or nothing."""
    known = receivers({item.payee for item in chosen}, clear=True)
    rows, serials = rows_of(chosen, known)
    number = PaymentFile.objects.filter(order=order).count() + 1
    file = PaymentFile.objects.create(
        order=order,
        number=number,
        format=form.id,
        rows=len(rows),
        sum_fen=sum(row.fen for row in rows),
        sha256=rules.digest(rows),
        made_by=actor.name,
        user_id=actor.user_id,
    )
    bulk.insert(
        Attempt,
        _ATTEMPT,
        (
            (
                item.payment,
                file.pk,
                item.division,
                serial,
                known[item.payee].account_id,
                known[item.payee].mask,
                "sent",
                "",
                "",
            )
            for item, serial in zip(chosen, serials, strict=True)
        ),
    )
    bulk.update(Payment, ("state", "why"), ((Payment.State.SENT, "", item.payment) for item in chosen))
    return file


def content(actor: Actor, file: PaymentFile, form: PaymentFormat, purpose: str) -> Made:
    """The file in clear, the same as when it was first made, every reading recorded.

    Raises ValidationError when it would not be the same (an account was taken out of the register since), or a value
    does not fit its column.
    """
    attempts = list(Attempt.objects.filter(file=file).select_related("payment").order_by("serial", "pk"))
    chosen = [
        Item(a.payment_id, (a.payment.payee_kind, a.payment.payee_id), a.division_id, a.payment.amount_fen)
        for a in attempts
    ]
    used = {(a.payment.payee_kind, a.account_id) for a in attempts}
    rows, _serials = rows_of(chosen, receivers({item.payee for item in chosen}, clear=True, accounts=used))
    if rules.digest(rows) != file.sha256:
        raise ValidationError(
            _(
                "第 %(n)s 号发放文件的内容与当时不再一致（收款账户已从登记中变更）。为防止重复发放，请核对原文件。"
            )
            % {"n": file.number}
        )
    people = sorted({item.payee[1] for item in chosen if item.payee[0] == "person"})
    log_looks(actor, people, fields=("id_number", "bank_account"), purpose=purpose)
    return _written(file, form, rows)


def _written(file: PaymentFile, form: PaymentFormat, rows: list[rules.Row]) -> Made:
    order, extension = file.order, form.file.extension
    head = rules.Head(
        title=order.name,
        project=_project(order),
        month=str(order.month),
        date=timezone.localtime(file.made_at).strftime("%Y%m%d"),
        number=file.number,
        count=len(rows),
        fen=file.sum_fen,
    )
    try:
        written = (
            rules.as_workbook(form, rows, head, withheld_rows(order), words())
            if form.file.kind == "xlsx"
            else rules.as_text(form, rows, head)
        )
    except UnicodeEncodeError as error:
        raise ValidationError(
            _("有一个字（%(sign)s）不能用 %(encoding)s 写出。请换一种格式，或请银行提供支持生僻字的格式。")
            % {"sign": error.object[error.start : error.end], "encoding": form.file.encoding}
        ) from None
    except ValueError as error:
        raise ValidationError(
            _(
                "“%(column)s”有一行放不下格式规定的宽度，截断会付错账户，所以没有生成。请改格式文件里的 width。"
            )
            % {"column": error}
        ) from None
    name = f"payment-{order.division_id}-{order.month}-{order.key}-{file.number}.{extension}"
    return Made(name, MEDIA.get(extension, f"text/plain; charset={form.file.encoding}"), written)


def _project(order: PayOrder) -> str:
    titles = policy_words(order)
    wanted = order.run.policies if order.run else titles
    return "、".join(titles[name] for name in sorted(wanted) if name in titles)


def withheld_rows(order: PayOrder) -> Iterable[rules.Withheld]:
    """Who is not in any file, and why; without account or identity number."""
    payments = list(Payment.objects.filter(order=order, state=Payment.State.WITHHELD).order_by("pk"))
    known = receivers({(p.payee_kind, p.payee_id) for p in payments})
    for p in payments:
        name = known[p.payee_kind, p.payee_id].name if (p.payee_kind, p.payee_id) in known else ""
        place = full_name(p.division_id, below=Level.CITY)
        yield rules.Withheld(place, name, p.amount_fen, str(p.get_why_display()))


def words() -> rules.Words:
    return rules.Words(
        payments=_("发放明细"),
        withheld=_("暂缓发放"),
        withheld_lead=_("这些人没有列入发放文件，原因消除后补发"),
        withheld_heads=(_("序号"), _("区划"), _("姓名"), _("原因"), _("金额（元）")),
        total=_("合计"),
        yuan=_("元"),
    )
