"""Checking: the other side's list against ours, and samples looked at on site."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from yanglao.entitlement.vouchers import checks, rules
from yanglao.entitlement.vouchers.actions.spending import give_back
from yanglao.entitlement.vouchers.models import (
    Draw,
    Redemption,
    Refund,
    SampleCheck,
    Statement,
    StatementLine,
)
from yanglao.entitlement.vouchers.schemes import scheme_for
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.audit.action import action, note
from yanglao.kernel.files.actions import store
from yanglao.kernel.scope import Span, everything


@dataclass(frozen=True)
class Told:
    """A row of the other side's list, read: `amount` in fen."""

    row: int
    voucher: str
    order: str
    place: str
    day: dt.date
    amount: int


def _of_month(division: int, month: int) -> Any:
    """A month's redemptions at the places of a division."""
    span = Span.of(division)
    return Redemption.objects.filter(
        month=month, place__division__gte=span.lo, place__division__lte=span.hi
    ).select_related("voucher", "place")


@action("vouchers.store_statement", right="vouchers.reconcile", at=lambda a: (a["division"],))
def store_statement(
    actor: Actor, *, division: int, month: int, rows: Sequence[Told], source: str
) -> Statement:
    """Compare a list with the month's redemptions of a division and keep every line of it."""
    with everything("all redemptions of a division"):
        ours = {r.pk: r for r in _of_month(division, month).order_by("pk")}
        mine = [
            rules.Ours(r.pk, r.voucher.number, r.order_number, r.net_fen) for r in ours.values() if r.net_fen
        ]
        theirs = {told.row: told for told in rows}
        pairs = rules.reconcile(mine, [rules.Theirs(t.row, t.voucher, t.order, t.amount) for t in rows])
        made = Statement.objects.create(
            division_id=division, month=month, source=source, rows=len(rows), added_by=actor.name[:140]
        )
        StatementLine.objects.bulk_create([_line(made, pair, ours, theirs) for pair in pairs], batch_size=500)
    note(rows=len(rows), differences=sum(p.fate != "matched" for p in pairs))
    return made


def _line(
    made: Statement, pair: rules.Pair, ours: dict[int, Redemption], theirs: dict[int, Told]
) -> StatementLine:
    mine = ours[pair.ours.key] if pair.ours else None
    told = theirs[pair.theirs.row] if pair.theirs else None
    return StatementLine(
        statement=made,
        fate=pair.fate,
        row=told.row if told else None,
        voucher_number=told.voucher if told else str(mine.voucher.number if mine else ""),
        order_number=(told.order if told else "") or (mine.order_number if mine else ""),
        place_name=(told.place if told else "") or (mine.place.name if mine else ""),
        day=told.day if told else (mine.day if mine else None),
        theirs_fen=told.amount if told else None,
        ours_fen=mine.net_fen if mine else None,
        redemption=mine,
    )


@action("vouchers.withdraw_statement", right="vouchers.reconcile", at=lambda a: ())
def withdraw_statement(actor: Actor, *, source: str) -> None:
    """Undo the import of a list. Raises ValidationError when a difference of it was settled."""
    with everything("an import is taken back whole"):
        found = Statement.objects.filter(source=source)
        if StatementLine.objects.filter(statement__in=found).exclude(verdict="").exists():
            raise ValidationError(_("其中有已处理的差异，不能撤销。"))
        found.delete()


@action("vouchers.resolve", right="vouchers.reconcile")
def resolve(actor: Actor, line: StatementLine, *, verdict: str, reason: str) -> StatementLine:
    """Say what a difference comes to, with the reason. Raises ValidationError."""
    if line.fate == StatementLine.Fate.MATCHED:
        raise ValidationError(_("这一条相符，不用处理。"))
    line.reason = checks.reason(reason)
    line.verdict, line.settled_at, line.settled_by = verdict, timezone.now(), actor.name[:140]
    line.save()
    return line


@action("vouchers.draw", right="vouchers.draw", at=lambda a: (a["division"],))
def draw(actor: Actor, *, division: int, month: int, seed: str = "", percent: int | None = None) -> Draw:
    """Draw a month's sample for checks on site: at least the scheme's share, in the order of a kept seed.

    `percent` in whole per cent may be more, never less. Without a seed one is drawn. Raises ValidationError.
    """
    if month >= rules.month_of(timezone.localdate()):
        raise ValidationError({"month": _("这个月还没有结束：次月起可以抽取。")})
    terms = scheme_for(division, month)
    least = terms.check_percent if terms else 1
    share = max(percent or least, least)
    seed = seed.strip()[:64] or secrets.token_hex(8)
    with everything("all redemptions of a division"):
        ids = {str(pk): pk for pk in _of_month(division, month).order_by("pk").values_list("pk", flat=True)}
        if not ids:
            raise ValidationError({"month": _("这个月这里没有核销，没有可抽取的。")})
        chosen = rules.drawn(ids, seed, share * 100)
        with checks.once("month", _("这个月已经抽取过：一个月只抽一次，种子不能更换。")):
            made = Draw.objects.create(
                division_id=division,
                month=month,
                seed=seed,
                percent=share * 100,
                population=len(ids),
                population_sha=rules.fingerprint(ids),
                size=len(chosen),
                drawn_at=timezone.now(),
                drawn_by=actor.name[:140],
            )
        SampleCheck.objects.bulk_create(
            [SampleCheck(draw=made, redemption_id=ids[key], order=i) for i, key in enumerate(chosen, 1)]
        )
    note(population=len(ids), size=len(chosen), seed=seed)
    return made


@action("vouchers.check", right="vouchers.check")
def record_check(
    actor: Actor,
    check: SampleCheck,
    *,
    outcome: str,
    checked_on: dt.date,
    price_found: int | None = None,
    note: str = "",
    photo: Any = None,
) -> SampleCheck:
    """What was found on site. Not delivered, or dearer than it was: the difference goes back to the voucher at once.

    `price_found` in fen; `photo`: an uploaded file. Raises ValidationError.
    """
    if check.outcome:
        raise ValidationError(_("这一笔已经核查过，结果不能更改。"))
    if checked_on > timezone.localdate() or checked_on < check.redemption.day:
        raise ValidationError({"checked_on": _("核查日期应在服务日期之后、今天之前：请核对。")})
    check.refund = _finding(actor, check.redemption, outcome, price_found, note)
    check.outcome, check.checked_on, check.note = outcome, checked_on, note.strip()[:400]
    check.price_found_fen, check.inspector = price_found, actor.name[:140]
    if photo is not None:
        division = check.redemption.place.division_id
        check.photo = store(actor, photo.name, photo, kind="image", division=division)
    check.save()
    return check


def _finding(actor: Actor, row: Redemption, outcome: str, found: int | None, note: str) -> Refund | None:
    standing = row.price_fen - row.price_refunded_fen
    if outcome == SampleCheck.Outcome.AS_SAID or not standing:
        return None
    if outcome == SampleCheck.Outcome.NOT_DELIVERED:
        return give_back(actor, row, price=standing, cause=Refund.Cause.NOT_DELIVERED, reason=note)
    if found is None:
        raise ValidationError({"price_found": _("请填写核实的实际价格。")})
    if found > standing:
        return None
    if found == standing:
        raise ValidationError({"price_found": _("实际价格与核销价格相同：结果应为“属实”。")})
    return give_back(actor, row, price=standing - found, cause=Refund.Cause.PRICE, reason=note)
