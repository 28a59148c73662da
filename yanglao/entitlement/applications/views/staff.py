"""Pages of those who take applications: how they stand, the list, one application, applying for a person."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django import forms as django_forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.entitlement.applications import actions, forms, queries
from yanglao.entitlement.applications.filters import ApplicationFilter
from yanglao.entitlement.applications.models import Application, Rating
from yanglao.entitlement.catalogue.queries import Item, ItemState
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.cases.queries import open_tasks, result_label
from yanglao.registers.people import queries as people
from yanglao.registers.people.kinds import kinds
from yanglao.registers.people.models import Person
from yanglao.shell.pages import Column, Crumb, DetailPage, Empty, FormPage, ListPage, PageView, Panel
from yanglao.shell.pages.detail import Way

VIEW, APPLY = "applications.view", "applications.apply"
YEAR = dt.timedelta(days=365)
SHOWN = 10


def home() -> Crumb:
    return Crumb(_("待遇和服务申请"), reverse("applications:standing"))


def state_words(application: Application) -> str:
    """Where an application stands, in words."""
    if application.closed_on:
        return result_label(application.case.version.read, application.result)
    return _("逾期") if application.late else _("办理中")


def state_tone(application: Application) -> str:
    if application.closed_on:
        return "good" if application.result == "granted" else "dull"
    return "bad" if application.late else "info"


def left_words(application: Application) -> str:
    """Working days until it is due, or how late it is; "" when it is closed."""
    left = getattr(application, "left", None)
    if left is None:
        return ""
    if left < 0:
        return _("逾期 %(days)d 天") % {"days": -left}
    return _("%(days)d 天") % {"days": left}


def mine(actor: Actor) -> list[tuple[Application, str, str]]:
    """What waits for one, with the name of the step and the working days left."""
    rows = list(queries.mine(actor)[:SHOWN])
    left = queries.days_left(rows)
    found = []
    for row in rows:
        row.left = left.get(row.pk)  # type: ignore[attr-defined]
        steps = row.case.version.read.steps
        step = steps[row.case.step].name if row.case.step in steps else ""
        found.append((row, step, left_words(row)))
    return found


class StandingPage(PageView):
    """How the applications of every item stand, and how satisfied people were."""

    right: ClassVar[str] = VIEW
    title = gettext_lazy("待遇和服务申请")
    template = "applications/standing.html"

    def context(self) -> dict[str, Any]:
        since = timezone.localdate() - YEAR
        rows = queries.standings(since)
        names = ("open", "late", "granted", "refused", "other")
        return {
            "since": since,
            "rows": rows,
            "total": {name: sum(getattr(row, name) for row in rows) for name in names},
            "satisfaction": queries.satisfaction(since),
            "mine": mine(self.actor),
            "mine_count": queries.mine(self.actor).count(),
            "may_export": self.actor.can("applications.export"),
            "unmatched": queries.applications().filter(closed_on=None, person=None).count(),
            "to_rate": list(queries.to_rate()[:SHOWN]) if self.actor.can(APPLY) else [],
        }


class ApplicationList(ListPage):
    """The list of applications."""

    model = Application
    right = VIEW
    title = gettext_lazy("申请台账")
    filterset = ApplicationFilter
    related = ("item", "case__version")
    order = "-applied_on"
    private = ("name",)
    export_right = "applications.export"
    columns = (
        Column("number", gettext_lazy("编号"), value=lambda a: a.case.number, link=True),
        Column("name", gettext_lazy("姓名")),
        Column("item", gettext_lazy("申请项目")),
        Column("division_id", gettext_lazy("受理区划"), kind="division", sort="division"),
        Column("by", gettext_lazy("申请方式"), value=lambda a: a.get_by_display()),
        Column("applied_on", gettext_lazy("申请日期"), kind="date", sort="applied_on"),
        Column("due", gettext_lazy("办结期限"), value=lambda a: a.case.due, kind="date"),
        Column("left", gettext_lazy("剩余工作日"), value=lambda a: left_words(a), exported=False),
        Column("state", gettext_lazy("状态"), value=state_words, tone=state_tone),
        Column("closed_on", gettext_lazy("办结日期"), kind="date", minor=True, sort="closed_on"),
        Column(
            "online", gettext_lazy("网上申请"), value=lambda a: _("是") if a.online else _("否"), minor=True
        ),
    )
    empty = Empty(
        gettext_lazy("还没有申请"), gettext_lazy("在老年人档案页上点“申请”，或由群众在网上申请。"), ()
    )

    def queryset(self) -> QuerySet[Any]:
        return Application.objects.all()

    def turned(self) -> Any:
        found = super().turned()
        left = queries.days_left(found.rows)
        for row in found.rows:
            row.left = left.get(row.pk)
        return found

    def crumbs(self) -> tuple[Crumb, ...]:
        return (home(),)


class ApplicationPage(DetailPage):
    """One application: who asks for what, where its case stands, how it was found."""

    model = Application
    right = VIEW
    related = ("item", "person", "case__version")
    panels = (
        Panel(
            gettext_lazy("申请内容"),
            (
                Column("item", gettext_lazy("申请项目")),
                Column("name", gettext_lazy("姓名")),
                Column("by", gettext_lazy("申请方式"), value=lambda a: a.get_by_display()),
                Column("helper", gettext_lazy("代办人")),
                Column("relation", gettext_lazy("与老人关系")),
                Column("id_number", gettext_lazy("公民身份号码"), value=lambda a: str(a.id_number or "")),
                Column("phone", gettext_lazy("联系电话"), value=lambda a: str(a.phone or "")),
                Column("division_id", gettext_lazy("受理区划"), kind="division"),
                Column("applied_on", gettext_lazy("申请日期"), kind="date"),
                Column("remark", gettext_lazy("补充说明")),
                Column("state", gettext_lazy("状态"), value=state_words, tone=state_tone),
                Column("closed_on", gettext_lazy("办结日期"), kind="date"),
            ),
        ),
        Panel(gettext_lazy("办理"), template="applications/parts/case.html"),
        Panel(gettext_lazy("申请时说明的情况"), template="applications/parts/answers.html"),
        Panel(gettext_lazy("满意度"), template="applications/parts/rating.html"),
    )

    def page_title(self) -> Any:
        return f"{self.record.item} · {self.record.name}"

    def crumbs(self) -> tuple[Crumb, ...]:
        return (home(), Crumb(_("申请台账"), reverse("applications:list")))

    def ways(self) -> tuple[Way, ...]:
        record, found = self.record, []
        if record.person_id and self.actor.can("people.view", *record.person.scope_codes()):
            found.append(Way(_("老年人档案"), record.person.get_absolute_url(), icon="user"))
        if self.actor.can(APPLY, record.division_id):
            if record.person_id is None and record.closed_on is None:
                url = reverse("applications:match", args=[record.pk])
                found.append(Way(_("对应档案"), url, icon="link", main=True))
            if record.closed_on and not Rating.objects.filter(application=record).exists():
                found.append(Way(_("登记评价"), reverse("applications:rate", args=[record.pk]), icon="star"))
        return tuple(found)

    def extra(self) -> dict[str, Any]:
        record = self.record
        return {
            "case": record.case,
            "left": queries.days_left([record]).get(record.pk),
            "working_days": record.case.version.read.days,
            "task": open_tasks(record.case).first(),
            "may_see_case": self.actor.can("cases.view", record.case.division_id),
            "answers": [
                (kinds()[kind].label if kind in kinds() else kind, _answer(kind, value))
                for kind, value in sorted(record.answers.items())
            ],
            "rating": Rating.objects.filter(application=record).first(),
        }


def _answer(kind: str, value: str) -> str:
    words = {"same": _("没有变化"), "none": _("没有这种情况")}
    return str(words.get(value) or (kinds()[kind].name_of(value) if kind in kinds() else value))


class OfPerson(PageView):
    """A page about one person, whom the right must cover."""

    right = APPLY

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.actor.can(self.right):
            self.actor.require(self.right, *self.person.scope_codes())
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def person(self) -> Person:
        return get_object_or_404(Person, pk=self.kwargs["person"])

    def crumbs(self) -> tuple[Crumb, ...]:
        return (
            Crumb(_("老年人"), reverse("people:list")),
            Crumb(self.person.name, self.person.get_absolute_url()),
        )


class ChoosePage(OfPerson):
    """What a person may apply for: what he is entitled to first."""

    title = gettext_lazy("申请哪一项")
    template = "applications/choose.html"

    def context(self) -> dict[str, Any]:
        under_way = {one.item_id: one for one in queries.of_person(self.person.pk) if not one.closed_on}
        found = [(one, under_way.get(one.item.pk)) for one in queries.choosable(self.person)]
        return {
            "person": self.person,
            "due": [pair for pair in found if pair[0].missing],
            "others": [pair for pair in found if not pair[0].missing],
        }


class ApplyPage(OfPerson, FormPage):
    """Apply for an item; only what is missing or old in the file is asked."""

    template = "applications/apply.html"
    form_class: ClassVar[type[django_forms.BaseForm]] = forms.ApplyForm
    submit = gettext_lazy("提交申请")
    done = gettext_lazy("已提交。请打印回执交给申请人，凭编号和电话后四位可以查进度。")

    @cached_property
    def stands(self) -> ItemState:
        item = get_object_or_404(Item, pk=self.kwargs["item"])
        found = next((one for one in queries.choosable(self.person) if one.item.pk == item.pk), None)
        if found is None:
            raise Http404
        return found

    def page_title(self) -> Any:
        return _("申请：%(item)s") % {"item": self.stands.item}

    def crumbs(self) -> tuple[Crumb, ...]:
        choose = reverse("applications:choose", args=[self.person.pk])
        return (*super().crumbs(), Crumb(_("申请哪一项"), choose))

    def initial(self) -> dict[str, Any]:
        return {"on": timezone.localdate(), "by": Application.By.SELF}

    def form_arguments(self) -> dict[str, Any]:
        return {
            "person": self.person,
            "gaps": queries.gaps(self.person, self.stands.item),
            "facts": people.facts_on(self.person, timezone.localdate()),
        }

    def context(self) -> dict[str, Any]:
        return super().context() | {"stands": self.stands, "person": self.person}

    def form_context(self, form: django_forms.BaseForm) -> dict[str, Any]:
        return super().form_context(form) | {"stands": self.stands, "person": self.person}

    def perform(self, data: dict[str, Any]) -> Application:
        given = data["given"]
        return actions.apply(
            self.actor,
            self.person,
            item=self.stands.item,
            said=data["said"],
            answers=given["answers"],
            contact=given["contact"],
            on=data["on"],
        )

    def done_url(self, result: Application) -> str:
        return result.get_absolute_url()


class OfApplication(FormPage):
    """A form about one application."""

    right = APPLY

    @cached_property
    def application(self) -> Application:
        rows = Application.objects.select_related("item", "case")
        found: Application = get_object_or_404(rows, pk=self.kwargs["pk"])
        if not self.actor.can(APPLY, found.division_id):
            raise Http404
        return found

    def crumbs(self) -> tuple[Crumb, ...]:
        return (home(), Crumb(str(self.application.item), self.application.get_absolute_url()))

    def done_url(self, result: Any) -> str:
        return self.application.get_absolute_url()


class MatchPage(OfApplication):
    """Say whose application it is."""

    title = gettext_lazy("对应档案")
    lead = gettext_lazy("网上的申请要先对应到一份老年人档案，才能核实和决定。")
    form_class = forms.MatchForm
    submit = gettext_lazy("对应")

    def perform(self, data: dict[str, Any]) -> Application:
        found = people.find_file(data["other"])
        if found is None:
            raise ValidationError({"other": _("没有找到您可以办理的档案：请核对编号或身份证号。")})
        return actions.match(self.actor, self.application, person=found)


class RatePage(OfApplication):
    """Enter how satisfied the applicant was, asked by telephone or at the window."""

    title = gettext_lazy("登记评价")
    form_class = forms.RateForm
    submit = gettext_lazy("登记")

    def perform(self, data: dict[str, Any]) -> Rating:
        return actions.rate(self.actor, self.application, mark=data["mark"], words=data["words"])
