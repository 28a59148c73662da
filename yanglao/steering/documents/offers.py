"""What documents put on people's desks."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.rooms import DeskItem
from yanglao.steering.documents.models import Document


def waiting(actor: Actor) -> Iterable[DeskItem]:
    """Documents whose rows wait to be confirmed."""
    if not actor.can("documents.edit"):
        return
    count = Document.objects.filter(state=Document.State.OPEN).count()
    if count:
        yield DeskItem(_("待确认的政策文件"), reverse("documents:list"), count, order=60)
