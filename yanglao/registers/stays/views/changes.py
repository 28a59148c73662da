"""Each step of a stay as a form."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy

from yanglao.registers.stays import actions, forms, queries
from yanglao.registers.stays.models import Bed, Offer
from yanglao.registers.stays.places import open_places
from yanglao.registers.stays.views.base import OfPlace, OfRecord, OfStay
from yanglao.shell.pages import Crumb


def free_for(stay: Any) -> QuerySet[Bed]:
    """Free beds of the stay's own place that take a person of that sex; his own reserved one too."""
    today = timezone.localdate()
    kept = Offer.objects.filter(stay=stay, answer__in=Offer.HOLDS).values_list("bed_id", flat=True)
    free = queries.free_beds(stay.place_id, today, sex=stay.person.sex).values_list("pk", flat=True)
    beds = Bed.objects.filter(pk__in=[*free.order_by(), *kept])
    return beds.select_related("room", "place").order_by(
        "room__building", "room__floor", "room__name", "number"
    )


class Apply(OfPlace):
    """Application; with a day and a bed, admission at once. `?bed=` comes from the bed map."""

    right = "stays.admit"
    title = gettext_lazy("登记入住申请")
    lead = gettext_lazy("先登记申请；当天就住下的，同时填写入住日期、床位和护理等级。")
    form_class = forms.ApplyForm

    def form_arguments(self) -> dict[str, Any]:
        return {"beds": queries.free_beds(self.record.pk, timezone.localdate())}

    def initial(self) -> dict[str, Any]:
        bed = self.request.GET.get("bed", "")
        return {"bed": int(bed), "admit_on": timezone.localdate()} if bed.isdigit() else {}

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.receive(self.actor, self.record, **data)

    def done_url(self, result: Any) -> str:
        return str(result.get_absolute_url())


class Assess(OfStay):
    title = gettext_lazy("登记入住评估")
    form_class = forms.AssessForm

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.assess(self.actor, self.record, **data)


class Wait(OfStay):
    title = gettext_lazy("列入轮候")
    lead = gettext_lazy("按优先依据和申请日期排在轮候名单里；有空床时从名单中依次预留。")
    form_class = forms.NothingForm
    submit = gettext_lazy("列入轮候")

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.wait(self.actor, self.record)


class MakeOffer(OfStay):
    title = gettext_lazy("预留床位")
    form_class = forms.OfferForm

    def form_arguments(self) -> dict[str, Any]:
        return {"beds": free_for(self.record)}

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.offer(self.actor, self.record, **data)


class Answer(OfRecord):
    model = Offer
    right = "stays.admit"
    related = ("stay__person", "stay__place", "bed__room")
    title = gettext_lazy("登记对预留的答复")
    form_class = forms.AnswerForm

    def way_here(self) -> tuple[Crumb, ...]:
        stay = self.record.stay
        return (Crumb(stay.person.name, stay.get_absolute_url()),)

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.answer(self.actor, self.record, **data)

    def done_url(self, result: Any) -> str:
        return str(self.record.stay.get_absolute_url())


class Withdraw(OfStay):
    title = gettext_lazy("撤回申请")
    form_class = forms.ReasonForm
    submit = gettext_lazy("撤回申请")

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.withdraw(self.actor, self.record, **data)


class Admit(OfStay):
    title = gettext_lazy("办理入住")
    lead = gettext_lazy("办理后，老年人档案会登记他住在养老机构；长期托养的，居住地改为机构所在地。")
    form_class = forms.AdmitForm
    submit = gettext_lazy("办理入住")

    def form_arguments(self) -> dict[str, Any]:
        return {"beds": free_for(self.record)}

    def initial(self) -> dict[str, Any]:
        kept = Offer.objects.filter(stay=self.record, answer__in=Offer.HOLDS).first()
        return {"level": self.record.level, "bed": kept.bed_id if kept else None}

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.admit(self.actor, self.record, **data)


class GoAway(OfStay):
    title = gettext_lazy("登记离院")
    lead = gettext_lazy("床位为他保留；回来时登记返院。")
    form_class = forms.GoAwayForm

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.go_away(self.actor, self.record, **data)


class ComeBack(OfStay):
    title = gettext_lazy("登记返院")
    form_class = forms.DayForm

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.come_back(self.actor, self.record, **data)


class Transfer(OfStay):
    title = gettext_lazy("调换床位")
    form_class = forms.TransferForm

    def form_arguments(self) -> dict[str, Any]:
        return {"beds": free_for(self.record)}

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.transfer(self.actor, self.record, **data)


class ToAnother(OfStay):
    """Pages that choose a bed of another home: first the home (`?to=`), then its bed."""

    template = "stays/to_another.html"

    def homes(self) -> QuerySet[Any]:
        return open_places().exclude(pk=self.record.place_id)

    @property
    def to(self) -> int | None:
        asked = self.request.GET.get("to", "")
        return int(asked) if asked.isdigit() else None

    def form_arguments(self) -> dict[str, Any]:
        today = timezone.localdate()
        beds = queries.free_beds(self.to, today, sex=self.person.sex) if self.to else Bed.objects.none()
        return {"beds": beds}

    @property
    def person(self) -> Any:
        return self.record.person

    def form_context(self, form: Any) -> dict[str, Any]:
        return {**super().form_context(form), "homes": self.homes()[:500], "to": self.to}


class MoveHome(ToAnother):
    title = gettext_lazy("转入其他机构")
    lead = gettext_lazy(
        "在两家机构都有办理权限时使用：原机构当天退住，新机构当天入住，护理等级和收费一并带过去。"
    )
    form_class = forms.TransferForm
    danger = gettext_lazy("原机构的入住将结束，新机构另起一份入住记录。")

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.move_home(self.actor, self.record, **data)

    def done_url(self, result: Any) -> str:
        return str(result.get_absolute_url())


class Discharge(OfStay):
    title = gettext_lazy("办理退住")
    form_class = forms.DischargeForm
    submit = gettext_lazy("办理退住")
    danger = gettext_lazy("退住后床位空出，离院、护理等级和收费到这一天为止。")

    def initial(self) -> dict[str, Any]:
        died = self.record.person.death_date
        return {"on": died, "end": "death"} if died else {}

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.discharge(self.actor, self.record, **data)


class SetLevel(OfStay):
    title = gettext_lazy("变更护理等级")
    form_class = forms.LevelForm

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.set_level(self.actor, self.record, **data)


class SetFees(OfStay):
    title = gettext_lazy("变更收费")
    lead = gettext_lazy("留空的项目不变；填 0 的项目从这一天起不再收取。")
    form_class = forms.FeesForm

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.set_fees(self.actor, self.record, **data)


class SetPayer(OfStay):
    title = gettext_lazy("变更费用来源")
    form_class = forms.PayerForm

    def initial(self) -> dict[str, Any]:
        return {"payer": self.record.payer}

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.set_payer(self.actor, self.record, **data)


class AddContract(OfStay):
    title = gettext_lazy("登记服务合同")
    lead = gettext_lazy("续签另登一份，原合同保留。")
    form_class = forms.ContractForm

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.add_contract(self.actor, self.record, **data)
