"""What is agreed for a stay: contracts, level of care, fees, who pays. Nothing is overwritten: each has its days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.audit.action import action, note
from yanglao.kernel.identifiers import Refused
from yanglao.kernel.identifiers import phone as read_phone
from yanglao.kernel.rooms import publish
from yanglao.kernel.scope import everything
from yanglao.registers.stays import checks
from yanglao.registers.stays.events import LevelChanged
from yanglao.registers.stays.models import CareLevel, Contract, Fee, Stay
from yanglao.registers.stays.vocabulary import vocabulary

LIVING = (*Stay.BEFORE, Stay.State.ADMITTED)
TEXTS = ("number", "signed_by", "guardian", "guardian_relation")


@action("stays.add_contract", right="stays.admit")
def add_contract(
    actor: Actor,
    stay: Stay,
    *,
    signed_on: dt.date,
    starts_on: dt.date,
    ends_on: dt.date | None = None,
    guardian_phone: str = "",
    deposit: int = 0,
    prepaid: int = 0,
    prepaid_months: int = 0,
    **texts: str,
) -> Contract:
    """A contract, or its renewal; money in fen. `texts`: number, signed_by, guardian, guardian_relation.

    Raises ValidationError, also beyond the months that may be prepaid.
    """
    checks.locked_stay(stay)
    checks.state(stay, *LIVING)
    most = vocabulary().prepaid.most_months
    if prepaid_months > most:
        raise ValidationError(
            {"prepaid_months": _("养老服务费预收不得超过%(most)s个月：请缩短。") % {"most": most}}
        )
    if ends_on is not None and ends_on < starts_on:
        raise ValidationError({"ends_on": _("到期日期早于生效日期：请核对两个日期。")})
    made = Contract(
        stay=stay,
        signed_on=signed_on,
        starts_on=starts_on,
        ends_on=ends_on,
        guardian_phone=_phone(guardian_phone),
        deposit=deposit,
        prepaid=prepaid,
        prepaid_months=prepaid_months,
        **{name: texts.pop(name, "").strip() for name in TEXTS},
    )
    if texts:
        raise TypeError(f"unknown: {', '.join(sorted(texts))}")
    made.clean_fields(exclude=["stay", "guardian_phone"])
    made.save()
    return made


def _phone(text: str) -> str:
    if not text.strip():
        return ""
    try:
        return read_phone(text)
    except Refused:
        message = _("电话号码不对：手机应为11位，固定电话请带区号。")
        raise ValidationError({"guardian_phone": message}) from None


@action("stays.set_level", right="stays.admit")
def set_level(actor: Actor, stay: Stay, *, level: str, on: dt.date, reason: str) -> Stay:
    """Another level of care from the day `on`. Raises ValidationError."""
    checks.locked_stay(stay)
    checks.state(stay, Stay.State.ADMITTED)
    checks.listed(vocabulary().care_levels, level, "level")
    checks.since_admission(stay, on)
    begin_level(stay, level, on, checks.reason(reason))
    note(level=level, on=on.isoformat())
    publish(LevelChanged(stay.pk, stay.person_id, level, on))
    return stay


def begin_level(stay: Stay, level: str, on: dt.date, reason: str) -> None:
    with everything("the stay an action holds"):
        make_way(CareLevel.objects.filter(stay=stay), on)
        CareLevel.objects.create(stay=stay, level=level, valid_from=on, reason=reason)
    stay.level = level
    stay.save()


@action("stays.set_fees", right="stays.admit")
def set_fees(actor: Actor, stay: Stay, *, fees: Mapping[str, int], on: dt.date, reason: str) -> Stay:
    """Other fees from the day `on`: item → fen a month; items not named stay. Raises ValidationError."""
    checks.locked_stay(stay)
    checks.state(stay, Stay.State.ADMITTED)
    checks.since_admission(stay, on)
    put_fees(stay, fees, on, checks.reason(reason))
    note(items=sorted(fees), on=on.isoformat())
    return stay


def put_fees(stay: Stay, fees: Mapping[str, int], on: dt.date, reason: str) -> None:
    """0 fen ends an item."""
    with everything("the stay an action holds"):
        for item, amount in fees.items():
            checks.listed(vocabulary().fee_items, item, "item")
            if amount < 0:
                raise ValidationError({item: _("金额不能为负：请核对。")})
            make_way(Fee.objects.filter(stay=stay, item=item), on)
            if amount:
                Fee.objects.create(stay=stay, item=item, amount=amount, valid_from=on, reason=reason)


def make_way(rows: Any, on: dt.date) -> None:
    """What was said of the days from `on` gives way; earlier days keep what they were."""
    rows.filter(valid_from__gte=on).delete()
    rows.filter(Q(valid_to=None) | Q(valid_to__gt=on)).update(valid_to=on)


@action("stays.set_payer", right="stays.admit")
def set_payer(actor: Actor, stay: Stay, *, payer: str, reason: str) -> Stay:
    """Who pays from now on. Raises ValidationError."""
    checks.locked_stay(stay)
    checks.state(stay, *LIVING)
    stay.payer = checks.listed(vocabulary().payers, payer, "payer")
    stay.save()
    note(payer=payer, reason=checks.reason(reason))
    return stay
