"""`{% who_looked record %}`: who looked at a record's personal data and who changed it."""

from __future__ import annotations

from typing import Any

from django import template
from django.db.models import Model

from yanglao.kernel.audit.queries import history
from yanglao.shell.trail import verb_label

register = template.Library()


@register.inclusion_tag("shell/parts/who_looked.html")
def who_looked(record: Model, *verbs: str) -> dict[str, Any]:
    """The last 50 entries about the record, of these verbs if any are named. The page has checked who sees it."""
    entries = history(record._meta.label_lower, record.pk, verbs=verbs)
    return {"entries": [(e, verb_label(e.verb), e.notes.get("purpose", "")) for e in entries]}
