"""What is done once a day: spells that begin or end, certificates that run out."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from yanglao.kernel import bulk
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.audit.action import action, note
from yanglao.kernel.scope import everything
from yanglao.registers.places.queries import Place
from yanglao.registers.workforce import staffing
from yanglao.registers.workforce.models import Worker
from yanglao.registers.workforce.recording import project_many


@action("workforce.roll", right="workforce.edit", at=lambda a: ())
def roll(actor: Actor, *, on: dt.date | None = None) -> int:
    """Bring every file's projection and the list of missing certificates to a day (today). Returns how many changed."""
    day = on or timezone.localdate()
    ids = list(Worker._base_manager.order_by("pk").values_list("pk", flat=True))
    changed = sum(project_many(chunk, day) for chunk in bulk.in_chunks(ids, 500))
    with everything("the ratio of every home"):
        homes = list(Place.objects.order_by("pk").values_list("pk", flat=True))
    note(day=day.isoformat(), changed=changed, homes=staffing.refresh(homes, day))
    return changed
