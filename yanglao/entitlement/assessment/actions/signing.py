"""Signing with one's own account, and settling two records that differ."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from yanglao.entitlement.assessment import results, taking
from yanglao.entitlement.assessment.models import Assessment, Assessor, Assignment, Signature
from yanglao.entitlement.assessment.taking import Given
from yanglao.kernel.accounts.actor import Actor, Forbidden
from yanglao.kernel.accounts.models import User
from yanglao.kernel.audit.action import action, note
from yanglao.kernel.scope import everything

RIGHT = "assessment.assess"


def _me(assignment: Assignment | None, actor: Actor) -> Assessor:
    me = taking.assessor_of(assignment, actor) if assignment else None
    if me is None:
        raise Forbidden(_("只有这项评估的两名评估员可以签名和核定。"))
    return me


def _proven(actor: Actor, password: str) -> None:
    """The one at the keyboard is the one signed in: his password once more."""
    user = User.objects.filter(pk=actor.user_id).first() if actor.user_id is not None else None
    if user is None or not user.check_password(password):
        raise ValidationError({"password": _("密码不对：签名前须重新输入本人的登录密码。")})


@action("assessment.sign", right=RIGHT)
def sign(actor: Actor, assessment: Assessment, *, password: str) -> str:
    """Sign an assessment the colleague has made, by one's own account and password. Returns what to tell.

    Raises ValidationError for a wrong password, a record that differs and is not settled, or one signed already;
    Forbidden for anybody but its assessors.
    """
    with everything("an assessor's own work"):
        row = Assessment.objects.select_for_update().get(pk=assessment.pk)
        me = _me(row.assignment, actor)
        _proven(actor, password)
        if row.signed_at is not None or row.signatures.filter(assessor=me).exists():
            raise ValidationError(_("您已经签过名。"))
        if row.assignment is not None and row.assignment.state == Assignment.State.CANCELLED:
            raise ValidationError(_("这项评估已取消。"))
        if taking.open_conflicts(row.assignment).exists():
            raise ValidationError(_("这项评估还有不一致的记录，请两人先核定，再签名。"))
        taking.put_signature(row, Given(me.pk), account=actor.user_id, how=Signature.How.ACCOUNT)
        told = taking.finish_if_signed(actor, row)
    note(assessor=me.pk, signed=bool(row.signed_at))
    return told


@action("assessment.settle", right=RIGHT)
def settle(
    actor: Actor,
    assignment: Assignment,
    *,
    answers: Mapping[str, int],
    diagnoses: list[str],
    events: Mapping[str, int],
    password: str,
) -> Assessment:
    """Settle two records that differ: what both came to, item by item. He who settles signs; the other signs next.

    Where the assessment is signed already it stands, and the record that differs is set aside as kept.
    Raises ValidationError for answers that are not whole, a wrong password, or nothing to settle.
    """
    with everything("an assessor's own work"):
        row = Assignment.objects.select_for_update().get(pk=assignment.pk)
        me = _me(row, actor)
        _proven(actor, password)
        waiting = taking.open_conflicts(row)
        if not waiting.exists():
            raise ValidationError(_("没有需要核定的记录。"))
        stands = Assessment.objects.select_for_update().get(assignment=row)
        if stands.signed_at is None:
            _draft(stands, answers, diagnoses, events)
            taking.put_signature(stands, Given(me.pk), account=actor.user_id, how=Signature.How.ACCOUNT)
        waiting.update(settled_at=timezone.now(), settled_by=actor.name)
        taking.finish_if_signed(actor, stands)
    note(assignment=row.pk, assessor=me.pk)
    return stands


def _draft(
    stands: Assessment, answers: Mapping[str, Any], diagnoses: list[str], events: Mapping[str, Any]
) -> None:
    scale = stands.version.read
    try:
        taking.whole(scale, answers, diagnoses, events)
    except taking.Refused as refused:
        raise ValidationError(str(refused)) from None
    stands.signatures.all().delete()
    stands.answers, stands.diagnoses = dict(answers), sorted(diagnoses)
    stands.events = {k: n for k, n in events.items() if n}
    results.score_into(stands, scale)
    stands.save()
