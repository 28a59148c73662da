"""An operator's page and the forms that change it."""

from __future__ import annotations

from typing import Any

from django.db.models import Sum
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from yanglao.registers.places import actions, forms
from yanglao.registers.places.forms import PURPOSES
from yanglao.registers.places.kinds import facts, kind_label
from yanglao.registers.places.models import Operator
from yanglao.registers.places.views.lists import state_name, state_tone
from yanglao.shell.pages import Crumb, FormPage, PageView, page
from yanglao.shell.pages.revealing import SealedLine, revealed

SITES_SHOWN = 200


class OperatorPage(PageView):
    """One operator: who it is, all its sites, its contracts."""

    right = "places.view"
    template = "places/operator.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self._operator: Operator | None = None

    @property
    def operator(self) -> Operator:
        if self._operator is None:
            self._operator = get_object_or_404(Operator, pk=self.kwargs["pk"])
        return self._operator

    def crumbs(self) -> tuple[Crumb, ...]:
        return (Crumb(_("运营方"), reverse("places:operators")), Crumb(self.operator.name))

    def page_title(self) -> Any:
        return self.operator.name

    def context(self) -> dict[str, Any]:
        operator = self.operator
        sites = operator.places.order_by("division_id", "id")
        contracts = operator.contracts.filter(withdrawn_at=None).select_related("place")
        return {
            "operator": operator,
            "nature": facts()["nature"].name_of(operator.nature),
            "sites": [(s, kind_label(s.kind), state_name(s), state_tone(s)) for s in sites[:SITES_SHOWN]],
            "number": sites.count(),
            "beds": sites.filter(state="open").aggregate(n=Sum("beds"))["n"],
            "contracts": list(contracts.order_by("-ends_on", "id")[:SITES_SHOWN]),
            "may_manage": self.actor.can("places.manage", operator),
            "may_reveal": self.actor.can("places.reveal", operator),
            "purposes": PURPOSES,
            "phone": SealedLine(gettext_lazy("法定代表人电话"), "", str(operator.phone)),
            "reveal_url": reverse("places:reveal_operator", args=(operator.pk,)),
        }


class AddOperator(FormPage):
    right = "places.manage"
    title = gettext_lazy("登记运营方")
    form_class = forms.AddOperatorForm

    def crumbs(self) -> tuple[Crumb, ...]:
        return (Crumb(_("运营方"), reverse("places:operators")), Crumb(_("登记运营方")))

    def perform(self, data: dict[str, Any]) -> Operator:
        return actions.add_operator(self.actor, **data)

    def done_url(self, result: Operator) -> str:
        return result.get_absolute_url()


class CorrectOperator(FormPage):
    right = "places.manage"
    title = gettext_lazy("更正运营方")
    form_class = forms.CorrectOperatorForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.actor.can(self.right):
            self.actor.require(self.right, self.operator())
        return super().dispatch(request, *args, **kwargs)

    def operator(self) -> Operator:
        return get_object_or_404(Operator, pk=self.kwargs["pk"])

    def crumbs(self) -> tuple[Crumb, ...]:
        operator = self.operator()
        back = Crumb(operator.name, operator.get_absolute_url())
        return (Crumb(_("运营方"), reverse("places:operators")), back, Crumb(_("更正")))

    def initial(self) -> dict[str, Any]:
        names = ("name", "uscc", "nature", "legal_representative", "address", "registered_on", "note")
        return {name: getattr(self.operator(), name) for name in names}

    def perform(self, data: dict[str, Any]) -> Operator:
        if not data["phone"]:
            del data["phone"]
        return actions.correct_operator(self.actor, self.operator(), **data)

    def done_url(self, result: Operator) -> str:
        return result.get_absolute_url()


@never_cache
@require_POST
@page(right="places.reveal")
def reveal(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The telephone of the legal representative. Never cached, never in an address."""
    operator = get_object_or_404(Operator, pk=pk)
    actor = request.actor  # type: ignore[attr-defined]
    return revealed(
        request,
        lambda _field, purpose: actions.reveal(actor, operator, purpose=purpose),
        title=gettext_lazy("法定代表人电话"),
        back=operator.get_absolute_url(),
    )
