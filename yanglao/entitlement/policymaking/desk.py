"""What waits on the desk, and the way from a person's page to his letter."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from yanglao.entitlement.policymaking.models import Draft
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.rooms import DeskItem


def waiting(actor: Actor) -> Iterable[DeskItem]:
    """One query each, and only for those who hold the right."""
    url = reverse("policymaking:home")
    if actor.can("policymaking.publish"):
        count = Draft.objects.filter(state=Draft.State.SUBMITTED).exclude(author_id=actor.user_id).count()
        if count:
            yield DeskItem(_("待发布的政策"), url, count)
    if actor.can("policymaking.draft"):
        back = (
            Draft.objects.filter(state=Draft.State.OPEN, author_id=actor.user_id).exclude(answer="").count()
        )
        if back:
            yield DeskItem(_("退回的政策草稿"), url, back)


def panel(actor: Actor, person_id: int, as_of: date) -> dict[str, str]:
    """The address of the person's explanation for the month that is looked at."""
    return {"url": f"{reverse('policymaking:why', args=[person_id])}?month={as_of:%Y-%m}"}
