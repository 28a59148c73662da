"""Vouchers from issue to expiry: issued to all who are entitled, claimed of a kind, barred, void, expired."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from yanglao.entitlement.vouchers import checks, rules
from yanglao.entitlement.vouchers.entitled import Entitled, entitled
from yanglao.entitlement.vouchers.models import Bar, Choice, Voucher
from yanglao.entitlement.vouchers.schemes import Scheme, scheme, scheme_for
from yanglao.kernel import bulk
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.audit.action import action, note
from yanglao.kernel.scope import everything

DIED = "老年人已去世"  # i18n: data


@action("vouchers.issue", right="vouchers.issue", at=lambda a: (a["division"],))
def issue(actor: Actor, *, division: int, month: int) -> int:
    """Issue the month's vouchers to all in a division who are entitled and have none; gives how many.

    Asked for again it issues to those who have become entitled since, within the month. Raises ValidationError where
    no scheme is in force.
    """
    terms = scheme_for(division, month)
    if terms is None:
        raise ValidationError({"month": _("这个月在这里没有施行中的消费券办法。")})
    if month != rules.month_of(timezone.localdate()):
        raise ValidationError({"month": _("只发放当月的消费券：过去的不补发，以后的还没有开始。")})
    with everything("vouchers are issued to all who are entitled"):
        missing = _missing(entitled(division, month), month)
        issued = 0
        while missing:  # a number drawn twice is drawn again
            Voucher.objects.bulk_create(_drafts(missing, month, terms), ignore_conflicts=True, batch_size=500)
            still = _missing(missing, month)
            issued += len(missing) - len(still)
            missing = still
    note(rows=issued, month=month, scheme=terms.key)
    return issued


def _missing(people: Sequence[Entitled], month: int) -> list[Entitled]:
    """Those without a voucher of the month, and with none that was made void in it."""
    had = set(Voucher.objects.filter(month=month).order_by().values_list("person_id", flat=True))
    return [one for one in people if one.person_id not in had]


def _drafts(people: Sequence[Entitled], month: int, terms: Scheme) -> list[Voucher]:
    chosen = _chosen([one.person_id for one in people], month)
    today = timezone.localdate()
    drafts = []
    for one in people:
        kind = chosen.get(one.person_id, "")
        kind = kind if kind in terms.kinds else ""
        caps = [terms.kinds[kind].cap_fen] if kind else [k.cap_fen for k in terms.kinds.values()]
        voucher = Voucher(
            number=rules.number(month, secrets.randbelow(10**8)),
            person_id=one.person_id,
            division_id=one.residence,
            month=month,
            scheme=terms.key,
            kind=kind,
            cap_fen=min(one.cap_fen, max(caps)),
        )
        if kind and terms.claim == "once":
            voucher.state, voucher.claimed_on, voucher.claimed_by = Voucher.State.CLAIMED, today, "self"
        drafts.append(voucher)
    return drafts


def _chosen(person_ids: Sequence[int], month: int) -> dict[int, str]:
    """The kind each of some persons last agreed to."""
    found: dict[int, str] = {}
    for chunk in bulk.in_chunks(person_ids):
        rows = Choice.objects.filter(person_id__in=chunk, month__lte=month).order_by("month", "id")
        found.update(rows.values_list("person_id", "kind"))
    return found


@action("vouchers.claim", right="vouchers.assist")
def claim(actor: Actor, voucher: Voucher, *, kind: str, by: str = "self") -> Voucher:
    """The person, or who speaks for him, takes the month's voucher and says of which kind. Raises ValidationError."""
    held = checks.locked_voucher(voucher.pk)
    terms = checks.scheme_of(held)
    if held.state != Voucher.State.ISSUED:
        raise ValidationError(_("这张券“%(state)s”，不能再领取。") % {"state": held.get_state_display()})
    if timezone.localdate() > held.last_day:
        raise ValidationError(_("这张券已于 %(day)s 过期；次月会重新发放。") % {"day": held.last_day})
    if kind not in terms.kinds:
        raise ValidationError({"kind": _("请选择一种券。")})
    held.kind, held.state = kind, Voucher.State.CLAIMED
    held.cap_fen = min(held.cap_fen, terms.kinds[kind].cap_fen)
    held.claimed_on, held.claimed_by = timezone.localdate(), by
    held.save()
    _remember(held.person_id, held.division_id, kind, held.month, by)
    return _refreshed(voucher, held)


@action("vouchers.change_kind", right="vouchers.assist")
def change_kind(actor: Actor, voucher: Voucher, *, kind: str, by: str = "self") -> Choice:
    """Another kind from the month after the voucher's: in a month a person has one kind. Raises ValidationError."""
    if kind not in checks.scheme_of(voucher).kinds:
        raise ValidationError({"kind": _("请选择一种券。")})
    if kind == voucher.kind:
        raise ValidationError({"kind": _("现在就是这种券，不用更改。")})
    month = rules.next_month(max(voucher.month, rules.month_of(timezone.localdate())))
    return _remember(voucher.person_id, voucher.division_id, kind, month, by)


def _remember(person_id: int, division: int, kind: str, month: int, by: str) -> Choice:
    with everything("a person's own choice"):
        choice, _made = Choice.objects.update_or_create(
            person_id=person_id,
            month=month,
            defaults={"kind": kind, "division_id": division, "by": by, "agreed_on": timezone.localdate()},
        )
    return choice


def _refreshed(voucher: Voucher, held: Voucher) -> Voucher:
    """Bring the instance the caller holds, which the audit compares, up to date with the locked row."""
    for field in held._meta.concrete_fields:
        setattr(voucher, field.attname, getattr(held, field.attname))
    return voucher


@action("vouchers.bar", right="vouchers.issue", at=lambda a: (a["division"],))
def bar(
    actor: Actor, *, person: Any, division: int, reason: str, told_by: str = "self", note: str = ""
) -> Bar:
    """Issue no more vouchers to a person, from next month. Raises ValidationError when one stands already."""
    since = rules.first_day(rules.next_month(rules.month_of(timezone.localdate())))
    with everything("a person's own bars"), checks.once("reason", _("他已有停发登记：如需更改，请先恢复。")):
        return Bar.objects.create(
            person=person,
            division_id=division,
            reason=reason,
            since=since,
            told_by=told_by,
            note=note.strip()[:200],
            added_at=timezone.now(),
        )


@action("vouchers.lift", right="vouchers.issue")
def lift(actor: Actor, bar: Bar) -> Bar:
    """End a bar: he is issued vouchers from this month on, within the next daily issue. Raises ValidationError."""
    if bar.until is not None:
        raise ValidationError(_("这条停发登记已经恢复。"))
    bar.until = max(bar.since, rules.first_day(rules.month_of(timezone.localdate())))
    bar.save()
    return bar


@action("vouchers.void", right="vouchers.issue")
def void(actor: Actor, voucher: Voucher, *, reason: str) -> Voucher:
    """Make a voucher void that was issued in error, before anything was paid with it. Raises ValidationError."""
    read = checks.reason(reason)[:100]
    held = checks.locked_voucher(voucher.pk)
    if held.state not in (Voucher.State.ISSUED, Voucher.State.CLAIMED):
        raise ValidationError(
            _("这张券“%(state)s”，不能作废；已使用的请先办理退款。") % {"state": held.get_state_display()}
        )
    held.state, held.void_reason = Voucher.State.VOID, read
    held.save()
    return _refreshed(voucher, held)


def void_of_the_dead(person_id: int, died: dt.date) -> int:
    """Vouchers of the month of death and later that nothing was paid with. Called in the transaction of the news."""
    with everything("vouchers of one who died"):
        rows = Voucher.objects.filter(
            person_id=person_id, month__gte=rules.month_of(died), state__in=["issued", "claimed"]
        )
        return rows.update(state=Voucher.State.VOID, void_reason=DIED, updated_at=timezone.now())


@action("vouchers.expire", right="vouchers.issue", at=lambda a: ())
def expire(actor: Actor) -> int:
    """End what is past its month: unclaimed on the first, claimed when entries of the month close; gives how many."""
    today = timezone.localdate()
    ended = 0
    with everything("vouchers past their month"):
        past = Voucher.objects.filter(month__lt=rules.month_of(today))
        ended += _end(past.filter(state="issued"), Voucher.State.EXPIRED)
        open_ = past.filter(state="claimed")
        for month, key in open_.order_by("month", "scheme").values_list("month", "scheme").distinct():
            terms = scheme(key)
            if today <= rules.closes(month, terms.entry_days if terms else 0):
                continue
            rows = open_.filter(month=month, scheme=key)
            given_back = rows.filter(redemptions__isnull=False).order_by().values("pk")
            ended += _end(
                Voucher.objects.filter(pk__in=list(given_back.values_list("pk", flat=True))), "refunded"
            )
            ended += _end(rows, Voucher.State.EXPIRED)
    note(rows=ended)
    return ended


def _end(rows: Any, state: str) -> int:
    return int(rows.update(state=state, updated_at=timezone.now()))
