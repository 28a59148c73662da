"""A contract's page and the forms that change it."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.registers.places import actions, forms, queries
from yanglao.registers.places.models import Contract, ContractAsset
from yanglao.registers.places.rules import CONTRACT_WARN_DAYS, urgency
from yanglao.registers.places.showing import TONES
from yanglao.registers.places.views.changes import OfPlace
from yanglao.shell.pages import Crumb, PageView


class ContractPage(PageView):
    """One contract: parties, term, money, terms, assets, yearly assessments."""

    right = "places.view"
    template = "places/contract.html"

    def contract(self) -> Contract:
        rows = Contract.objects.select_related("place", "operator")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def crumbs(self) -> tuple[Crumb, ...]:
        place = self.contract().place
        back = Crumb(place.name, place.get_absolute_url())
        return (Crumb(_("运营合同"), reverse("places:contracts")), back, Crumb(_("合同")))

    def page_title(self) -> Any:
        return _("%(name)s的运营合同") % {"name": self.contract().place.name}

    def context(self) -> dict[str, Any]:
        contract = self.contract()
        today = queries.today()
        assets = list(contract.assets.order_by("id"))
        return {
            "contract": contract,
            "state": _state(contract),
            "left": contract.days_left(today),
            "assets": assets,
            "worth": sum(a.value for a in assets),
            "reviews": list(contract.reviews.order_by("-year")),
            "may_manage": self.actor.can("places.manage", contract),
            "stands": contract.withdrawn_at is None and contract.ends_on >= today,
        }


def _state(contract: Contract) -> tuple[str, str]:
    today = queries.today()
    if contract.withdrawn_at:
        return _("已作废"), "dull"
    if contract.starts_on > today:
        return _("未开始"), "info"
    if contract.ends_on < today:
        return (
            _("提前终止") if contract.end_reason else _("已到期")
        ), "bad" if not contract.end_reason else "dull"
    tone = TONES.get(urgency(contract.ends_on, today, CONTRACT_WARN_DAYS), "good")
    return _("履行中"), tone


class AddContract(OfPlace):
    right = "places.manage"
    title = gettext_lazy("登记运营合同")
    lead = gettext_lazy("同一天只能有一份合同；续签的从上一份截止的次日开始。")
    form_class = forms.ContractForm

    def initial(self) -> dict[str, Any]:
        return {"operator": self.place.operator_id, "premises": self.place.address}

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.add_contract(self.actor, self.place, **data)

    def done_url(self, result: Contract) -> str:
        return result.get_absolute_url()


class OfContract(OfPlace):
    right = "places.manage"

    def find(self) -> Any:
        return get_object_or_404(Contract.objects.select_related("place"), pk=self.kwargs["pk"])

    def done_url(self, result: Any) -> str:
        return str(self.record.get_absolute_url())


class EndContract(OfContract):
    title = gettext_lazy("提前终止合同")
    form_class = forms.EndContractForm

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.end_contract(self.actor, self.record, **data)


class WithdrawContract(OfContract):
    title = gettext_lazy("作废误登的合同")
    form_class = forms.ReasonForm
    danger = gettext_lazy("作废后这份合同不再计入，记录仍保留。")

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.withdraw_contract(self.actor, self.record, **data)


class AddAsset(OfContract):
    title = gettext_lazy("登记移交资产")
    form_class = forms.AssetForm

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.hand_over(self.actor, self.record, **data)


class RemoveAsset(OfPlace):
    right = "places.manage"
    title = gettext_lazy("移出资产清单")
    form_class = forms.ReasonForm

    def find(self) -> Any:
        return get_object_or_404(
            ContractAsset.objects.select_related("contract__place"), pk=self.kwargs["pk"]
        )

    @property
    def place(self) -> Any:
        return self.record.contract.place

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.remove_asset(self.actor, self.record, **data)

    def done_url(self, result: Any) -> str:
        return str(self.record.contract.get_absolute_url())


class AddReview(OfContract):
    title = gettext_lazy("登记年度考核")
    lead = gettext_lazy("同一年度再次登记，以后一次为准。")
    form_class = forms.ReviewForm

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.review_contract(self.actor, self.record, **data)
