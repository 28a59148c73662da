"""Reads of corrections: for the reckoning, for pages, and for the rooms beside (payments)."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import CharField, Count, Exists, F, Max, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from yanglao.entitlement.benefits.offered.queries import (
    LedgerLine,
    Run,
    Unit,
    book_of,
    kinds_of,
    named,
    unit_of_all,
)
from yanglao.entitlement.benefits.queries import PAYABLE
from yanglao.entitlement.benefits.rules.months import Month
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.bulk import in_chunks
from yanglao.kernel.scope import Span, everything
from yanglao.registers.people.models import Circumstance, Person
from yanglao.registers.people.queries import files_of, merged_files

from .models import Cause, Correction, Debt, Hold, Prospect, Recomputation
from .owing import Held as Held
from .owing import held as held
from .owing import kept_back_from as kept_back_from
from .owing import offsets as offsets
from .owing import to_keep_back as to_keep_back
from .owing import to_net as to_net

PAYEES = ("person", "place", "worker", "operator")
# persons and stays have numbers of their own: 5 and 5 are two
HEADS = Count(Concat("subject_kind", Value(" "), Cast("subject_id", CharField())), distinct=True)
MARGIN = dt.timedelta(days=1)  # a transaction may commit long after the moment it wrote into its rows
SETTLED = (Correction.State.BOOKED, Correction.State.WAIVED)


# --- for the reckoning ------------------------------------------------------------------------------------------


def approved_runs(division: int) -> list[Run]:
    """The runs whose grants may be corrected: approved, in the division."""
    return list(_runs(division).filter(state__in=PAYABLE).order_by("pk"))


def waiting_runs(division: int) -> list[Run]:
    """The runs of a division that are still on their way to approval: nothing is late there yet."""
    gone = [*PAYABLE, Run.State.CANCELLED, Run.State.FAILED]
    return list(_runs(division).exclude(state__in=gone).order_by("pk"))


def _runs(division: int) -> QuerySet[Run]:
    span = Span.of(division)
    return Run.objects.filter(division__gte=span.lo, division__lte=span.hi)


def standing(division: int) -> str:
    """What the grants and decisions of a division stand at: equal texts, and neither has changed in between."""
    span = Span.of(division)
    runs = sorted(_runs(division).filter(state__in=PAYABLE).values_list("pk", flat=True))
    with everything("whether a decision came in between"):
        decided = Correction.objects.filter(
            state__in=SETTLED, division__gte=span.lo, division__lte=span.hi
        ).aggregate(n=Count("pk"), last=Max("pk"), at=Max("decided_at"))
    return f"{runs} {decided} {sorted(merged_files().items())}"


def latest_snapshots() -> list[Path]:
    """Folders of the latest frozen facts, newest first; some may be in the archive by now."""
    runs = Run.objects.exclude(snapshot="").order_by("-computed_at").values_list("snapshot", flat=True)[:1]
    own = Recomputation.objects.exclude(snapshot="").order_by("-pk").values_list("snapshot", flat=True)[:1]
    folders = [Path(settings.SNAPSHOTS) / name / "facts" for name in (*own, *runs)]
    return [folder for folder in folders if folder.is_dir()]


def changed_persons(
    recomputation: Recomputation, runs: Sequence[Run], book_sha: str
) -> tuple[frozenset[int] | None, dt.datetime | None]:
    """(persons of whom something changed since, since when); (None, None) when everybody has to be computed.

    Everybody: when asked for, the first time, when a policy changed, when more months are asked for than last
    time, or when a run that was compared is granted no more.
    """
    last = _last(recomputation)
    if recomputation.whole or last is None or last.known_at is None:
        return None, None
    now = {run.pk: run for run in runs}
    if last.book_sha != book_sha or last.first > recomputation.first or set(last.runs) - set(now):
        return None, None
    frozen = [run.known_at for pk, run in now.items() if pk not in last.runs and run.known_at]
    since = min([last.known_at, *frozen])
    return frozenset(_changed_since(since - MARGIN)), since


def _last(recomputation: Recomputation) -> Recomputation | None:
    done = Recomputation.objects.filter(division=recomputation.division_id, state=Recomputation.State.DONE)
    return done.exclude(pk=recomputation.pk).order_by("-pk").first()


def _changed_since(since: dt.datetime) -> set[int]:
    with everything("of whom something changed"):
        facts = Circumstance.objects.filter(Q(recorded_at__gt=since) | Q(replaced_at__gt=since)).order_by()
        files = Person.files.filter(updated_at__gt=since).order_by()
        ids = set(facts.values_list("person_id", flat=True).distinct())
        for pk, kept in files.values_list("pk", "merged_into_id"):
            ids.add(kept or pk)
    kept_of = merged_files()
    return {kept_of.get(pk, pk) for pk in ids}


Key = tuple[
    str, str, int, int, int
]  # policy, subject, its id, month, county (or city, province) that bears it
COUNTY = 10**6
_KEY = ("policy", "subject_kind", "subject_id", "month")


def key_of(c: Correction) -> Key:
    """What a correction is the only undecided one of."""
    return c.policy, c.subject_kind, c.subject_id, c.month, c.account


Sums = tuple[int, int, int, int]  # granted and corrected fen, granted and corrected quantity


def stood_at(c: Correction) -> Sums:
    """What a correction took for granted and corrected."""
    return c.granted_fen, c.corrected_fen, c.granted_quantity, c.corrected_quantity


def sums_now(corrections: Iterable[Correction]) -> dict[Key, Sums]:
    """Of each correction's key what the ledger and the decisions say now; no entry where they say nothing."""
    return sums_now_of(map(key_of, corrections))


def sums_now_of(keys: Iterable[Key]) -> dict[Key, Sums]:
    """The same of keys."""
    found: dict[Key, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    by_kind: dict[str, dict[int, set[int]]] = defaultdict(lambda: defaultdict(set))
    for _policy, kind, pk, month, _account in keys:
        by_kind[kind][pk].add(month)
    kept = merged_files()
    dropped: dict[int, list[int]] = defaultdict(list)
    for drop, keep in kept.items():
        dropped[keep].append(drop)
    for kind, months in by_kind.items():
        for chunk in in_chunks(months):  # all of a subject in one: his lines are counted once
            ids = {*chunk, *(d for pk in chunk for d in dropped.get(pk, ()))}
            asked = set().union(*(months[pk] for pk in chunk))
            with everything("what stands in the ledger now"):
                _add_sums(found, kind, ids, asked, kept if kind == "person" else {})
    return {key: (sums[0], sums[1], sums[2], sums[3]) for key, sums in found.items()}


def _add_sums(
    found: dict[Key, list[int]], kind: str, ids: set[int], months: set[int], kept: dict[int, int]
) -> None:
    of_these = {"subject_kind": kind, "subject_id__in": ids, "month__in": months}
    lines = LedgerLine.objects.filter(**of_these, live=True, kind="due", run__state__in=PAYABLE).order_by()
    decided = Correction.objects.filter(**of_these, state__in=SETTLED).order_by()
    granted = lines.values_list(*_KEY, "payer", "division_id", "amount_fen", "quantity")
    for policy, subject, pk, month, payer, place, fen, quantity in granted:
        sums = found[policy, subject, kept.get(pk, pk), month, (payer or place) // COUNTY * COUNTY]
        sums[0] += fen
        sums[2] += quantity or 0
    for policy, subject, pk, month, account, fen, quantity in decided.values_list(
        *_KEY, "account", "amount_fen", "quantity"
    ):
        sums = found[policy, subject, kept.get(pk, pk), month, account]
        sums[1] += fen
        sums[3] += quantity


def undecided(division: int) -> Iterator[tuple[int, Key, tuple[Any, ...]]]:
    """(id, key, what makes it the same when it is found again) of what recomputations of a division left to decide."""
    rows = Correction.objects.filter(state__in=Correction.OPEN, recomputation__division=division).order_by(
        "pk"
    )
    same = (
        "due_fen",
        "granted_fen",
        "corrected_fen",
        "due_quantity",
        "granted_quantity",
        "corrected_quantity",
    )
    for pk, policy, kind, subject, month, account, *rest in rows.values_list(
        "pk", *_KEY, "account", *same, "cause", "division_id"
    ).iterator():
        yield pk, (policy, kind, subject, month, account), tuple(rest)


# --- pages and rooms beside ----------------------------------------------------------------------------------------


def lines_of_run(run_id: int) -> QuerySet[LedgerLine]:
    """The lines of a run that correct earlier months, within the entered scope."""
    return LedgerLine.objects.filter(run=run_id, kind__in=["arrears", "clawback"])


def of_run(run_id: int) -> list[tuple[str, int, int]]:
    """(kind, subjects, fen) of the corrections in a run, within the entered scope."""
    rows = (
        lines_of_run(run_id).order_by("kind").values_list("kind").annotate(heads=HEADS, fen=Sum("amount_fen"))
    )
    return [(kind, people, fen) for kind, people, fen in rows]


def kept_from(run_id: int) -> tuple[int, int]:
    """Fen of a run's arrears that its own claw-back took, and of its payments that older debts take or took."""
    netted = sum(fen for kind in PAYEES for fen in to_net(run_id, kind).values())
    return netted, sum(fen for kind in PAYEES for fen in offsets(run_id, kind).values()) - netted


# --- pages ------------------------------------------------------------------------------------------------------


def recomputations_of(actor: Actor) -> QuerySet[Recomputation]:
    """The recomputations that concern a division in which the actor may see corrections."""
    spans = actor.spans("corrections.view")
    codes = Recomputation.objects.order_by().values_list("division_id", flat=True).distinct()
    mine = [
        code
        for code in codes
        if any(span.lo <= Span.of(code).hi and Span.of(code).lo <= span.hi for span in spans)
    ]
    return Recomputation.objects.filter(division__in=mine).select_related("division")


def with_people(rows: QuerySet[Correction]) -> QuerySet[Correction]:
    """Corrections with the name of whom or what they are about (`subject`): a person, a stay, a bed, a worker."""
    return named(rows, kinds_of(rows, "subject_kind"), into="subject")


@dataclass(frozen=True)
class Sum3:
    """Subjects and fen of a part of the corrections."""

    people: int
    arrears_fen: int
    clawback_fen: int
    key: int | str = ""
    label: str = ""

    @property
    def net_fen(self) -> int:
        return self.arrears_fen + self.clawback_fen


def counted(rows: QuerySet[Correction]) -> Unit:
    """How the subjects of corrections are counted: 人 of persons, 个对象 where they are of several kinds."""
    return unit_of_all(kinds_of(rows, "subject_kind"))


def summed(rows: QuerySet[Correction], by: str) -> list[Sum3]:
    """Corrections summed by `cause`, `policy` or `division_id` (a column), in the entered scope."""
    grouped = (
        rows.order_by()
        .values_list(by)
        .annotate(
            people=HEADS,
            arrears=Sum("amount_fen", filter=Q(amount_fen__gt=0), default=0),
            clawback=Sum("amount_fen", filter=Q(amount_fen__lt=0), default=0),
        )
    )
    return [
        Sum3(people, plus, minus, key)
        for key, people, plus, minus in sorted(grouped, key=lambda g: str(g[0]))
    ]


def total(rows: QuerySet[Correction]) -> Sum3:
    """All of them together; a subject counts once."""
    found = rows.order_by().aggregate(
        people=HEADS,
        arrears=Sum("amount_fen", filter=Q(amount_fen__gt=0), default=0),
        clawback=Sum("amount_fen", filter=Q(amount_fen__lt=0), default=0),
    )
    return Sum3(found["people"], found["arrears"], found["clawback"])


def to_enter(run: Run) -> list[Correction]:
    """Booked corrections that stand in no live run and belong into this one: of its division, and of its policies
    or of policies that no run pays any more."""
    span = Span.of(run.division_id)
    in_force = {p.id for p in book_of(run.division_id).policies if p.in_force(Month.of(run.month))}
    with everything("what was decided since the last run"):
        entered = LedgerLine.objects.filter(correction=OuterRef("pk"), live=True)
        rows = Correction.objects.filter(
            state=Correction.State.BOOKED, division__gte=span.lo, division__lte=span.hi
        ).exclude(Exists(entered))
        return [c for c in rows.order_by("pk") if c.policy in run.policies or c.policy not in in_force]


def grants_of(correction: Correction) -> list[LedgerLine]:
    """The lines by which a person was granted the policy and month, under any of his files."""
    kept = merged_files()
    ids = [correction.subject_id, *(d for d, k in kept.items() if k == correction.subject_id)]
    lines = LedgerLine.objects.filter(
        subject_kind=correction.subject_kind,
        subject_id__in=ids,
        policy=correction.policy,
        month=correction.month,
        live=True,
        run__state__in=PAYABLE,
    )
    return list(lines.select_related("run").order_by("pk"))


def siblings(correction: Correction) -> QuerySet[Correction]:
    """Everything found for the same subject in the same recomputation, month by month."""
    return Correction.objects.filter(
        recomputation=correction.recomputation_id,
        subject_kind=correction.subject_kind,
        subject_id=correction.subject_id,
    ).order_by("policy", "month", "account", "pk")


def owed(person_id: int) -> int:
    """Fen a person still owes."""
    rows = Debt.objects.filter(payee_kind="person", payee_id=person_id, state__in=["open", "asked"])
    return int(rows.aggregate(n=Sum(F("amount_fen") - F("repaid_fen"), default=0))["n"])


def today() -> dt.date:
    return timezone.localdate()


@dataclass(frozen=True)
class Before:
    """Decisions on a month that came before: how many, and when the facts of the last one were known."""

    count: int
    known_at: dt.datetime | None


def decided_before(keys: Iterable[Key]) -> dict[Key, Before]:
    """Earlier decisions by what they were about; no entry where there was none."""
    found: dict[Key, Before] = {}
    with everything("decisions that came before"):
        if not Correction.objects.filter(state__in=SETTLED).exists():
            return found
        for chunk in in_chunks(keys):
            rows = Correction.objects.filter(
                subject_kind__in={k[1] for k in chunk},
                subject_id__in={k[2] for k in chunk},
                month__in={k[3] for k in chunk},
                state__in=SETTLED,
            ).order_by()
            grouped = rows.values_list(*_KEY, "account").annotate(Count("pk"), Max("recomputation__known_at"))
            for *key, count, known_at in grouped:
                policy, subject, pk, month, account = key
                found[policy, subject, pk, month, account] = Before(count, known_at)
    return found


def debts_with_people() -> QuerySet[Debt]:
    """Debts in the entered scope with the name of who owes (`name`): a person, a home, a worker."""
    rows = Debt.objects.all()
    return named(rows, kinds_of(rows, "payee_kind"), of="payee", into="name")


def holds_with_people() -> QuerySet[Hold]:
    """Holds in the entered scope with the person's name (`name`)."""
    person = Person.files.filter(pk=OuterRef("person_id"))
    return Hold.objects.annotate(name=Subquery(person.values("name")[:1]))


def granted_since(hold: Hold) -> list[LedgerLine]:
    """What a person was granted for months after the fact that had his payments withheld, in the entered scope."""
    day = hold.fact_on or hold.since
    lines = LedgerLine.objects.filter(
        subject_kind="person",
        subject_id__in=files_of(hold.person_id),
        live=True,
        run__state__in=PAYABLE,
        month__gt=day.year * 100 + day.month,
    )
    return list(lines.select_related("run").order_by("month", "pk"))


def prospects_with_people() -> QuerySet[Prospect]:
    """The look-ahead list in the entered scope with the person's name and day of death (`name`, `died`)."""
    person = Person.files.filter(pk=OuterRef("person_id"))
    return Prospect.objects.annotate(
        name=Subquery(person.values("name")[:1]), died=Subquery(person.values("death_date")[:1])
    )


def cause_words(code: str) -> str:
    """Why a line corrects an earlier month, as the ledger's `reason` has it: death_late is 死亡登记晚."""
    return str(Cause(code).label) if code in Cause.values else code


def run_divisions() -> list[int]:
    """The divisions that pay: those of approved runs."""
    return sorted(set(Run.objects.filter(state__in=PAYABLE).order_by().values_list("division_id", flat=True)))
