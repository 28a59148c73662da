"""Forms that change a place's file. Each needs its right at the place, also to be opened."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.registers.places import actions, forms, queries
from yanglao.registers.places.actions.facts import counts_at_once
from yanglao.registers.places.kinds import FACT_GROUPS, FactKind, facts
from yanglao.registers.places.models import Membership, Place, PlaceFact, Premises, Price, Report
from yanglao.registers.places.recording import Contents
from yanglao.registers.places.showing import contents_text, line
from yanglao.shell.pages import Crumb, FormPage, PageView


class AddPlace(FormPage):
    right = "places.manage"
    title = gettext_lazy("登记机构设施")
    lead = gettext_lazy("一个机构设施一份档案；同一运营方的各个站点分别登记。")
    form_class = forms.AddForm
    submit = gettext_lazy("登记")
    done = gettext_lazy("已登记。")

    def crumbs(self) -> tuple[Crumb, ...]:
        return (Crumb(_("机构设施"), reverse("places:list")), Crumb(_("登记机构设施")))

    def perform(self, data: dict[str, Any]) -> Place:
        said = {}
        if ownership := data.pop("ownership"):
            said["ownership"] = Contents(ownership)
        for kind in ("approved_beds", "nursing_beds"):
            if (amount := data.pop(kind)) is not None:
                said[kind] = Contents(amount=amount)
        return actions.add(self.actor, facts=said, **data)

    def done_url(self, result: Place) -> str:
        return result.get_absolute_url()


class OfPlace(FormPage):
    """A form about one place, found by `find`."""

    right = "places.edit"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self._record: Any = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.actor.can(self.right):
            self.actor.require(self.right, self.place)
        return super().dispatch(request, *args, **kwargs)

    def find(self) -> Any:
        return get_object_or_404(Place, pk=self.kwargs["pk"])

    @property
    def record(self) -> Any:
        if self._record is None:
            self._record = self.find()
        return self._record

    @property
    def place(self) -> Place:
        return self.record if isinstance(self.record, Place) else self.record.place

    def crumbs(self) -> tuple[Crumb, ...]:
        return (
            Crumb(_("机构设施"), reverse("places:list")),
            Crumb(self.place.name, self.place.get_absolute_url()),
            Crumb(self.page_title()),
        )

    def done_url(self, result: Any) -> str:
        return self.place.get_absolute_url()


class Correct(OfPlace):
    title = gettext_lazy("更正基本情况")
    lead = gettext_lazy("换了区划的请用“变更所在区划”。更正会留下审计记录。")
    form_class = forms.CorrectForm

    FIELDS: ClassVar[tuple[str, ...]] = (
        "name", "kind", "operator", "organisation", "uscc", "tier", "address", "longitude", "latitude", "phone",
        "contact", "hours", "intro", "note",
    )  # fmt: skip

    def form_arguments(self) -> dict[str, Any]:
        return {"manages": self.actor.can("places.manage", self.place)}

    def initial(self) -> dict[str, Any]:
        return {name: getattr(self.place, name) for name in self.FIELDS}

    def perform(self, data: dict[str, Any]) -> Any:
        if not data["contact_phone"]:
            del data["contact_phone"]
        return actions.correct(self.actor, self.place, **data)


class Relocate(OfPlace):
    right = "places.manage"
    title = gettext_lazy("变更所在区划")
    form_class = forms.RelocateForm

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.relocate(self.actor, self.place, **data)


TURNS = {
    "open": (gettext_lazy("登记启用"), gettext_lazy("从这一天起运营。")),
    "suspend": (
        gettext_lazy("暂停运营"),
        gettext_lazy("从这一天起暂停；暂停或者终止服务应提前告知老年人并妥善安置。"),
    ),
    "resume": (gettext_lazy("恢复运营"), gettext_lazy("从这一天起恢复运营。")),
    "close": (gettext_lazy("停止运营"), gettext_lazy("从这一天起不再运营。档案和历史都保留。")),
}


class Turn(OfPlace):
    """A turn in the life of a place: opened, suspended, resumed, closed."""

    right = "places.manage"
    form_class = forms.TurnForm

    @property
    def turn(self) -> str:
        if self.kwargs["turn"] not in TURNS:
            raise Http404("no such turn")
        return str(self.kwargs["turn"])

    def page_title(self) -> Any:
        return TURNS[self.turn][0]

    def form_context(self, form: Any) -> dict[str, Any]:
        danger = _("停止运营后，这里不再出现在公众查询中。") if self.turn == "close" else ""
        return {**super().form_context(form), "lead": TURNS[self.turn][1], "danger": danger}

    def perform(self, data: dict[str, Any]) -> Any:
        on, why = data["on"], data["reason"]
        if self.turn in ("open", "resume"):
            turn = actions.open_place if self.turn == "open" else actions.resume
            return turn(self.actor, self.place, on=on, source=why)
        turn_off = actions.suspend if self.turn == "suspend" else actions.close
        return turn_off(self.actor, self.place, on=on, reason=why)


class Delete(OfPlace):
    right = "places.manage"
    title = gettext_lazy("删除误登的档案")
    lead = gettext_lazy("只能删除一天之内误登、还没有后续登记的档案；停办的请登记“停止运营”。")
    form_class = forms.ReasonForm
    danger = gettext_lazy("档案将被删除，不能恢复。")
    submit = gettext_lazy("删除档案")
    done = gettext_lazy("已删除。")

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.withdraw_place(self.actor, self.place, **data)

    def done_url(self, result: Any) -> str:
        return reverse("places:list")


class ChooseFact(PageView):
    """Which fact is to be recorded."""

    right = "places.edit"
    title = gettext_lazy("登记情况")
    template = "places/facts.html"

    def crumbs(self) -> tuple[Crumb, ...]:
        place = get_object_or_404(Place, pk=self.kwargs["pk"])
        back = Crumb(place.name, place.get_absolute_url())
        return (Crumb(_("机构设施"), reverse("places:list")), back, Crumb(_("登记情况")))

    def context(self) -> dict[str, Any]:
        place = get_object_or_404(Place, pk=self.kwargs["pk"])
        self.actor.require(self.right, place)
        now: dict[str, list[str]] = {}
        for row in queries.facts_on(place, queries.today()):
            now.setdefault(row.kind, []).append(contents_text(row))
        groups = [
            (label, [(f, "、".join(now.get(f.fact, []))) for f in recordable().values() if f.group == name])
            for name, label in FACT_GROUPS.items()
        ]
        officer = self.actor.can("places.confirm", place)
        return {"place": place, "groups": [g for g in groups if g[1]], "officer": officer}


def recordable() -> dict[str, FactKind]:
    """All kinds of facts but the course of life, which has its own ways."""
    return {name: kind for name, kind in facts().items() if name != "state"}


class Record(OfPlace):
    title = gettext_lazy("登记情况")
    form_class = forms.FactForm
    done = gettext_lazy("已登记。原有记录保留，可按日期查询。")

    @property
    def kind(self) -> FactKind:
        if self.kwargs["kind"] not in recordable():
            raise Http404("no such fact to record")
        return recordable()[self.kwargs["kind"]]

    def page_title(self) -> Any:
        return _("登记：%(kind)s") % {"kind": self.kind}

    def form_arguments(self) -> dict[str, Any]:
        return {"kind": self.kind}

    def form_context(self, form: Any) -> dict[str, Any]:
        waits = not counts_at_once(self.actor, self.place, self.kind.fact)
        lead = _("由您上报，经区县民政确认后计入统计和公示。") if waits else ""
        return {**super().form_context(form), "lead": lead}

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.record(self.actor, self.place, kind=self.kind.fact, **data)


class OfFact(OfPlace):
    def find(self) -> PlaceFact:
        return get_object_or_404(
            PlaceFact.objects.select_related("place"), pk=self.kwargs["pk"], replaced_at=None
        )

    def form_context(self, form: Any) -> dict[str, Any]:
        one = line(self.record, queries.today())
        return {**super().form_context(form), "lead": f"{one.label}：{one.text}"}


class EndFact(OfFact):
    title = gettext_lazy("不再具备")
    form_class = forms.EndFactForm

    def perform(self, data: dict[str, Any]) -> Any:
        row: PlaceFact = self.record
        return actions.end_fact(self.actor, row.place, kind=row.kind, value=row.value, **data)


class WithdrawFact(OfFact):
    right = "places.confirm"
    title = gettext_lazy("撤回")
    form_class = forms.ReasonForm
    done = gettext_lazy("已撤回。")

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.withdraw_fact(self.actor, self.record, **data)


class Settle(OfPlace):
    """What a place reported: confirmed or refused; one that is settled is shown as it was."""

    right = "places.confirm"
    title = gettext_lazy("处理上报")
    form_class = forms.SettleForm
    template = "places/settle.html"

    def find(self) -> Report:
        return get_object_or_404(Report.objects.select_related("place"), pk=self.kwargs["pk"])

    def form_context(self, form: Any) -> dict[str, Any]:
        report: Report = self.record
        now = [
            contents_text(r) for r in queries.facts_on(report.place, queries.today()) if r.kind == report.kind
        ]
        return {
            **super().form_context(form),
            "report": report,
            "said": line(report, queries.today()),
            "now": "、".join(now),
        }

    def perform(self, data: dict[str, Any]) -> Any:
        if data["accept"]:
            return actions.confirm(self.actor, self.record)
        return actions.refuse(self.actor, self.record, reason=data["reason"])

    def done_url(self, result: Any) -> str:
        return reverse("places:reports")


class SetPrice(OfPlace):
    title = gettext_lazy("登记收费")
    lead = gettext_lazy("按公示的最低、最高价登记。同一项目的旧价自动截止，保留在历史中。")
    form_class = forms.PriceForm

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.set_price(self.actor, self.place, **data)


class OfPrice(OfPlace):
    def find(self) -> Price:
        return get_object_or_404(Price.objects.select_related("place"), pk=self.kwargs["pk"])

    def done_url(self, result: Any) -> str:
        return reverse("places:prices", args=[self.place.pk])


class EndPrice(OfPrice):
    title = gettext_lazy("停止执行")
    form_class = forms.EndPriceForm

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.end_price(self.actor, self.record, **data)


class WithdrawPrice(OfPrice):
    title = gettext_lazy("作废价格")
    lead = gettext_lazy("登错的价格作废后不再执行，但保留记录；原来的价格恢复执行。")
    form_class = forms.ReasonForm

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.withdraw_price(self.actor, self.record, **data)


class AddPremises(OfPlace):
    title = gettext_lazy("登记服务场所")
    form_class = forms.PremisesForm

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.add_premises(self.actor, self.place, **data)


class LeavePremises(OfPlace):
    title = gettext_lazy("停止使用场所")
    form_class = forms.LeaveForm

    def find(self) -> Premises:
        return get_object_or_404(Premises.objects.select_related("place"), pk=self.kwargs["pk"])

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.leave_premises(self.actor, self.record, **data)


class Join(OfPlace):
    right = "places.manage"
    title = gettext_lazy("增加成员")
    lead = gettext_lazy("康养联合体的成员是登记在册的养老机构、居家养老服务中心和医疗卫生机构。")
    form_class = forms.MemberForm

    def form_arguments(self) -> dict[str, Any]:
        return {"union": self.place}

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.join(self.actor, self.place, **data)


class Leave(OfPlace):
    right = "places.manage"
    title = gettext_lazy("退出联合体")
    form_class = forms.LeaveForm

    def find(self) -> Membership:
        return get_object_or_404(Membership.objects.select_related("place"), pk=self.kwargs["pk"])

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.leave(self.actor, self.record, **data)
