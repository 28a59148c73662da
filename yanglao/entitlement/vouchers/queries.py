"""Reads of vouchers: of a person, of a place, of a month."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone

from yanglao.entitlement.vouchers import rules
from yanglao.entitlement.vouchers.models import (
    Admission,
    Bar,
    Choice,
    Claim,
    Draw,
    Redemption,
    Refund,
    SampleCheck,
    StatementLine,
    Voucher,
)
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.crypto.keyring import blind_index
from yanglao.kernel.divisions.models import Division
from yanglao.kernel.scope import Level, Span, everything
from yanglao.kernel.scope.spans import ancestor
from yanglao.registers.people.models import Person
from yanglao.registers.people.queries import files_of


def this_month() -> int:
    return rules.month_of(timezone.localdate())


def of_person(person_id: int, limit: int = 36) -> list[Voucher]:
    """A person's vouchers in the entered scope, under whichever of his files, latest first."""
    found = Voucher.objects.filter(person_id__in=files_of(person_id))
    return list(found.order_by("-month", "-id")[:limit])


def spent_by(person_id: int, limit: int = 240) -> list[Redemption]:
    """What a person's vouchers paid for, latest first."""
    found = Redemption.objects.filter(voucher__person_id__in=files_of(person_id)).select_related("place")
    return list(found.order_by("-day", "-id")[:limit])


def choices_of(person_id: int) -> list[Choice]:
    """The kinds a person agreed to, latest first."""
    return list(Choice.objects.filter(person_id__in=files_of(person_id)).order_by("-month", "-id"))


def bars_of(person_id: int) -> list[Bar]:
    return list(Bar.objects.filter(person_id__in=files_of(person_id)).order_by("-since", "-id"))


def at_the_till(number: str, id_tail: str) -> Voucher | None:
    """The voucher a provider was shown: its number, and the last four of the person's identity number.

    It reads outside the caller's scope: a voucher is good at any admitted place.
    """
    tail = blind_index("people.person.id_tail", id_tail.strip().upper()[-4:])
    with everything("a voucher shown at a till"):
        found: Voucher | None = (
            Voucher.objects.select_related("person")
            .filter(number=number.strip(), person__id_tail_hash=tail)
            .first()
        )
    return found


def has_tail(voucher: Voucher, id_tail: str) -> bool:
    """Whether these are the last four of the identity number of the one whose voucher it is."""
    tail = blind_index("people.person.id_tail", id_tail.strip().upper()[-4:])
    return voucher.person.id_tail_hash is not None and bytes(voucher.person.id_tail_hash) == bytes(tail)


def by_number(numbers: Iterable[str]) -> dict[str, Voucher]:
    """Vouchers by number, wherever they were issued: for the rows of a provider's file."""
    with everything("vouchers named in a provider's file"):
        rows = Voucher.objects.filter(number__in=set(numbers)).select_related("person").order_by("pk")
        return {row.number: row for row in rows}


def spent_by_service(voucher_ids: Iterable[int]) -> dict[tuple[int, str], int]:
    """(voucher, service) → what was paid, net of refunds, in fen."""
    found: dict[tuple[int, str], int] = {}
    with everything("what vouchers of a provider's file have paid"):
        rows = Redemption.objects.filter(voucher_id__in=set(voucher_ids)).order_by("pk")
        for voucher_id, service, paid, back in rows.values_list(
            "voucher_id", "service", "voucher_fen", "refunded_fen"
        ):
            found[voucher_id, service] = found.get((voucher_id, service), 0) + paid - back
    return found


def orders_known(place_ids: Iterable[int], orders: Iterable[str]) -> set[tuple[int, str]]:
    """(place, order number) that were redeemed before."""
    with everything("order numbers that were used"):
        rows = Redemption.objects.filter(place_id__in=set(place_ids), order_number__in=set(orders))
        return set(rows.order_by().values_list("place_id", "order_number"))


def admissions(place_id: int | None = None) -> QuerySet[Admission]:
    """Admissions in the entered scope, those that stand first."""
    rows = Admission.objects.select_related("place")
    rows = rows.filter(place_id=place_id) if place_id else rows
    return rows.order_by("-since", "-id")


@dataclass
class Figures:
    """A month at one division or provider. Amounts in fen."""

    key: int = 0
    name: str = ""
    issued: int = 0
    waiting: int = 0
    claimed: int = 0
    used: int = 0
    lapsed: int = 0
    cap_fen: int = 0
    used_fen: int = 0
    redemptions: int = 0
    price_fen: int = 0
    ltci_fen: int = 0
    voucher_fen: int = 0
    refunded_fen: int = 0
    checked: int = 0
    wrong: int = 0

    @property
    def used_share(self) -> float | None:
        return self.used / self.issued if self.issued else None

    @property
    def net_fen(self) -> int:
        return self.voucher_fen - self.refunded_fen

    def add(self, other: Figures) -> None:
        for name in _NUMBERS:
            setattr(self, name, getattr(self, name) + getattr(other, name))


_NUMBERS = tuple(n for n in Figures.__dataclass_fields__ if n not in ("key", "name"))


def counted(month: int, lo: int, hi: int) -> list[tuple[int, Figures]]:
    """Per village: how many vouchers in which state."""
    rows = Voucher.objects.filter(month=month, division__gte=lo, division__lte=hi).exclude(state="void")
    grouped = (
        rows.order_by("division")
        .values("division_id")
        .annotate(
            issued=Count("pk"),
            waiting=Count("pk", filter=Q(state="issued")),
            claimed=Count("pk", filter=Q(claimed_on__isnull=False)),
            used=Count("pk", filter=Q(state="used")),
            lapsed=Count("pk", filter=Q(state="expired")),
            cap=Sum("cap_fen"),
            spent=Sum("used_fen"),
        )
    )
    return [(row.pop("division_id"), _figures(row)) for row in grouped]


def _figures(row: dict[str, Any]) -> Figures:
    return Figures(cap_fen=row.pop("cap"), used_fen=row.pop("spent"), **row)


def by_division(month: int, division: int, level: Level) -> list[Figures]:
    """A month's vouchers in the entered scope by division of a level, by where the persons live."""
    span = Span.of(division)
    found: dict[int, Figures] = {}
    for code, part in counted(month, span.lo, span.hi):
        upper = ancestor(code, level)
        found.setdefault(upper, Figures(upper)).add(part)
    names = dict(Division.objects.filter(pk__in=found).values_list("code", "name"))
    for code, figures in found.items():
        figures.name = names.get(code, str(code))
    return [found[code] for code in sorted(found)]


def by_place(month: int) -> list[Figures]:
    """A month's redemptions in the entered scope by the provider's place, most first."""
    rows = Redemption.objects.filter(month=month).order_by("place")
    sums = rows.values_list("place_id", "place__name").annotate(
        Count("pk"), Sum("price_fen"), Sum("ltci_fen"), Sum("voucher_fen"), Sum("refunded_fen")
    )
    names = ("redemptions", "price_fen", "ltci_fen", "voucher_fen", "refunded_fen")
    found = {pk: Figures(pk, name, **dict(zip(names, row, strict=True))) for pk, name, *row in sums}
    for place_id, made, wrong in _checked(month):
        if place_id in found:
            found[place_id].checked, found[place_id].wrong = made, wrong
    return sorted(found.values(), key=lambda f: (-f.voucher_fen, f.key))


def _checked(month: int) -> Iterable[tuple[int, int, int]]:
    rows = SampleCheck.objects.filter(draw__month=month).exclude(outcome="")
    return (
        rows.order_by("redemption__place")
        .values_list("redemption__place_id")
        .annotate(made=Count("pk"), wrong=Count("pk", filter=~Q(outcome="as_said")))
    )


def total(parts: Iterable[Figures]) -> Figures:
    found = Figures()
    for part in parts:
        found.add(part)
    return found


def months() -> list[int]:
    """Months with vouchers in the entered scope, latest first; the running one is always among them."""
    had = Voucher.objects.order_by("-month").values_list("month", flat=True).distinct()
    return sorted({*had, this_month()}, reverse=True)


@dataclass(frozen=True)
class ClaimToPay:
    """A provider's claim that was approved and awaits its payment. `amount_fen` is what is owed to the place."""

    claim_id: int
    place_id: int
    place: str
    division: int
    month: int
    amount_fen: int


def claims_to_pay(division: int) -> list[ClaimToPay]:
    """Approved claims of the places of a division, in the entered scope, that are owed (never settled, or the bank gave the
    money back); earliest first.

    Who pays them calls `actions.settle(actor, claim, on=, payment=)` with `claim(claim_id)`.
    """
    span = Span.of(division)
    rows = Claim.objects.filter(
        state__in=Claim.PAYABLE, place__division__gte=span.lo, place__division__lte=span.hi
    ).select_related("place")
    return [
        ClaimToPay(c.pk, c.place_id, c.place.name, c.place.division_id, c.month, c.amount_fen)
        for c in rows.order_by("month", "place", "pk")
    ]


def reviewers(claim_ids: Collection[int]) -> set[int]:
    """The accounts that found the claims right, in the entered scope."""
    rows = Claim.objects.filter(pk__in=claim_ids).exclude(reviewed_by_id=None).order_by("pk")
    return set(rows.values_list("reviewed_by_id", flat=True))


def claim(claim_id: int) -> Claim:
    """A claim in the entered scope. Raises Claim.DoesNotExist."""
    found: Claim = Claim.objects.select_related("place").get(pk=claim_id)
    return found


@dataclass
class Found:
    """What a sample's checks came to. `back_fen`: what went back to vouchers by them."""

    made: int = 0
    open: int = 0
    outcomes: dict[str, int] = field(default_factory=dict)
    back_fen: int = 0

    @property
    def wrong(self) -> int:
        return self.made - self.outcomes.get("as_said", 0)

    @property
    def wrong_share(self) -> float | None:
        return rules.wrong_share(self.outcomes)


def found_by(draw: Draw) -> Found:
    """The figure of a sample: how many were checked, what was wrong, what came back."""
    rows = SampleCheck.objects.filter(draw=draw).order_by("outcome")
    counts = dict(rows.values_list("outcome").annotate(Count("pk")))
    waiting = counts.pop("", 0)
    back = rows.aggregate(n=Sum("refund__voucher_fen"))["n"] or 0
    return Found(sum(counts.values()), waiting, counts, back)


def redrawn(draw: Draw) -> bool:
    """Whether the kept seed draws the same sample again from the redemptions there were then."""
    with everything("a sample is drawn again"):
        checks = SampleCheck.objects.filter(draw=draw).order_by("order")
        sample = [str(pk) for pk in checks.values_list("redemption_id", flat=True)]
        span = Span.of(draw.division_id)
        rows = Redemption.objects.filter(
            month=draw.month,
            place__division__gte=span.lo,
            place__division__lte=span.hi,
            entered_at__lte=draw.drawn_at,
        )
        keys = [str(pk) for pk in rows.order_by("pk").values_list("pk", flat=True)]
    same = rules.fingerprint(keys) == draw.population_sha
    return same and rules.drawn(keys, draw.seed, draw.percent) == sample


def fates(statement_id: int) -> Mapping[str, tuple[int, int, int, int]]:
    """Per fate of a reconciliation: lines, how many of them unsettled, our fen, their fen."""
    rows = StatementLine.objects.filter(statement_id=statement_id).order_by("fate")
    grouped = rows.values_list("fate").annotate(
        n=Count("pk"), open=Count("pk", filter=Q(verdict="")), a=Sum("ours_fen"), b=Sum("theirs_fen")
    )
    return {fate: (n, open_ if fate != "matched" else 0, a or 0, b or 0) for fate, n, open_, a, b in grouped}


def waiting_claims() -> QuerySet[Claim]:
    """Claims in the entered scope that wait for review."""
    return Claim.objects.filter(state=Claim.State.SUBMITTED).order_by("submitted_at", "pk")


def unclaimed(month: int) -> QuerySet[Voucher]:
    """Who is entitled in the month and has not claimed, in the entered scope."""
    return Voucher.objects.filter(month=month, state=Voucher.State.ISSUED).order_by("pk")


def open_checks() -> QuerySet[SampleCheck]:
    return SampleCheck.objects.filter(outcome="").order_by("pk")


def unsettled_lines() -> QuerySet[StatementLine]:
    return StatementLine.objects.filter(verdict="").exclude(fate="matched").order_by("pk")


def to_claim(place_id: int, before: int) -> tuple[int, int]:
    """(lines, fen) of a place's months before a month that are in no claim as yet."""
    lines = Redemption.objects.filter(place_id=place_id, claim=None, month__lt=before)
    sums = lines.aggregate(n=Count("pk"), fen=Sum("voucher_fen"), back=Sum("refunded_fen"))
    return sums["n"], (sums["fen"] or 0) - (sums["back"] or 0)


def own_places(actor: Actor, right: str) -> QuerySet[Admission]:
    """Admissions that stand at places the actor holds a right for."""
    today = timezone.localdate()
    rows = Admission.objects.filter(since__lte=today).filter(Q(until=None) | Q(until__gt=today))
    own = Q(place__organisation_id__in=actor.organisations(right))
    for span in actor.spans(right):
        own |= Q(place__division__gte=span.lo, place__division__lte=span.hi)
    return rows.filter(own).select_related("place").order_by("place__pinyin", "pk")


def person_in_scope(person_id: int) -> Person | None:
    found: Person | None = Person.objects.filter(pk=person_id).first()
    return found


def refunds_of(redemption: Redemption) -> QuerySet[Refund]:
    return Refund.objects.filter(redemption=redemption).order_by("-id")
