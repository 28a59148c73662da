"""Withholding a person's payments, and deciding: pay again, stop, or stop and claim back."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from yanglao.entitlement.corrections.events import HoldPlaced, HoldReleased
from yanglao.entitlement.corrections.models import Hold
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.audit.action import action, note
from yanglao.kernel.rooms import publish
from yanglao.kernel.scope import everything


@action("corrections.place_hold", right="corrections.decide", at=lambda a: (a["division"],))
def place_hold(
    actor: Actor,
    *,
    person_id: int,
    division: int,
    reason: str,
    clue_id: int | None = None,
    fact_on: dt.date | None = None,
    granted_fen: int = 0,
) -> Hold | None:
    """Withhold a person's payments from now on 暂停发放; None when they are withheld already."""
    if not reason.strip():
        raise ValidationError({"reason": _("请写明暂停发放的原因。")})
    try:
        with transaction.atomic():
            hold = Hold.objects.create(
                person_id=person_id,
                division_id=division,
                reason=reason.strip()[:200],
                since=timezone.localdate(),
                clue_id=clue_id,
                fact_on=fact_on,
                granted_fen=granted_fen,
                opened_by=actor.name,
            )
    except IntegrityError:
        return None
    publish(HoldPlaced(person_id, hold.pk))
    return hold


@action("corrections.decide_hold", right="corrections.decide")
def decide_hold(actor: Actor, hold: Hold, *, outcome: str, reason: str) -> Hold:
    """Decide on withheld payments: `released` pays them, `stopped` ends them, `recovered` claims back too.

    What is due or not follows from the facts of his file; this lets go what was withheld, or not.
    Raises ValidationError.
    """
    if outcome not in (Hold.State.RELEASED, Hold.State.STOPPED, Hold.State.RECOVERED):
        raise ValidationError({"outcome": _("请选择处理结果。")})
    if not reason.strip():
        raise ValidationError({"reason": _("请写明理由：怎样核实的、结果如何。")})
    with everything("the hold an action holds"):
        hold = Hold.objects.select_for_update().get(pk=hold.pk)
    if hold.state != Hold.State.OPEN:
        raise ValidationError(_("这条暂停已经处理过：请刷新页面查看。"))
    hold.state, hold.decision = outcome, reason.strip()[:400]
    hold.decided_by, hold.decided_at = actor.name, timezone.now()
    hold.save(update_fields=["state", "decision", "decided_by", "decided_at"])
    if outcome == Hold.State.RELEASED:
        publish(HoldReleased(hold.person_id))
    note(outcome=outcome)
    return hold
