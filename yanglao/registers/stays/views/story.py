"""One stay on one page, and reading a resident's personal data."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from yanglao.registers.stays import actions, queries
from yanglao.registers.stays.models import Stay
from yanglao.registers.stays.views.base import map_url
from yanglao.shell.pages import Crumb, PageView, page
from yanglao.shell.pages.revealing import SealedLine, revealed

SEALED = (
    ("id_number", gettext_lazy("公民身份号码")),
    ("phone", gettext_lazy("联系电话")),
    ("address", gettext_lazy("居住地址")),
    ("hukou_address", gettext_lazy("户籍地址")),
)
PURPOSES = (
    gettext_lazy("核对身份"),
    gettext_lazy("联系家属"),
    gettext_lazy("签订合同"),
    gettext_lazy("就医"),
    gettext_lazy("报送材料"),
)
STEPS = ("applied", "waiting", "reserved", "admitted", "discharged")


class StayPage(PageView):
    """The story of a stay."""

    right = "stays.view"
    template = "stays/stay.html"

    def stay(self) -> Stay:
        if not hasattr(self, "_stay"):
            found = Stay.objects.select_related("person", "place", "bed__room", "former__place")
            self._stay = get_object_or_404(found, pk=self.kwargs["pk"])
        return self._stay

    def page_title(self) -> Any:
        return self.stay().person.name

    def crumbs(self) -> tuple[Crumb, ...]:
        stay = self.stay()
        return (
            Crumb(_("床位与入住"), reverse("stays:occupancy")),
            Crumb(str(stay.place), map_url(stay.place_id)),
        )

    def context(self) -> dict[str, Any]:
        stay, today = self.stay(), timezone.localdate()
        fees = list(stay.fees.order_by("item", "-valid_from"))
        contracts = list(stay.contracts.order_by("-starts_on", "-pk"))
        leaves = list(stay.leaves.order_by("-since", "-pk"))
        return {
            "stay": stay,
            "person": stay.person,
            "age": stay.person.age(today),
            "today": today,
            "steps": self._steps(stay),
            "sealed": [SealedLine(label, field, str(getattr(stay.person, field))) for field, label in SEALED],
            "purposes": PURPOSES,
            "reveal_url": reverse("stays:reveal", args=(stay.pk,)),
            "fees": fees,
            "fee_sum": sum(f.amount for f in fees if f.valid_to is None),
            "contracts": [(c, self._too_much(c, fees)) for c in contracts],
            "levels": list(stay.levels.order_by("-valid_from")),
            "leaves": leaves,
            "away": next((leave for leave in leaves if leave.until is None), None),
            "offers": list(stay.offers.select_related("bed__room").order_by("-offered_on", "-pk")),
            "beds": list(stay.occupancies.select_related("bed__room").order_by("-since", "-pk")),
            "may_admit": self.actor.can("stays.admit", stay),
            "may_reveal": self.actor.can("stays.reveal", stay),
            "may_open": self.actor.can("people.view", stay.person),
        }

    def _steps(self, stay: Stay) -> list[tuple[Any, bool, bool]]:
        """(label, done, now) of each step on the way."""
        names = dict(Stay.State.choices)
        way = STEPS if stay.waits else tuple(s for s in STEPS if s not in ("waiting", "reserved"))
        at = way.index(stay.state) if stay.state in way else 0
        return [(names[step], i < at, i == at) for i, step in enumerate(way)]

    def _too_much(self, contract: Any, fees: list[Any]) -> int | None:
        bed = next((f.amount for f in fees if f.item == "bed" and f.valid_to is None), 0)
        return queries.unpaid_bounds(contract, bed)


@never_cache
@require_POST
@page(right="stays.reveal")
def reveal(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A resident's personal field in clear. Never cached, never in an address."""
    stay = get_object_or_404(Stay.objects.select_related("person"), pk=pk)
    actor = request.actor  # type: ignore[attr-defined]
    return revealed(
        request,
        lambda field, purpose: actions.reveal(actor, stay, field=field, purpose=purpose),
        title=stay.person.name,
        back=stay.get_absolute_url(),
        fields="|".join(field for field, _label in SEALED),
    )
