"""The stock 存量: those entitled who do not receive, turned into proposals in portions a worker can do."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.entitlement.proposals import many, occasions, queries
from yanglao.entitlement.proposals.forms import StockForm
from yanglao.entitlement.proposals.views import PLAN, home
from yanglao.kernel.scope import Level, level_of
from yanglao.shell.pages import Crumb, PageView
from yanglao.shell.pages.form import tell


class StockPage(PageView):
    """What is left of every item and place, and what the next portion would be; one button makes it."""

    right = PLAN
    title = gettext_lazy("清单存量")
    template = "proposals/stock.html"

    def crumbs(self) -> tuple[Crumb, ...]:
        return (home(),)

    @cached_property
    def form(self) -> StockForm:
        """As asked for in the address; the account's own division and the usual portion when nothing was asked."""
        spans = self.actor.spans(PLAN)
        usual = {
            "division": str(self.actor.division or (spans[0].lo if spans else "")),
            "each": str(occasions.rules().portion),
        }
        asked = self.request.POST if self.request.method == "POST" else self.request.GET
        return StockForm(usual | {name: value for name, value in asked.items() if value})

    def context(self) -> dict[str, Any]:
        shown: dict[str, Any] = {"form": self.form}
        if not self.form.is_valid():
            return shown
        data = self.form.cleaned_data
        division, item, each = data["division"], data["item"], data["each"]
        if level_of(division) < Level.COUNTY:  # of a million persons last night's figures tell, see the lists
            return shown | data | {"too_wide": True, "below": queries.below(division)}
        found, next_up = queries.heaps(division, item), queries.portion(division, item, each)
        return shown | {
            "division": division,
            "item": item,
            "each": each,
            "piles": queries.piles(division),
            "heaps": found,
            "left": sum(one.left for one in found),
            "busy": sum(one.busy for one in found),
            "too_wide": False,
            "may_open": level_of(division) < Level.VILLAGE,
            "persons": len({one.person for one in next_up}),
            "proposals": len(next_up),
            "villages": len({one.place for one in next_up}),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.form.is_valid():
            return self.show(self.context(), status=422)
        data = self.form.cleaned_data
        try:
            made = many.release(self.actor, **data)
        except ValidationError as error:
            tell(self.form, error)
            return self.show(self.context(), status=422)
        messages.success(
            request, _("已提出 %(n)d 条建议，村（社区）和街道的“主动服务”里已经能看到。") % {"n": made}
        )
        item = f"&item={data['item'].pk}" if data["item"] else ""
        return redirect(f"{reverse('proposals:stock')}?division={data['division']}&each={data['each']}{item}")
