"""Reads of runs and their ledgers."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Case, Count, OuterRef, Q, QuerySet, Subquery, Sum, When

from yanglao.entitlement.benefits.books import frozen_book
from yanglao.entitlement.benefits.models import (
    LedgerLine,
    Objection,
    Run,
    RunChange,
    RunTotal,
    Signature,
    SpotCheck,
)
from yanglao.entitlement.benefits.naming import title_of
from yanglao.entitlement.benefits.rules.months import Month
from yanglao.entitlement.benefits.subjects import kinds_of, named
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.cases.models import Task
from yanglao.kernel.scope import Span, everything
from yanglao.registers.people.models import Person
from yanglao.registers.people.queries import files_of, merged_files

if TYPE_CHECKING:
    pass

PAYABLE = (Run.State.APPROVED, Run.State.EXPORTED, Run.State.CLOSED)


def runs_of(actor: Actor) -> QuerySet[Run]:
    """The runs that concern a division in which the actor may see benefits."""
    spans = actor.spans("benefits.view")
    concerned = [
        code
        for code in Run.objects.order_by().values_list("division_id", flat=True).distinct()
        if any(span.lo <= Span.of(code).hi and Span.of(code).lo <= span.hi for span in spans)
    ]
    return Run.objects.filter(division__in=concerned).select_related("division", "case__version")


def standing_signatures(run: Run) -> list[Signature]:
    """The signatures since the last time the run was sent back."""
    signatures = list(run.signatures.all())
    for index in range(len(signatures) - 1, -1, -1):
        if signatures[index].step == Signature.Step.RETURNED:
            return signatures[index + 1 :]
    return signatures


def previous(run: Run) -> Run | None:
    """The run of the same policies for the month before, if there was one that stands."""
    return (
        Run.objects.filter(
            division=run.division_id, policy_key=run.policy_key, month=int(Month.of(run.month).previous)
        )
        .exclude(state__in=[Run.State.CANCELLED, Run.State.FAILED, Run.State.DRAFT])
        .first()
    )


@dataclass(frozen=True)
class Change:
    """How many subjects came, went or changed amount since the month before, and what that did to the money."""

    cause: str  # see changes.CAUSES
    people: int
    fen: int


def changes(run: Run) -> list[Change]:
    """Changes since the month before with their causes, in the entered scope; empty without such a run."""
    rows = RunChange.objects.filter(run=run).order_by("cause").values_list("cause")
    return [Change(*row) for row in rows.annotate(Sum("people"), Sum("amount_fen"))]


def received(person_id: int, limit: int = 240) -> list[LedgerLine]:
    """What a person was granted, under whichever of his files, latest first, from runs that were approved."""
    return list(
        LedgerLine.objects.filter(
            subject_kind="person", subject_id__in=files_of(person_id), live=True, run__state__in=PAYABLE
        )
        .select_related("run")
        .order_by("-month", "-id")[:limit]
    )


def granted_after_death(person_id: int) -> list[LedgerLine]:
    """Live lines for months after the one he died in, latest first; of runs not yet approved too."""
    died = Person.files.filter(pk=person_id).order_by().values_list("death_date", flat=True).first()
    if died is None:
        return []
    lines = LedgerLine.objects.filter(
        subject_kind="person",
        subject_id__in=files_of(person_id),
        live=True,
        month__gt=died.year * 100 + died.month,
    )
    found = list(lines.order_by("-month", "-id"))
    net: dict[tuple[str, int], int] = {}
    for line in found:  # what was claimed back since is settled
        net[line.policy, line.month] = net.get((line.policy, line.month), 0) + line.amount_fen
    return [line for line in found if net[line.policy, line.month] > 0][:12]


def granted_before_merge(months: Collection[int]) -> set[tuple[int, str, int]]:
    """(kept file, policy, month) of whoever was granted the policy of a month under a file that was merged since."""
    kept = merged_files()
    lines = LedgerLine.objects.filter(
        subject_kind="person", subject_id__in=list(kept), month__in=months, live=True, kind="due"
    )
    found = lines.order_by("id").values_list("subject_id", "policy", "month")
    return {(kept[pk], policy, month) for pk, policy, month in found}


def granted_twice(run: Run) -> set[int]:
    """Merged files of a run whose grant the file they became part of has too: one of the two is not paid."""
    kept = merged_files()
    lines = LedgerLine.objects.filter(subject_kind="person", live=True, kind="due")
    mine = lines.filter(run=run, subject_id__in=list(kept)).order_by("id")
    dues = list(mine.values_list("subject_id", "policy", "month"))
    theirs = lines.filter(
        subject_id__in=[kept[pk] for pk, _policy, _month in dues], month__in={month for *_rest, month in dues}
    )
    granted = set(theirs.order_by("id").values_list("subject_id", "policy", "month"))
    return {pk for pk, policy, month in dues if (kept[pk], policy, month) in granted}


def recipients_by_division(on: date) -> dict[int, float]:
    """Recipients of the month of `on`, by street, from approved runs (for indicators)."""
    return _approved_sums(on, "people")


def amount_by_division(on: date) -> dict[int, float]:
    """Yuan granted for the month of `on`, by street, from approved runs (for indicators)."""
    return {code: fen / 100 for code, fen in _approved_sums(on, "amount_fen").items()}


def _approved_sums(on: date, column: str) -> dict[int, float]:
    rows = RunTotal.objects.filter(run__state__in=PAYABLE, month=on.year * 100 + on.month)
    return dict(rows.order_by("division").values_list("division").annotate(Sum(column)))


def recipient_records(on: date) -> QuerySet[LedgerLine]:
    """The ledger lines behind `recipients_by_division`."""
    return LedgerLine.objects.filter(run__state__in=PAYABLE, live=True, month=on.year * 100 + on.month)


def without_account(run: Run) -> int:
    """How many of the people a run is to pay, in the entered scope, have no payment account as yet."""
    lines = LedgerLine.objects.filter(run=run, subject_kind="person", amount_fen__gt=0)
    from yanglao.registers.people.models import PayAccount

    with_account = PayAccount.objects.filter(valid_to=None).values("person")
    merged = Person.files.filter(merged_into__in=with_account).values("pk")
    paid = Q(subject_id__in=with_account) | Q(subject_id__in=merged)
    return lines.exclude(paid).aggregate(n=Count("subject_id", distinct=True))["n"]


def sum_in_scope(run: Run) -> tuple[int, int]:
    """(people, fen) of a run in the entered scope."""
    sums = RunTotal.objects.filter(run=run).aggregate(people=Sum("people"), fen=Sum("amount_fen"))
    return sums["people"] or 0, sums["fen"] or 0


def lines_with_people(run: Run) -> QuerySet[LedgerLine]:
    """A run's lines in the entered scope, with the names of subject and payee (`subject`, `payee`) and, of a person,
    the birth date (`born`)."""
    born = Person.files.filter(pk=OuterRef("subject_id")).values("birth_date")[:1]
    lines = LedgerLine.objects.filter(run=run)
    kinds, payees = kinds_of(lines, "subject_kind"), kinds_of(lines, "payee_kind")
    found = named(named(lines, kinds, into="subject"), payees, of="payee", into="payee")
    return found.annotate(born=Case(When(subject_kind="person", then=Subquery(born)), default=None))


@dataclass(frozen=True)
class Summed:
    """Lines added up: how many, their fen, how many subjects of each kind, hundredths of what was given in kind by unit."""

    lines: int
    fen: int
    subjects: dict[str, int]
    quantities: dict[str, int]


def summed(lines: QuerySet[LedgerLine]) -> Summed:
    """A run's lines, or those a filter lets through, added up."""
    plain = lines.order_by()
    sums = plain.aggregate(n=Count("pk"), fen=Sum("amount_fen"))
    counts = plain.values_list("subject_kind").annotate(n=Count("subject_id", distinct=True))
    kinds = plain.filter(quantity__isnull=False).values_list("unit").annotate(q=Sum("quantity"))
    return Summed(sums["n"], sums["fen"] or 0, dict(counts), dict(kinds))


@dataclass(frozen=True)
class Corrected:
    """What a run corrects of earlier months: how many lines of each kind, the fen of all."""

    lines: tuple[tuple[str, int], ...]
    fen: int


def corrected_in(run: Run) -> Corrected | None:
    """Arrears and claw-back in a run's lines, in the entered scope; None where there are none."""
    lines = LedgerLine.objects.filter(run=run, kind__in=[LedgerLine.Kind.ARREARS, LedgerLine.Kind.CLAWBACK])
    rows = list(lines.order_by("kind").values_list("kind").annotate(n=Count("pk"), fen=Sum("amount_fen")))
    if not rows:
        return None
    labels = dict(LedgerLine.Kind.choices)
    return Corrected(tuple((str(labels[kind]), n) for kind, n, _fen in rows), sum(row[2] for row in rows))


def granted_to(kind: str, pk: int, limit: int = 12) -> list[dict[str, Any]]:
    """What a place or worker was granted by runs that were approved: fen by month of entitlement and policy."""
    lines = LedgerLine.objects.filter(payee_kind=kind, payee_id=pk, live=True, run__state__in=PAYABLE)
    rows = lines.order_by("-month", "policy").values("month", "policy", "run_id")
    return list(rows.annotate(fen=Sum("amount_fen"), lines=Count("pk"))[:limit])


def approver_of(run: Run) -> int | None:
    """The account that approved a run; he never pays it out too."""
    return next(
        (s.user_id for s in reversed(standing_signatures(run)) if s.step == Signature.Step.APPROVED), None
    )


def policy_titles(run: Run) -> dict[str, str]:
    """Title of each policy of a run, as it was computed by."""
    return {policy.id: title_of(policy) for policy in frozen_book(run).policies}


def objected_subjects(run: Run) -> dict[str, set[tuple[str, int]]]:
    """Whom an objection of a spot-check (`spot_check`) or of the public (`publicity`) keeps from being paid."""
    spots = SpotCheck.objects.filter(run=run, verdict__in=SpotCheck.DOUBTED, lifted_at=None)
    upheld = Objection.objects.filter(run=run, verdict=Objection.Verdict.UPHELD)
    return {
        "spot_check": set(spots.order_by("pk").values_list("subject_kind", "subject_id")),
        "publicity": set(upheld.order_by("pk").values_list("subject_kind", "subject_id")),
    }


def spots_of(run: Run) -> QuerySet[SpotCheck]:
    """Those drawn, in the entered scope, with their name (a person's with the birth date), by place."""
    spots = SpotCheck.objects.filter(run=run)
    born = Person.files.filter(pk=OuterRef("subject_id")).values("birth_date")[:1]
    return (
        named(spots, kinds_of(spots, "subject_kind"), into="name")
        .annotate(born=Case(When(subject_kind="person", then=Subquery(born)), default=None))
        .order_by("division", "pk")
    )


def publicity_of(run: Run) -> Task | None:
    """The latest publicity period of a run's case: `opened_on`, `due`, `outcome`."""
    with everything("who sees a run sees when it was public"):
        tasks = Task.objects.filter(case__benefit_run=run.pk, step="publicise").exclude(state="cancelled")
        return tasks.order_by("-pk").first()


def said_together(objection: Objection) -> list[Objection]:
    """The other beds of which the same objection was taken in, as long as nobody decided them."""
    same = {name: getattr(objection, name) for name in ("channel", "reason", "raised_by", "division_id")}
    rows = Objection.objects.filter(run=objection.run_id, subject_kind="bed", verdict="", **same)
    return list(rows.exclude(pk=objection.pk).order_by("pk")) if objection.subject_kind == "bed" else []


def objections_of(run: Run) -> QuerySet[Objection]:
    """Objections to the names of a run, in the entered scope, with the name of whom they are about."""
    found = Objection.objects.filter(run=run)
    return named(found, kinds_of(found, "subject_kind"), into="name").order_by("pk")
