"""Forms that change a file. Each needs the right in one of the person's divisions, also to be opened."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.registers.people import actions, forms, queries
from yanglao.registers.people.kinds import GROUPS, Kind, kinds
from yanglao.registers.people.models import Circumstance, Claim, Person
from yanglao.registers.people.views.person import value_text
from yanglao.shell.pages import Crumb, FormPage, PageView


class AddPerson(FormPage):
    right = "people.edit"
    title = gettext_lazy("新建档案")
    lead = gettext_lazy("一个公民身份号码只有一份档案；已有档案的，请在原档案中登记迁移。")
    form_class = forms.AddForm
    submit = gettext_lazy("建立档案")
    done = gettext_lazy("档案已建立。")

    def crumbs(self) -> tuple[Crumb, ...]:
        return (Crumb(_("老年人"), reverse("people:list")), Crumb(_("新建档案")))

    def perform(self, data: dict[str, Any]) -> Person:
        facts = {kind: data.pop(kind) for kind in ("living", "economic")}
        residence = data.pop("residence") or data["hukou"]
        return actions.add(
            self.actor, residence=residence, facts={k: v for k, v in facts.items() if v}, **data
        )

    def done_url(self, result: Person) -> str:
        return result.get_absolute_url()


class OfPerson(FormPage):
    """A form about one person. `pk` of the address is his."""

    right = "people.edit"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self._person: Person | None = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.actor.can(self.right):
            self.actor.require(self.right, *self.person.scope_codes())
        return super().dispatch(request, *args, **kwargs)

    def find(self) -> Person:
        return get_object_or_404(Person, pk=self.kwargs["pk"])

    @property
    def person(self) -> Person:
        if self._person is None:
            self._person = self.find()
        return self._person

    def crumbs(self) -> tuple[Crumb, ...]:
        return (
            Crumb(_("老年人"), reverse("people:list")),
            Crumb(self.person.name, self.person.get_absolute_url()),
            Crumb(self.page_title()),
        )

    def done_url(self, result: Any) -> str:
        return self.person.get_absolute_url()


class Correct(OfPerson):
    title = gettext_lazy("更正身份和联系方式")
    lead = gettext_lazy("号码、电话和地址留空即保持不变。更正会留下审计记录。")
    form_class = forms.CorrectForm

    def initial(self) -> dict[str, Any]:
        return {f: getattr(self.person, f) for f in ("name", "ethnicity", "note")}

    def perform(self, data: dict[str, Any]) -> Any:
        kept = {k: v for k, v in data.items() if v or k in ("note", "ethnicity")}
        return actions.correct(self.actor, self.person, **kept)


class Record(OfPerson):
    """First the kind, then its value and days."""

    title = gettext_lazy("登记情形")
    form_class = forms.RecordForm
    done = gettext_lazy("已登记。原有记录保留，可按日期查询。")

    @property
    def kind(self) -> Kind:
        return _recordable()[self.kwargs["kind"]] if self.kwargs["kind"] in _recordable() else _none()

    def page_title(self) -> Any:
        return _("登记：%(kind)s") % {"kind": self.kind}

    def form_arguments(self) -> dict[str, Any]:
        return {"kind": self.kind}

    def perform(self, data: dict[str, Any]) -> Any:
        data["value"] = str(data["value"])
        return actions.record(self.actor, self.person, kind=self.kind.kind, **data)


def _none() -> Kind:
    from django.http import Http404

    raise Http404("no such kind to record")


def _recordable() -> dict[str, Kind]:
    return {name: kind for name, kind in kinds().items() if name not in ("hukou", "residence", "dead")}


class ChooseKind(PageView):
    """Which kind of fact is to be recorded."""

    right = "people.edit"
    title = gettext_lazy("登记情形")
    template = "people/kinds.html"

    def crumbs(self) -> tuple[Crumb, ...]:
        person = get_object_or_404(Person, pk=self.kwargs["pk"])
        return (
            Crumb(_("老年人"), reverse("people:list")),
            Crumb(person.name, person.get_absolute_url()),
            Crumb(_("登记情形")),
        )

    def context(self) -> dict[str, Any]:
        person = get_object_or_404(Person, pk=self.kwargs["pk"])
        self.actor.require(self.right, *person.scope_codes())
        now = {r.kind: value_text(r) for r in queries.facts_on(person, queries.today())}
        groups = [
            (label, [(k, now.get(k.kind, "")) for k in _recordable().values() if k.group == group])
            for group, label in GROUPS.items()
        ]
        return {"person": person, "groups": [(label, found) for label, found in groups if found]}


class OfFact(OfPerson):
    """A form about one row of knowledge; `pk` of the address is the row's."""

    @property
    def row(self) -> Circumstance:
        if not hasattr(self, "_row"):
            self._row = get_object_or_404(Circumstance.objects.select_related("person"), pk=self.kwargs["pk"])
        return self._row

    def find(self) -> Person:
        return self.row.person

    @property
    def kind(self) -> Kind:
        return kinds()[self.row.kind]

    @property
    def said(self) -> str:
        return f"{self.kind}：{value_text(self.row)}"


class Amend(OfFact):
    title = gettext_lazy("更正情形")
    form_class = forms.AmendForm
    done = gettext_lazy("已更正。更正前的记录保留，可按“当时所知”查询。")

    def page_title(self) -> Any:
        return _("更正：%(said)s") % {"said": self.said}

    def form_arguments(self) -> dict[str, Any]:
        return {"kind": self.kind}

    def initial(self) -> dict[str, Any]:
        shown = ("valid_from", "valid_to") if self.kind.is_sealed else ("value", "valid_from", "valid_to")
        found = {f: getattr(self.row, f) for f in shown}
        if self.kind.form == "number":
            found["value"] = int(found["value"])  # the field shows hundredths as a number
        return found

    def perform(self, data: dict[str, Any]) -> Any:
        data["value"] = str(data["value"])
        return actions.amend(self.actor, self.row, **data)


class End(OfFact):
    title = gettext_lazy("结束情形")
    form_class = forms.EndForm
    submit = gettext_lazy("登记结束")

    def page_title(self) -> Any:
        return _("结束：%(said)s") % {"said": self.said}

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.end(self.actor, self.person, kind=self.row.kind, value=self.row.value, **data)


class Withdraw(OfFact):
    title = gettext_lazy("撤回记录")
    lead = gettext_lazy("这条记录从来不对，而且不知道对的是什么时才撤回；知道对的内容请用“更正”。")
    form_class = forms.ReasonForm
    submit = gettext_lazy("撤回")
    danger = gettext_lazy("撤回后，这段日子的这项情形将视为不明。")

    def page_title(self) -> Any:
        return _("撤回：%(said)s") % {"said": self.said}

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.withdraw(self.actor, self.row, **data)


class Move(OfPerson):
    title = gettext_lazy("登记迁移")
    lead = gettext_lazy("户籍地管发放，居住地管服务；两地的工作人员都能看到这份档案。")
    form_class = forms.MoveForm
    done = gettext_lazy("迁移已登记。")

    def perform(self, data: dict[str, Any]) -> Any:
        data["address"] = data["address"] or None
        return actions.move(self.actor, self.person, **data)

    def done_url(self, result: Any) -> str:
        """He may have moved out of sight."""
        seen = Person.objects.filter(pk=self.person.pk).exists()
        return self.person.get_absolute_url() if seen else reverse("people:list")


class Death(OfPerson):
    title = gettext_lazy("登记死亡")
    form_class = forms.DeathForm
    submit = gettext_lazy("登记死亡")
    done = gettext_lazy("死亡已登记。")
    danger = gettext_lazy("登记后，各项待遇和服务将停止。请再核对一次姓名和日期。")

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.report_death(self.actor, self.person, **data)


class Revive(OfPerson):
    title = gettext_lazy("撤销死亡登记")
    lead = gettext_lazy("老人健在、死亡登记有误时使用。")
    form_class = forms.ReasonForm
    submit = gettext_lazy("撤销死亡登记")

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.withdraw_death(self.actor, self.person, **data)


class SetAccount(OfPerson):
    title = gettext_lazy("设置收款账户")
    form_class = forms.AccountForm

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.set_pay_account(self.actor, self.person, **data)


class Settle(FormPage):
    """One claim of two places."""

    right = "people.edit"
    title = gettext_lazy("处理两地报送")
    template = "people/settle.html"
    form_class = forms.SettleForm

    @property
    def claim(self) -> Claim:
        if not hasattr(self, "_claim"):
            self._claim = get_object_or_404(Claim.objects.select_related("person"), pk=self.kwargs["pk"])
        return self._claim

    def crumbs(self) -> tuple[Crumb, ...]:
        return (
            Crumb(_("老年人"), reverse("people:list")),
            Crumb(_("两地报送"), reverse("people:claims")),
            Crumb(self.claim.person.name),
        )

    def form_context(self, form: Any) -> dict[str, Any]:
        claim = self.claim
        self.actor.require(self.right, *claim.scope_codes())
        known = getattr(claim.person, f"{claim.kind}_id")
        return {**super().form_context(form), "claim": claim, "known": known, "kind": kinds()[claim.kind]}

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.settle_claim(self.actor, self.claim, **data)

    def done_url(self, result: Any) -> str:
        return reverse("people:claims")
