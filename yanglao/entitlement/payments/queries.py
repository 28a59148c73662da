"""Reads of payments."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, CharField, Count, OuterRef, QuerySet, Subquery, Sum, Value, When
from django.utils.translation import gettext as _

from yanglao.entitlement.benefits.offered.queries import kinds_of, named, subjects_called
from yanglao.entitlement.benefits.queries import LedgerLine, policy_titles
from yanglao.entitlement.payments import claims
from yanglao.entitlement.payments.models import (
    WITHOUT_RUN,
    Attempt,
    BankReturn,
    Hold,
    Payment,
    PaymentFile,
    PayOrder,
)
from yanglao.entitlement.payments.rules import Balance
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.scope import Level, Span, everything
from yanglao.kernel.scope.spans import ancestor
from yanglao.registers.people.models import Person
from yanglao.registers.people.queries import files_of
from yanglao.registers.places.queries import Operator, Place
from yanglao.registers.workforce.queries import Worker

State = Payment.State

__all__ = ["Attempt", "BankReturn", "Hold", "PayOrder", "Payment", "PaymentFile"]


def orders_of(actor: Actor) -> QuerySet[PayOrder]:
    """The orders that concern a division in which the actor may see payments."""
    spans = actor.spans("payments.view")
    codes = PayOrder.objects.order_by().values_list("division_id", flat=True).distinct()
    concerned = [
        code for code in codes if any(s.lo <= Span.of(code).hi and Span.of(code).lo <= s.hi for s in spans)
    ]
    return PayOrder.objects.filter(division__in=concerned).select_related("run", "division")


def by_key(actor: Actor, key: int) -> QuerySet[PayOrder]:
    """The order whose pages bear this number (`PayOrder.key`), if it concerns the actor."""
    orders = orders_of(actor)
    return orders.filter(pk=key - WITHOUT_RUN) if key > WITHOUT_RUN else orders.filter(run=key)


def claims_waiting(division: int) -> list[Any]:
    """Approved claims of providers that stand in no order yet."""
    found = claims.to_pay(division)
    with everything("which claims are in an order"):
        known = set(
            Payment.objects.filter(
                subject_kind="claim", subject_id__in=[c.claim_id for c in found]
            ).values_list("subject_id", flat=True)
        )
    return [claim for claim in found if claim.claim_id not in known]


def of_claim(claim_id: int) -> Payment | None:
    """The payment of a provider's claim, in the entered scope; with its order."""
    found = Payment.objects.filter(subject_kind="claim", subject_id=claim_id).select_related("order__run")
    return found.order_by("-pk").first()


def reduced(run_id: int, payee_kind: str, payee_id: int) -> list[Payment]:
    """A payee's payments of a run of which something was kept back, in the entered scope."""
    paid = Payment.objects.filter(order__run=run_id, payee_kind=payee_kind, payee_id=payee_id)
    return list(paid.filter(offset_fen__gt=0).order_by("pk"))


def policy_words(order: PayOrder) -> dict[str, str]:
    """The titles of an order's policies."""
    return policy_titles(order.run) if order.run else {claims.VOUCHERS: _("养老服务消费券结算")}


def order_of(run_id: int) -> PayOrder | None:
    """The order of a run, once it was approved."""
    return PayOrder.objects.filter(run=run_id).select_related("run").first()


def balance(order: PayOrder) -> Balance:
    """The whole order by state, beside what was planned: it holds at all times."""
    with everything("the balance of a whole order"):
        payments = Payment.objects.filter(order=order)
        offset = payments.aggregate(fen=Sum("offset_fen"))["fen"] or 0
        return Balance((order.rows, order.sum_fen), _parts(payments), offset)


def balance_in_scope(order: PayOrder) -> Balance:
    """The same of the divisions in the entered scope, whose plan is the sum of its parts."""
    parts = _parts(Payment.objects.filter(order=order))
    offset = Payment.objects.filter(order=order).aggregate(fen=Sum("offset_fen"))["fen"] or 0
    planned = sum(rows for rows, _fen in parts.values()), sum(fen for _rows, fen in parts.values()) + offset
    return Balance(planned, parts, offset)


def _parts(payments: QuerySet[Payment]) -> dict[str, tuple[int, int]]:
    rows = payments.order_by("state").values_list("state").annotate(n=Count("pk"), fen=Sum("amount_fen"))
    return {state: (n, fen) for state, n, fen in rows}


def proved(order: PayOrder) -> bool:
    """Whether the plan is what the ledger says: the sum of the run's lines that give money. Of an order of claims, whose
    payments never change, whether it is their sum."""
    if order.run_id is None:
        with everything("the payments of a whole order"):
            sums = Payment.objects.filter(order=order).aggregate(fen=Sum("amount_fen"), off=Sum("offset_fen"))
        return (sums["fen"] or 0) + (sums["off"] or 0) == order.sum_fen
    with everything("the ledger of a whole run"):
        lines = LedgerLine.objects.filter(run=order.run_id, live=True, amount_fen__gt=0)
        return (lines.aggregate(fen=Sum("amount_fen"))["fen"] or 0) == order.sum_fen


@dataclass(frozen=True)
class Part:
    """Rows and fen of one division, by state."""

    division: int
    rows: int
    fen: int
    by_state: dict[str, tuple[int, int]]


def by_division(order: PayOrder, level: Level) -> list[Part]:
    """The order by the divisions of a level, in the entered scope."""
    rows = (
        Payment.objects.filter(order=order)
        .order_by("division", "state")
        .values_list("division", "state")
        .annotate(n=Count("pk"), fen=Sum("amount_fen"))
    )
    found: dict[int, dict[str, tuple[int, int]]] = {}
    for division, state, n, fen in rows:
        states = found.setdefault(ancestor(division, level), {})
        so_far = states.get(state, (0, 0))
        states[state] = so_far[0] + n, so_far[1] + fen
    return [
        Part(code, sum(n for n, _f in states.values()), sum(f for _n, f in states.values()), states)
        for code, states in sorted(found.items())
    ]


def withheld_by_reason(order: PayOrder) -> list[tuple[str, str, int, int]]:
    """(reason, the same in words, rows, fen) of what is withheld, in the entered scope."""
    payments = Payment.objects.filter(order=order, state=State.WITHHELD).order_by("why").values_list("why")
    rows = payments.annotate(n=Count("pk"), fen=Sum("amount_fen"))
    return [(why, str(Payment.Why(why).label), n, fen) for why, n, fen in rows]


def _named(payments: QuerySet[Payment]) -> QuerySet[Payment]:
    """With the payee's name, and account and answer of the last attempt."""
    last = Attempt.objects.filter(payment=OuterRef("pk")).order_by("-pk")
    tables: dict[str, Any] = {
        "person": Person.files,
        "place": Place.objects,
        "worker": Worker.objects,
        "operator": Operator.objects,
    }
    with everything("names of those who are paid"):
        names = [
            When(payee_kind=kind, then=Subquery(rows.filter(pk=OuterRef("payee_id")).values("name")[:1]))
            for kind, rows in tables.items()
        ]
        return payments.annotate(
            name=Case(*names, default=Value(""), output_field=CharField()),
            account=Subquery(last.values("account_mask")[:1]),
            said=Subquery(last.values("said")[:1]),
            code=Subquery(last.values("code")[:1]),
        )


def with_names(order: PayOrder) -> QuerySet[Payment]:
    """Payments of an order in the entered scope, with the names of payee (`name`), subject (`subject`) and policy
    (`title`), and the last attempt's account and answer."""
    rows = Payment.objects.filter(order=order)
    titles = [When(policy=policy, then=Value(title)) for policy, title in policy_words(order).items()]
    found = named(_named(rows), kinds_of(rows, "subject_kind"), into="subject")
    return found.annotate(title=Case(*titles, default=Value(""), output_field=CharField()))


def called(payments: QuerySet[Payment], text: str) -> QuerySet[Payment]:
    """The payments whose subject is called so: a person by name or pinyin, a home by any part of its name."""
    return subjects_called(payments, text)


def failed() -> QuerySet[Payment]:
    """Failed payments that wait for another account, in the entered scope."""
    return _named(Payment.objects.filter(state=State.FAILED).select_related("order__run"))


def one(payment_id: int) -> QuerySet[Payment]:
    """One payment in the entered scope, with the names of payee (`name`) and subject (`subject`)."""
    rows = Payment.objects.filter(pk=payment_id).select_related("order__run", "order__division")
    return named(_named(rows), kinds_of(rows, "subject_kind"), into="subject")


def line_of(payment: Payment) -> int | None:
    """The ledger line it pays, in the entered scope; None of a provider's claim."""
    same = {name: getattr(payment, name) for name in ("subject_kind", "subject_id", "policy", "month")}
    lines = LedgerLine.objects.filter(run=payment.order.run_id, amount_fen__gt=0, **same)
    return lines.order_by("pk").values_list("pk", flat=True).first() if payment.order.run_id else None


def attempts_of(payment: Payment) -> list[Attempt]:
    """Every attempt at a payment, the last first."""
    return list(Attempt.objects.filter(payment=payment).select_related("file").order_by("-pk"))


def hold_of(payment: Payment) -> Hold | None:
    """What holds it back now."""
    holds = Hold.objects.filter(
        subject_kind=payment.subject_kind, subject_id=payment.subject_id, lifted_at=None
    )
    return holds.filter(policy__in=["", payment.policy]).order_by("pk").first()


def waiting_for(actor: Actor) -> dict[str, int]:
    """For his desk, in the entered scope: failed payments to correct; orders to send, to read back, to close."""
    found = {"failed": 0, "send": 0, "answer": 0, "close": 0}
    if actor.can("payments.correct"):
        found["failed"] = Payment.objects.filter(state=State.FAILED).count()
    if actor.can("payments.pay"):
        for order in orders_of(actor).filter(closed_at=None).order_by("pk"):
            parts = balance(order)
            if parts.part("ready")[0] + parts.part("corrected")[0]:
                found["send"] += 1
            elif parts.part("sent")[0]:
                found["answer"] += 1
            else:
                found["close"] += 1
    return found


def paid_to(person_id: int, limit: int = 240) -> list[Payment]:
    """Payments to a person under whichever of his files, latest month first."""
    payments = Payment.objects.filter(payee_kind="person", payee_id__in=files_of(person_id))
    return list(payments.select_related("order__run").order_by("-month", "-pk")[:limit])


def paid_amounts(
    subjects: Iterable[tuple[str, int]], policy: str, month: int
) -> dict[tuple[str, int], tuple[str, int]]:
    """(subject kind, id) → (state, fen) of one policy and month: what was paid, against which a correction is made."""
    wanted = set(subjects)
    rows = Payment.objects.filter(policy=policy, month=month, subject_id__in=[pk for _kind, pk in wanted])
    return {
        (kind, pk): (state, fen)
        for kind, pk, state, fen in rows.order_by("pk").values_list(
            "subject_kind", "subject_id", "state", "amount_fen"
        )
        if (kind, pk) in wanted
    }
