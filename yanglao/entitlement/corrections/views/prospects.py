"""The look-ahead list and the street worker's page of one person on it."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from yanglao.entitlement.benefits.offered.queries import explained_now, month_text
from yanglao.entitlement.benefits.rules.months import Month
from yanglao.entitlement.corrections import actions, queries, told
from yanglao.entitlement.corrections.filters import ProspectFilter
from yanglao.entitlement.corrections.forms import ProspectForm
from yanglao.entitlement.corrections.models import Prospect
from yanglao.entitlement.corrections.tasks import look_ahead
from yanglao.kernel.jobs import enqueue
from yanglao.registers.people.models import PayAccount, Person
from yanglao.shell.pages import Column, Crumb, Empty, FormPage, ListPage, PageView, page

TONES = {
    "open": "warn",
    "confirmed": "good",
    "refused": "dull",
    "no_account": "bad",
    "noted": "good",
    "gone": "dull",
}


def _policy(prospect: Prospect) -> str:
    return told.titles(prospect.division_id).get(prospect.policy, prospect.policy)


def because(prospect: Prospect) -> str:
    """What brings the change: the birthday, a death; "" where only the clauses tell."""
    if prospect.on is not None:
        return _("%(day)s 满 %(age)s 周岁") % {"day": prospect.on.isoformat(), "age": prospect.age}
    died = prospect.died  # type: ignore[attr-defined]
    if prospect.kind == Prospect.Kind.ENDS and died is not None:
        return _("%(day)s 去世") % {"day": died.isoformat()}
    return str(_("条件有变，见逐条说明"))


class Prospects(ListPage):
    """Who will come to a benefit, to more of it, or lose it in the coming weeks."""

    model = Prospect
    right = "corrections.view"
    title = gettext_lazy("免申即享预告")
    lead = gettext_lazy(
        "未来两个月内将满龄、提档或停发的人，由系统按现行政策算出，不用本人申请；请联系本人或代办人确认。"
    )
    filterset = ProspectFilter
    order = "month"
    export_right = "corrections.export"
    template = "corrections/prospects.html"
    columns = (
        Column("number", gettext_lazy("编号"), value=lambda p: p.pk, shown=False, export=lambda p: p.pk),
        Column("name", gettext_lazy("姓名"), link=True, value=lambda p: p.name),
        Column("division_id", gettext_lazy("户籍区划"), kind="division"),
        Column(
            "kind",
            gettext_lazy("变化"),
            tone=lambda p: {"starts": "good", "rises": "info"}.get(p.kind, "warn"),
        ),
        Column("because", gettext_lazy("原因"), value=lambda p: because(p)),
        Column("on", gettext_lazy("到龄日"), kind="date", shown=False),
        Column("age", gettext_lazy("周岁"), kind="number", shown=False),
        Column("month", gettext_lazy("起始月份"), value=lambda p: month_text(p.month), sort="month"),
        Column("before_fen", gettext_lazy("现每月（元）"), kind="yuan"),
        Column("after_fen", gettext_lazy("将每月（元）"), kind="yuan"),
        Column("policy", gettext_lazy("政策"), value=_policy, minor=True),
        Column(
            "applies",
            gettext_lazy("须登记申请"),
            value=lambda p: _("是") if p.applies else _("否"),
            minor=True,
            shown=False,
        ),
        Column("state", gettext_lazy("状态"), tone=lambda p: TONES[p.state]),
        Column("said_by", gettext_lazy("确认人"), minor=True, shown=False),
        Column("remark", gettext_lazy("说明"), minor=True, shown=False),
    )
    empty = Empty(gettext_lazy("没有将到龄或停发的人"), gettext_lazy("名单每天更新一次。"))

    def queryset(self) -> Any:
        return queries.prospects_with_people()

    def context(self) -> dict[str, Any]:
        may = {"may_refresh": "corrections.run", "may_import": "corrections.confirm"}
        return {**super().context(), **{name: self.actor.can(right) for name, right in may.items()}}


class OfProspect(PageView):
    right = "corrections.view"

    @cached_property
    def prospect(self) -> Prospect:
        return get_object_or_404(queries.prospects_with_people(), pk=self.kwargs["pk"])

    @cached_property
    def person(self) -> Person:
        return get_object_or_404(Person.files.all(), pk=self.prospect.person_id)

    def crumbs(self) -> tuple[Crumb, ...]:
        return (Crumb(_("免申即享预告"), reverse("corrections:prospects")),)


class ProspectPage(OfProspect, FormPage):
    """What he will get and why; what he says to it is entered here."""

    template = "corrections/prospect.html"
    form_class = ProspectForm
    submit = gettext_lazy("登记本人意见")
    done = gettext_lazy("已登记。")

    def page_title(self) -> str:
        return _("%(name)s：%(kind)s") % {"name": self.person.name, "kind": self.prospect.get_kind_display()}

    def form_context(self, form: Any) -> dict[str, Any]:
        prospect = self.prospect
        open_ = prospect.state in (Prospect.State.OPEN, Prospect.State.NO_ACCOUNT, Prospect.State.REFUSED)
        may = open_ and self.actor.can("corrections.confirm", prospect.division_id)
        account = PayAccount.objects.filter(person=self.person, valid_to=None).first()
        return {
            **super().form_context(form),
            "prospect": prospect,
            "person": self.person,
            "tone": TONES[prospect.state],
            "policy": _policy(prospect),
            "because": because(prospect),
            "month": month_text(prospect.month),
            "account": account,
            "may": may and prospect.kind != Prospect.Kind.ENDS,
            "may_tell": may and prospect.kind == Prospect.Kind.ENDS,
            "explanations": self._explanations(),
        }

    def _explanations(self) -> list[Any]:
        month = Month.of(self.prospect.month)
        found = explained_now(self.prospect.person_id, self.prospect.division_id, month.last)
        return [e for e in found if e.id == self.prospect.policy]

    def perform(self, data: dict[str, Any]) -> Prospect:
        return actions.confirm(self.actor, self.prospect, **data)

    def done_url(self, result: Prospect) -> str:
        return reverse("corrections:prospects")


@require_POST
@page(right="corrections.confirm")
def tell(request: Any, pk: int) -> Any:
    """He was told that his benefit will end."""
    prospect = get_object_or_404(Prospect.objects.all(), pk=pk)
    try:
        actions.tell(request.actor, prospect)
        messages.success(request, _("已登记告知。"))
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    return redirect(prospect.get_absolute_url())


@require_POST
@page(right="corrections.run")
def refresh(request: Any) -> Any:
    """Bring the list up to date now."""
    if request.actor.division is None:
        raise Http404
    day = timezone.localtime()
    enqueue(
        request.actor,
        look_ahead,
        key=f"ahead {request.actor.division} {day:%Y%m%d%H%M}",
        division=request.actor.division,
    )
    messages.success(request, _("正在更新名单，稍后刷新页面查看。"))
    return redirect("corrections:prospects")
