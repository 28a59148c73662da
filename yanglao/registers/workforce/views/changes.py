"""Forms that change a file. Each needs the right at the worker or the spell, also to be opened."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.kernel.files.actions import store
from yanglao.kernel.scope import ScopedModel
from yanglao.registers.places.queries import Place
from yanglao.registers.workforce import actions, forms, kinds
from yanglao.registers.workforce.fields import by_key
from yanglao.registers.workforce.models import Award, Certificate, Employment, PoolMember, Studio, Worker
from yanglao.shell.pages import Crumb, FormPage

TERMS = ("post", "title", "full_time", "contract", "contract_until", "insured", "pay")


class AddWorker(FormPage):
    right = "workforce.edit"
    title = gettext_lazy("登记从业人员")
    lead = gettext_lazy(
        "一个公民身份号码只有一份档案，换了单位也不变；已有档案的，会在原档案上登记这次任职。"
    )
    form_class = forms.AddForm
    submit = gettext_lazy("登记")
    done = gettext_lazy("已登记。")

    def crumbs(self) -> tuple[Crumb, ...]:
        return (Crumb(_("从业人员"), reverse("workforce:list")), Crumb(self.title))

    def initial(self) -> dict[str, Any]:
        return {"employer": by_key(self.request.GET.get("at", ""))}

    def perform(self, data: dict[str, Any]) -> Worker:
        terms = {name: data.pop(name) for name in TERMS}
        starts = data.pop("starts")
        spell = {**terms, "starts": starts or dt.date.today()}
        return actions.add(self.actor, spell=spell if data["employer"] else None, **data)

    def done_url(self, result: Worker) -> str:
        return result.get_absolute_url()


class _OfRecord(FormPage):
    """A form about one record; `pk` of the address is its key. `right` is needed at the record."""

    right = "workforce.edit"
    model: type[ScopedModel] = Worker
    related: tuple[str, ...] = ()

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self._record: Any = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.actor.can(self.right):
            self.actor.require(self.right, *self.where())
        return super().dispatch(request, *args, **kwargs)

    def where(self) -> tuple[int | ScopedModel, ...]:
        return (self.record,)

    @property
    def record(self) -> Any:
        if self._record is None:
            self._record = get_object_or_404(
                self.model.objects.select_related(*self.related), pk=self.kwargs["pk"]
            )
        return self._record

    @property
    def worker(self) -> Worker:
        record = self.record
        found: Worker = record if isinstance(record, Worker) else record.worker
        return found

    def crumbs(self) -> tuple[Crumb, ...]:
        return (
            Crumb(_("从业人员"), reverse("workforce:list")),
            Crumb(self.worker.name, self.worker.get_absolute_url()),
            Crumb(self.page_title()),
        )

    def done_url(self, result: Any) -> str:
        """He may have moved out of sight."""
        seen = Worker.objects.filter(pk=self.worker.pk).exists()
        return self.worker.get_absolute_url() if seen else reverse("workforce:list")


class Correct(_OfRecord):
    title = gettext_lazy("更正档案")
    lead = gettext_lazy("号码和电话留空即保持不变。更正会留下审计记录。")
    form_class = forms.CorrectForm

    def initial(self) -> dict[str, Any]:
        names = ("name", "education", "school", "major", "graduated_on", "entered_trade_on", "note")
        return {
            **{name: getattr(self.worker, name) for name in names},
            "employer_outside": self.worker.employer_outside,
            "hukou": self.worker.hukou_id,
        }

    def perform(self, data: dict[str, Any]) -> Any:
        kept = {k: v for k, v in data.items() if v or k not in ("id_number", "phone")}
        return actions.correct(self.actor, self.worker, **kept)


class Hire(_OfRecord):
    title = gettext_lazy("登记任职")
    lead = gettext_lazy("换单位的，先登记原单位离职；同时在几处兼职的，逐处登记为兼职。")
    form_class = forms.HireForm

    def initial(self) -> dict[str, Any]:
        return {"employer": by_key(self.request.GET.get("at", ""))}

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.hire(self.actor, self.worker, **data)


class _OfSpell(_OfRecord):
    model = Employment
    related = ("worker", "place", "operator", "organisation")

    @property
    def said(self) -> str:
        return f"{self.record.employer} · {kinds.post_name(self.record.post)}"

    def _terms(self) -> dict[str, Any]:
        terms = {name: getattr(self.record, name) for name in TERMS}
        return {**terms, "full_time": "1" if terms["full_time"] else "0"}


class End(_OfSpell):
    title = gettext_lazy("登记离职")
    form_class = forms.EndForm
    submit = gettext_lazy("登记离职")
    done = gettext_lazy("离职已登记，任职记录保留。")

    def page_title(self) -> Any:
        return _("离职：%(said)s") % {"said": self.said}

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.end(self.actor, self.record, **data)


class Change(_OfSpell):
    title = gettext_lazy("变更岗位")
    lead = gettext_lazy("从所填日期起按新的岗位和条件任职，原来的一段保留。")
    form_class = forms.ChangeForm

    def initial(self) -> dict[str, Any]:
        return self._terms()

    def page_title(self) -> Any:
        return _("变更：%(said)s") % {"said": self.said}

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.change(self.actor, self.record, **data)


class Transfer(_OfSpell):
    title = gettext_lazy("登记调动")
    lead = gettext_lazy("调到您也管理的另一单位；调到别处的，请登记离职，由新单位登记任职。")
    form_class = forms.TransferForm

    def initial(self) -> dict[str, Any]:
        return self._terms()

    def page_title(self) -> Any:
        return _("调动：%(said)s") % {"said": self.said}

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.transfer(self.actor, self.record, **data)


class Amend(_OfSpell):
    title = gettext_lazy("更正任职")
    form_class = forms.AmendForm
    done = gettext_lazy("已更正，更正前的记录保留。")

    def initial(self) -> dict[str, Any]:
        days = {name: getattr(self.record, name) for name in ("starts", "ends", "left")}
        return {**self._terms(), **days}

    def page_title(self) -> Any:
        return _("更正：%(said)s") % {"said": self.said}

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.amend(self.actor, self.record, **data)


class Withdraw(_OfSpell):
    title = gettext_lazy("撤回任职")
    lead = gettext_lazy("他从未在这里任职、登记有误时使用；离职请用“登记离职”。")
    form_class = forms.ReasonForm
    submit = gettext_lazy("撤回")
    danger = gettext_lazy("撤回后，这段任职不再计入工龄和人数。")

    def page_title(self) -> Any:
        return _("撤回：%(said)s") % {"said": self.said}

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.withdraw(self.actor, self.record, **data)


def _kept(page: FormPage, data: dict[str, Any], worker: Worker) -> dict[str, Any]:
    """The form's data with the uploaded scan kept and named by its id."""
    upload = data.pop("evidence", None)
    if not upload:
        return data
    stored = store(page.actor, upload.name, upload, kind="document", division=worker.division_id)
    return {**data, "evidence_id": stored.pk}


class AddCertificate(_OfRecord):
    title = gettext_lazy("登记证书")
    form_class = forms.AddCertificateForm

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.add_certificate(self.actor, self.worker, **_kept(self, data, self.worker))


class _OfCertificate(_OfRecord):
    model = Certificate
    related = ("worker",)

    @property
    def said(self) -> str:
        return kinds.certificate_name(self.record.kind)


class CorrectCertificate(_OfCertificate):
    title = gettext_lazy("更正证书")
    lead = gettext_lazy("更正后需要重新核验。没有重新上传扫描件的，沿用原来的。")
    form_class = forms.CorrectCertificateForm

    def initial(self) -> dict[str, Any]:
        return {
            name: getattr(self.record, name)
            for name in ("kind", "level", "number", "issuer", "issued_on", "expires_on")
        }

    def page_title(self) -> Any:
        return _("更正：%(said)s") % {"said": self.said}

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.correct_certificate(self.actor, self.record, **_kept(self, data, self.worker))


class Verify(_OfCertificate):
    right = "workforce.verify"
    title = gettext_lazy("核验证书")
    form_class = forms.VerifyForm
    submit = gettext_lazy("确认属实")
    done = gettext_lazy("核验已记录。")

    def page_title(self) -> Any:
        return _("核验：%(said)s") % {"said": self.said}

    def initial(self) -> dict[str, Any]:
        known = kinds.certificates().get(self.record.kind)
        return {"how": known.verify if known else ""}

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.verify_certificate(self.actor, self.record, **data)


class Revoke(_OfCertificate):
    title = gettext_lazy("注销证书")
    lead = gettext_lazy("证书被发证单位注销、吊销，或本人不再从事时使用；登记错了的请用“撤回”。")
    form_class = forms.RevokeForm
    submit = gettext_lazy("注销")

    def page_title(self) -> Any:
        return _("注销：%(said)s") % {"said": self.said}

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.revoke_certificate(self.actor, self.record, **data)


class WithdrawCertificate(_OfCertificate):
    title = gettext_lazy("撤回证书")
    form_class = forms.ReasonForm
    submit = gettext_lazy("撤回")
    danger = gettext_lazy("撤回后，这份证书视为从未登记。")

    def page_title(self) -> Any:
        return _("撤回：%(said)s") % {"said": self.said}

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.withdraw_certificate(self.actor, self.record, **data)


class AddAward(_OfRecord):
    title = gettext_lazy("登记荣誉")
    form_class = forms.AwardForm

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.add_award(self.actor, self.worker, **data)


class WithdrawAward(_OfRecord):
    model = Award
    related = ("worker",)
    title = gettext_lazy("撤回荣誉")
    form_class = forms.ReasonForm
    submit = gettext_lazy("撤回")

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.withdraw_award(self.actor, self.record, **data)


class OpenStudio(_OfRecord):
    title = gettext_lazy("设立工作室")
    form_class = forms.StudioForm

    def perform(self, data: dict[str, Any]) -> Any:
        if not isinstance(data["place"], Place):
            raise ValidationError({"place": _("工作室设在机构设施里：请写机构设施的名称。")})
        return actions.open_studio(self.actor, self.worker, **data)


class CloseStudio(_OfRecord):
    model = Studio
    related = ("worker",)
    title = gettext_lazy("撤销工作室")
    form_class = forms.CloseForm

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.close_studio(self.actor, self.record, **data)


class Appoint(_OfRecord):
    right = "workforce.verify"
    title = gettext_lazy("聘入人才库")
    lead = gettext_lazy("能力评估员须有在有效期内的评估证书；涉及本人任职单位的事项会自动回避。")
    form_class = forms.AppointForm

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.appoint(self.actor, self.worker, **data)


class LeavePool(_OfRecord):
    model = PoolMember
    related = ("worker",)
    right = "workforce.verify"
    title = gettext_lazy("退出人才库")
    form_class = forms.LeaveForm
    submit = gettext_lazy("退出")

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.leave_pool(self.actor, self.record, **data)
