"""Claims of two places."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.audit.action import action
from yanglao.registers.people import checks
from yanglao.registers.people.actions.facts import record
from yanglao.registers.people.models import (
    Claim,
)


@action("people.settle_claim", right="people.edit")
def settle_claim(actor: Actor, claim: Claim, *, accept: bool, reason: str) -> None:
    """Settle a claim of another place: accepted, the fact is recorded from its day. Raises ValidationError."""
    checks.reason(reason)
    if claim.settled_at is not None:
        raise ValidationError(_("这条两地报送已经处理过。"))
    claim.settled_at, claim.reason = timezone.now(), reason
    claim.outcome = Claim.Outcome.ACCEPTED if accept else Claim.Outcome.DISMISSED
    claim.save()
    if accept:
        record(
            actor,
            claim.person,
            kind=claim.kind,
            value=str(claim.division_id),
            valid_from=claim.valid_from,
            source=claim.source,
        )
