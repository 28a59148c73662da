"""Operation contracts: added, ended early, withdrawn; assets handed over; yearly assessments."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.audit.action import action, note
from yanglao.kernel.scope import everything
from yanglao.registers.places import checks
from yanglao.registers.places.models import Contract, ContractAsset, ContractReview, Operator, Place
from yanglao.registers.places.recording import refresh


@action("places.add_contract", right="places.manage")
def add_contract(
    actor: Actor,
    place: Place,
    *,
    operator: Operator,
    owner_name: str,
    starts_on: dt.date,
    ends_on: dt.date,
    source: str,
    **other: Any,
) -> Contract:
    """Enter a contract; both days are included. `other`: number, mode, signed_on, yearly_fee, deposit (fen), premises,
    terms. Raises ValidationError when another contract of the place stands on one of its days."""
    if ends_on < starts_on:
        raise ValidationError({"ends_on": _("截止日期早于开始日期：请核对合同。")})
    refresh(place)
    _free(place, starts_on, ends_on)
    made = Contract.objects.create(
        place=place,
        operator=operator,
        owner_name=checks.name(owner_name, "owner_name"),
        starts_on=starts_on,
        ends_on=ends_on,
        agreed_end=ends_on,
        source=checks.source(source),
        **other,
    )
    if starts_on <= timezone.localdate() <= ends_on and place.operator_id != operator.pk:
        place.operator = operator
        place.save()
    return made


def _free(place: Place, first: dt.date, last: dt.date) -> None:
    with everything("the contracts of a place an action holds"):
        other = (
            Contract.objects.filter(place=place, withdrawn_at=None, starts_on__lte=last, ends_on__gte=first)
            .order_by("starts_on")
            .first()
        )
    if other is not None:
        raise ValidationError(
            {
                "starts_on": _("与%(from)s至%(to)s的合同重叠：请先登记那份合同提前终止，或改正日期。")
                % {"from": other.starts_on, "to": other.ends_on}
            }
        )


@action("places.end_contract", right="places.manage")
def end_contract(actor: Actor, contract: Contract, *, on: dt.date, reason: str) -> Contract:
    """The contract ends early: `on` is its last day. Raises ValidationError."""
    read = checks.reason(reason, most=200)
    _stands(contract)
    if not contract.starts_on <= on < contract.agreed_end:
        raise ValidationError({"on": _("提前终止的日期应在合同期内。")})
    contract.ends_on, contract.end_reason = on, read
    contract.save()
    note(reason=read)
    return contract


@action("places.withdraw_contract", right="places.manage")
def withdraw_contract(actor: Actor, contract: Contract, *, reason: str) -> Contract:
    """The entry was wrong: the contract counts no longer."""
    read = checks.reason(reason)
    _stands(contract)
    contract.withdrawn_at = timezone.now()
    contract.save()
    note(reason=read)
    return contract


def _stands(contract: Contract) -> None:
    refresh(contract.place)
    contract.refresh_from_db()
    if contract.withdrawn_at is not None:
        raise ValidationError(_("这份合同已作废。"))


@action("places.hand_over", right="places.manage")
def hand_over(
    actor: Actor, contract: Contract, *, name: str, quantity: int = 1, value: int = 0, condition: str = ""
) -> ContractAsset:
    """An asset handed to the operator; `value` in fen."""
    return ContractAsset.objects.create(
        contract=contract, name=checks.name(name), quantity=quantity, value=value, condition=condition
    )


@action("places.remove_asset", right="places.manage")
def remove_asset(actor: Actor, asset: ContractAsset, *, reason: str) -> None:
    """Take an asset off the list: given back, or entered by mistake."""
    note(reason=checks.reason(reason), name=asset.name, value=asset.value)
    asset.delete()


@action("places.review_contract", right="places.manage")
def review_contract(
    actor: Actor,
    contract: Contract,
    *,
    year: int,
    result: str,
    reviewed_on: dt.date,
    score: int | None = None,
    note_text: str = "",
) -> ContractReview:
    """The assessment of a year; said again it replaces the former. Raises ValidationError."""
    if not contract.starts_on.year <= year <= contract.agreed_end.year:
        raise ValidationError({"year": _("考核年度不在合同期内。")})
    if result not in ContractReview.Result.values:
        raise ValidationError({"result": _("不在可选范围内：请从列表中选择。")})
    made, _new = ContractReview.objects.update_or_create(
        contract=contract,
        year=year,
        defaults={"result": result, "reviewed_on": reviewed_on, "score": score, "note": note_text},
    )
    return made
