"""What the pages of payments share."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from yanglao.entitlement.payments import queries
from yanglao.entitlement.payments.formats import formats_for
from yanglao.entitlement.payments.models import Payment, PayOrder
from yanglao.shell.pages import Crumb, PageView

TONES = {
    "ready": "info",
    "sent": "info",
    "paid": "good",
    "failed": "bad",
    "corrected": "warn",
    "withheld": "warn",
}
LABELS = dict(Payment.State.choices)


def month_text(month: int) -> str:
    return _("%(year)s年%(month)s月") % {"year": month // 100, "month": month % 100}


def format_words(order: PayOrder, name: str) -> str:
    """A file format by its title; one that is no longer in the folders by its name."""
    known = formats_for(order.division_id).get(name)
    return known.name if known else name


class OfOrder(PageView):
    """A page about one order that concerns the one who looks; found by its run."""

    right = "payments.view"

    @cached_property
    def order(self) -> PayOrder:
        return get_object_or_404(queries.by_key(self.actor, self.kwargs["run"]))

    def crumbs(self) -> tuple[Crumb, ...]:
        return (
            Crumb(_("发放"), reverse("payments:orders")),
            Crumb(self.order.name, reverse("payments:order", args=[self.order.key])),
        )

    def done_url(self, result: Any) -> str:
        return reverse("payments:order", args=[self.order.key])
