"""From the ledger of an approved run to its payments: who is paid, who is withheld and why.

Called inside actions. Set-based: a city of a million lines is planned by a handful of statements.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from yanglao.entitlement.benefits.queries import LedgerLine, Run, granted_twice, objected_subjects
from yanglao.entitlement.payments import claims
from yanglao.entitlement.payments.models import Hold, PayeeAccount, Payment, PayOrder
from yanglao.kernel import bulk
from yanglao.kernel.scope import everything
from yanglao.registers.people.models import PayAccount
from yanglao.registers.people.queries import merged_files

if TYPE_CHECKING:
    from yanglao.entitlement.vouchers.queries import ClaimToPay

State, Why = Payment.State, Payment.Why

_COPY = """
INSERT INTO payments_payment (order_id, policy, month, kind, subject_kind, subject_id, payee_kind, payee_id,
  division_id, amount_fen, offset_fen, state, why)
SELECT %s, policy, month, kind, subject_kind, subject_id,
  CASE WHEN payee_kind = '' THEN subject_kind ELSE payee_kind END,
  CASE WHEN payee_kind = '' THEN subject_id ELSE payee_id END,
  MIN(division_id), SUM(amount_fen), 0, 'ready', ''
FROM {lines} WHERE run_id = %s AND live AND amount_fen > 0
GROUP BY policy, month, kind, subject_kind, subject_id, payee_kind, payee_id
ORDER BY MIN(division_id), subject_id, policy, month
"""


def plan(run: Run) -> PayOrder:
    """The order of a run, with a payment for every line that gives money; made once, whoever asks.

    Lines to be claimed back are not payments: they are debts, and stand in the ledger. Raises IntegrityError when
    a subject would get the same month of a policy twice.
    """
    known = PayOrder.objects.filter(run=run).first()
    if known is not None:
        return known
    order = PayOrder.objects.create(run=run, division_id=run.division_id, month=run.month)
    with connection.cursor() as cursor:
        cursor.execute(_COPY.format(lines=LedgerLine._meta.db_table), [order.pk, run.pk])
    with everything("a whole run is planned"):
        sums = Payment.objects.filter(order=order).aggregate(n=Count("pk"), fen=Sum("amount_fen"))
        _offset(order, run.pk)
        withhold(order)
    order.rows, order.sum_fen = sums["n"], sums["fen"] or 0
    order.save(update_fields=["rows", "sum_fen"])
    return order


def plan_claims(division: int, month: int, title: str, chosen: Sequence[ClaimToPay]) -> PayOrder:
    """The order of providers' claims, a payment for each. Raises IntegrityError when one stands in an order already."""
    order = PayOrder.objects.create(
        source=PayOrder.Source.VOUCHERS,
        title=title[:120],
        division_id=division,
        month=month,
        rows=len(chosen),
        sum_fen=sum(claim.amount_fen for claim in chosen),
    )
    Payment.objects.bulk_create(
        [
            Payment(
                order=order,
                policy=claims.VOUCHERS,
                month=claim.month,
                kind="due",
                subject_kind="claim",
                subject_id=claim.claim_id,
                payee_kind="place",
                payee_id=claim.place_id,
                division_id=claim.division,
                amount_fen=claim.amount_fen,
            )
            for claim in chosen
        ],
        batch_size=500,
    )
    with everything("a whole order is planned"):
        withhold(order)
    return order


def _offset(order: PayOrder, run_id: int) -> None:
    """Keep back what is set off against debts, from one payment after the other."""
    for kind in ("person", "place", "worker", "operator"):
        offsets = claims.offsets(run_id, kind)
        for chunk in bulk.in_chunks(sorted(offsets)):
            his = Payment.objects.filter(order=order, payee_kind=kind, payee_id__in=chunk)
            for payment in his.order_by(
                "payee_id", "kind", "pk"
            ):  # arrears first: claw-back is netted with them
                offsets[payment.payee_id] -= _keep_back(payment, offsets[payment.payee_id])


def _keep_back(payment: Payment, owed: int) -> int:
    """Fen taken from a payment; all of it leaves nothing to pay."""
    taken = min(owed, payment.amount_fen)
    if taken:
        payment.amount_fen, payment.offset_fen = payment.amount_fen - taken, taken
        if not payment.amount_fen:
            payment.state, payment.why = State.WITHHELD, Why.OFFSET
        payment.save()
    return taken


def _under_kept_files(order: PayOrder) -> None:
    """What was granted under a file that was merged since is paid to the file it is part of."""
    kept = merged_files()
    payments = Payment.objects.filter(order=order, payee_kind="person")
    for chunk in bulk.in_chunks(sorted(kept)):
        for payment in payments.filter(payee_id__in=chunk).order_by("pk"):
            payment.payee_id = kept[payment.payee_id]
            payment.save(update_fields=["payee_id"])


def withhold(order: PayOrder) -> None:
    """Bring the reasons up to date: who has none any more is ready again, whoever has one now is withheld.

    Only what no bank has: `ready`, `withheld`, `corrected`. The strongest reason is named.
    """
    _under_kept_files(order)
    waiting = Payment.objects.filter(order=order, state__in=[State.READY, State.WITHHELD, State.CORRECTED])
    waiting = waiting.exclude(why=Why.OFFSET)
    for why, chosen in _reasons(order, waiting):
        for query in chosen:
            query.exclude(state=State.WITHHELD, why=why).update(state=State.WITHHELD, why=why)
    held = Payment.objects.filter(order=order, state=State.WITHHELD, why=Why.NO_ACCOUNT)
    held.filter(_has_account()).update(state=State.READY, why="")
    for why, query in _mended(order):
        query.filter(state=State.WITHHELD, why=why).update(state=State.READY, why="")
    ready = Payment.objects.filter(order=order, state__in=[State.READY, State.CORRECTED])
    ready.exclude(_has_account()).update(state=State.WITHHELD, why=Why.NO_ACCOUNT)


def _reasons(
    order: PayOrder, waiting: QuerySet[Payment]
) -> Iterable[tuple[str, Iterable[QuerySet[Payment]]]]:
    people = waiting.filter(subject_kind="person")
    twice = sorted(granted_twice(order.run)) if order.run else []
    yield Why.MERGED, [people.filter(subject_id__in=chunk) for chunk in bulk.in_chunks(twice)]
    for why, subjects in _objected(order).items():
        kinds = sorted({kind for kind, _id in subjects})
        yield (
            why,
            [
                waiting.filter(subject_kind=kind, subject_id__in=chunk)
                for kind in kinds
                for chunk in bulk.in_chunks(sorted(pk for k, pk in subjects if k == kind))
            ],
        )
    yield Why.HELD, [waiting.filter(_is_held())]
    held = claims.held(people.order_by("pk").values_list("subject_id", flat=True))
    yield Why.HELD, [people.filter(subject_id__in=chunk) for chunk in bulk.in_chunks(held)]


def _mended(order: PayOrder) -> Iterable[tuple[str, QuerySet[Payment]]]:
    """Withheld for a reason that is gone."""
    payments = Payment.objects.filter(order=order, state=State.WITHHELD)
    held = payments.filter(why=Why.HELD, subject_kind="person").order_by("pk")
    still = set(claims.held(held.values_list("subject_id", flat=True)))
    gone = [pk for pk, subject in held.values_list("pk", "subject_id") if subject not in still]
    for chunk in bulk.in_chunks(gone):
        yield Why.HELD, payments.filter(pk__in=chunk).exclude(_is_held())
    yield Why.HELD, payments.exclude(subject_kind="person").exclude(_is_held())
    for why, subjects in _objected(order).items():
        rows = payments.filter(why=why).order_by("pk").values_list("pk", "subject_kind", "subject_id")
        free = [pk for pk, kind, subject in rows if (kind, subject) not in subjects]
        yield from ((why, payments.filter(pk__in=chunk)) for chunk in bulk.in_chunks(free))


def _objected(order: PayOrder) -> dict[str, set[tuple[str, int]]]:
    return objected_subjects(order.run) if order.run else {}


def _is_held() -> Exists:
    same = Hold.objects.filter(
        subject_kind=OuterRef("subject_kind"), subject_id=OuterRef("subject_id"), lifted_at=None
    )
    return Exists(same.filter(Q(policy="") | Q(policy=OuterRef("policy"))))


def _has_account() -> Q:
    person = PayAccount.objects.filter(person=OuterRef("payee_id"), valid_to=None)
    other = PayeeAccount.objects.filter(
        payee_kind=OuterRef("payee_kind"), payee_id=OuterRef("payee_id"), valid_to=None
    )
    return Q(Exists(person), payee_kind="person") | Q(Exists(other)) & ~Q(payee_kind="person")
