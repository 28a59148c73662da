"""Assessors and experts: appointed, left."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.audit.action import action, note
from yanglao.registers.workforce import checks, kinds
from yanglao.registers.workforce.models import Certificate, PoolMember, Worker


@action("workforce.appoint", right="workforce.verify", at=lambda a: (a["area"],))
def appoint(
    actor: Actor,
    worker: Worker,
    *,
    pool: str,
    field: str,
    area: int,
    valid_from: dt.date,
    valid_to: dt.date | None = None,
    document: str = "",
) -> PoolMember:
    """Take a worker into a pool, for a field, over a division. Raises ValidationError.

    An assessor needs a certificate as such that holds on `valid_from`.
    """
    checks.division(area, "area")
    if field not in kinds.fields():
        raise ValidationError({"field": _("没有这个专业领域：请从列表中选择。")})
    if valid_to is not None and valid_to < valid_from:
        raise ValidationError({"valid_to": _("聘期早于聘任日期：请核对两个日期。")})
    if pool == PoolMember.Pool.ASSESSOR and not _qualified(worker, valid_from):
        raise ValidationError(
            {"pool": _("没有在有效期内的能力评估证书：请先在他的档案中登记证书，再聘为能力评估员。")}
        )
    if PoolMember._base_manager.filter(
        worker=worker, pool=pool, field=field, area=area, left_on=None
    ).exists():
        raise ValidationError({"field": _("他已在这个人才库中。")})
    return PoolMember.objects.create(
        worker=worker,
        pool=pool,
        field=field,
        area_id=area,
        valid_from=valid_from,
        valid_to=valid_to,
        document=document.strip(),
    )


def _qualified(worker: Worker, day: dt.date) -> bool:
    rows = Certificate._base_manager.filter(
        worker=worker, kind__in=("assessor", "assessor_training"), replaced_at=None
    )
    return any(row.good_on(day) for row in rows.order_by("pk"))


@action("workforce.leave_pool", right="workforce.verify", at=lambda a: (a["member"].area_id,))
def leave_pool(actor: Actor, member: PoolMember, *, on: dt.date, reason: str) -> PoolMember:
    """He is no longer called upon from a day on. Raises ValidationError."""
    said = checks.reason(reason)
    if on < member.valid_from:
        raise ValidationError({"on": _("退出日期早于聘任日期：请核对。")})
    member.left_on, member.left_why = on, said
    member.save(update_fields=["left_on", "left_why"])
    note(reason=said)
    return member
