"""Operators 运营方: entered, corrected, their sealed telephone read."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.accounts.models import Organisation
from yanglao.kernel.audit.action import action, note
from yanglao.registers.people.rules import names
from yanglao.registers.places import checks
from yanglao.registers.places.kinds import facts
from yanglao.registers.places.models import Operator, Place


def _details(other: dict[str, Any]) -> dict[str, Any]:
    known = {"legal_representative", "phone", "nature", "address", "registered_on", "note"}
    if unknown := other.keys() - known:
        raise TypeError(f"unknown: {', '.join(sorted(unknown))}")
    read = {key: value.strip() if isinstance(value, str) else value for key, value in other.items()}
    if "phone" in read:
        read["phone"] = checks.private_phone(read["phone"] or "", "phone")
    if read.get("nature") and read["nature"] not in facts()["nature"].values:
        raise ValidationError({"nature": _("不在可选范围内：请从列表中选择。")})
    return read


@action("places.add_operator", right="places.manage", at=lambda a: (a["division"],))
def add_operator(
    actor: Actor,
    *,
    name: str,
    division: int,
    source: str,
    uscc: str = "",
    organisation: Organisation | None = None,
    **other: Any,
) -> Operator:
    """Enter an operator. `other`: legal_representative, phone (of him; sealed), nature, address, registered_on, note."""
    read, code = checks.name(name), checks.uscc(uscc)
    checks.division(division)
    checks.no_double_operator(read, division, code)
    return Operator.objects.create(
        name=read,
        pinyin=names.pinyin(read),
        uscc=code or None,
        division_id=division,
        organisation=organisation,
        source=checks.source(source),
        **_details(other),
    )


@action("places.correct_operator", right="places.manage")
def correct_operator(actor: Actor, operator: Operator, *, reason: str, **other: Any) -> Operator:
    """Correct an operator's file; what is not given stays."""
    checks.reason(reason)
    if "name" in other or "uscc" in other:
        name = checks.name(other.pop("name", operator.name))
        code = checks.uscc(other.pop("uscc", operator.uscc or ""))
        checks.no_double_operator(name, operator.division_id, code, besides=operator.pk)
        operator.name, operator.pinyin, operator.uscc = name, names.pinyin(name), code or None
    for field, value in _details(other).items():
        setattr(operator, field, value)
    operator.save()
    note(reason=reason, fields=sorted(other))
    return operator


@action("places.reveal", right="places.reveal")
def reveal(actor: Actor, record: Place | Operator, *, purpose: str) -> str:
    """The sealed telephone of a place's contact or an operator's legal representative; the reading is recorded."""
    note(purpose=checks.reason(purpose, "purpose", 60))
    sealed = record.phone if isinstance(record, Operator) else record.contact_phone
    return str(sealed.reveal()) if sealed else ""


@action("places.export", right="places.export", at=lambda a: ())
def export(actor: Actor, *, sheet: str, rows: int) -> None:
    """Record that a workbook of the register left the house."""
    note(sheet=sheet, rows=rows)
