"""What indicators put into the search."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q
from django.urls import reverse

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.rooms import SearchHit
from yanglao.steering.indicators.models import Indicator


def find(actor: Actor, text: str, limit: int) -> Iterable[SearchHit]:
    """Indicators by Chinese or English name."""
    named = Indicator.objects.filter(Q(name__contains=text) | Q(name_en__icontains=text))
    for indicator in named.order_by("order", "code")[:limit]:
        yield SearchHit(str(indicator), reverse("indicators:detail", args=[indicator.code]), indicator.unit)
