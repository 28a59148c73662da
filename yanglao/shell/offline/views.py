"""Pages for staff: what arrived, what did not fit, what has not come back yet."""

from __future__ import annotations

from functools import cached_property
from typing import Any, ClassVar

import django_filters as df
from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from yanglao.kernel.files.responses import download
from yanglao.kernel.rooms import house
from yanglao.shell.filters import DayRangeFilter, DivisionFilter
from yanglao.shell.offline import actions, queries
from yanglao.shell.offline.actions import REVIEW
from yanglao.shell.offline.models import Photo, Received, Taken
from yanglao.shell.pages import (
    Button,
    Column,
    Crumb,
    DetailPage,
    Empty,
    FormPage,
    ListPage,
    PageView,
    Panel,
    page,
)
from yanglao.shell.pages.detail import Way

TONES = {"accepted": "good", "conflict": "warn", "refused": "bad"}


def _kinds() -> list[tuple[str, Any]]:
    return [(form.kind, form.label) for form in house().offline_forms.values()]


class ReceivedFilter(df.FilterSet):
    kind = df.ChoiceFilter(choices=_kinds, label=_("种类"), empty_label=_("不限"))
    state = df.ChoiceFilter(choices=Received.State.choices, label=_("结果"), empty_label=_("不限"))
    open = df.ChoiceFilter(
        choices=[("1", _("等待处理"))], method="still_open", label=_("处理"), empty_label=_("不限")
    )
    received_at = DayRangeFilter(label=_("送达日期"))
    division = DivisionFilter(label=_("所在区划"))

    class Meta:
        model = Received
        fields: ClassVar[list[str]] = []

    def still_open(self, rows: QuerySet[Received], name: str, value: str) -> QuerySet[Received]:
        return rows.filter(pk__in=queries.open_received().values("pk"))


_FACTS = (
    Column("received_at", _("送达时间"), kind="datetime", sort="id", link=True),
    Column("kind_label", _("种类")),
    Column("user.name", _("填写人")),
    Column("made_at", _("填写时间"), kind="datetime"),
    Column("state", _("结果"), tone=lambda r: TONES[r.state]),
    Column("message", _("说明"), minor=True),
    Column("photos", _("照片"), kind="number", minor=True),
    Column("division_id", _("所在区划"), kind="division"),
    Column("settlement", _("处理情况"), minor=True),
)


class ReceivedList(ListPage):
    model = Received
    right = REVIEW
    title = _("离线填写的送达情况")
    lead = _("在没有信号的地方填写、回来后送达的表。冲突和没有收下的，原样内容都保留着。")
    filterset = ReceivedFilter
    columns = _FACTS
    related = ("user",)
    buttons = (Button(_("还没有送到的"), "offline:waiting", REVIEW, icon="hourglass"),)
    empty = Empty(
        _("还没有离线填写的表送达"), _("工作人员在手机上打开“外出填写”，回到有信号的地方会自动送达。")
    )
    export_right = REVIEW


def _days(taken: Taken) -> int:
    return (timezone.now() - taken.taken_at).days


class TakenFilter(df.FilterSet):
    kind = df.ChoiceFilter(choices=_kinds, label=_("种类"), empty_label=_("不限"))
    division = DivisionFilter(label=_("所在区划"))

    class Meta:
        model = Taken
        fields: ClassVar[list[str]] = []


class WaitingList(ListPage):
    """What has not arrived 还没有送到: work on phones, with what each phone said when it spoke last."""

    model = Taken
    right = REVIEW
    title = _("还没有送到的")
    lead = _("已带到手机上、还没有送回来的事项。手机在没有信号时不能报告，“手机上”一栏是它上次联系时的数。")
    filterset = TakenFilter
    related = ("user",)
    order = "pk"
    export_right = REVIEW
    empty = Empty(_("没有等待送达的事项"), _("带走的事项都已送回，或还没有人带走。"))
    columns = (
        Column("title", _("事项")),
        Column("kind_label", _("种类")),
        Column("user.name", _("谁带走")),
        Column("taken_at", _("带走时间"), kind="datetime", sort="id"),
        Column("days", _("已带走（天）"), kind="number", value=_days),
        Column(
            "due",
            _("办理期限"),
            kind="date",
            tone=lambda t: "bad" if t.due and t.due < timezone.localdate() else "",
        ),
        Column("division_id", _("所在区划"), kind="division"),
    )

    def crumbs(self) -> tuple[Crumb, ...]:
        return (Crumb(ReceivedList.title, reverse("offline:list")),)

    def queryset(self) -> QuerySet[Taken]:
        return queries.not_back()

    def row_url(self, row: Any) -> str:
        return ""

    def context(self) -> dict[str, Any]:
        return {**super().context(), "phones": self.phones}

    @cached_property
    def phones(self) -> list[Any]:
        """The phones of those whose work is out, the fullest first."""
        users = set(queries.not_back().order_by().values_list("user", flat=True)[:200])
        found = [device for devices in queries.devices_of(users).values() for device in devices]
        return sorted(found, key=lambda d: (-d.waiting, -d.drafts, d.seen_at))[:100]

    template = "offline/waiting.html"


class ReceivedPage(DetailPage):
    model = Received
    right = REVIEW
    related = ("user", "device", "settled_by")
    panels = (
        Panel(
            _("送达情况"),
            (
                *_FACTS[1:6],
                Column("received_at", _("送达时间"), kind="datetime"),
                Column("number", _("编号")),
                Column("sequence", _("手机上的顺序"), kind="number"),
                Column("skew", _("时钟误差（秒）"), kind="number"),
                Column("device.label", _("设备")),
                Column("photos", _("照片"), kind="number"),
                Column("division_id", _("所在区划"), kind="division"),
                Column("settled_at", _("处理时间"), kind="datetime"),
                Column("settled_by.name", _("处理人")),
                Column("settlement", _("处理情况")),
            ),
        ),
        Panel(_("原样内容"), template="offline/parts/content.html"),
    )

    def page_title(self) -> Any:
        return now_("%(kind)s · %(state)s") % {
            "kind": self.record.kind_label,
            "state": self.record.get_state_display(),
        }

    def crumbs(self) -> tuple[Crumb, ...]:
        return (Crumb(ReceivedList.title, reverse("offline:list")),)

    def ways(self) -> list[Way]:
        record, found = self.record, []
        if record.open:
            found.append(
                Way(_("登记处理情况"), reverse("offline:settle", args=[record.pk]), "check", main=True)
            )
        if record.url:
            found.append(Way(_("查看事项"), record.url, "file-text"))
        return found


@require_POST
def content(request: HttpRequest, pk: int) -> HttpResponseBase:
    """What was sent, in clear; a POST, for the reading is recorded."""
    return ContentPage.as_view()(request, pk=pk)


@require_POST
@page(right=REVIEW)
def picture(request: Any, pk: int, sha256: str) -> HttpResponseBase:
    """A photo of a form that is kept, as a file; a POST, for it is recorded."""
    record = get_object_or_404(Received, pk=pk)
    try:
        return download(actions.picture(request.actor, record, sha256=sha256))
    except Photo.DoesNotExist:
        raise Http404 from None


class ContentPage(PageView):
    right = REVIEW
    title = _("原样内容")
    template = "offline/content.html"

    def post(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        record = get_object_or_404(Received, pk=pk)
        sent = actions.reveal(self.actor, record)
        self.found = record
        drawn = [s["drawn"] for s in sent.get("signatures", ()) if s.get("drawn")]
        pictures = [p["sha256"] for p in sent.get("photos", ())] + drawn
        answers = sent.get("said") or sorted(sent.get("answers", {}).items())
        return self.show({"record": record, "sent": sent, "answers": answers, "pictures": pictures})

    def crumbs(self) -> tuple[Crumb, ...]:
        return (
            Crumb(ReceivedList.title, reverse("offline:list")),
            Crumb(str(self.found), self.found.get_absolute_url()),
        )


class SettleForm(forms.Form):
    how = forms.CharField(
        label=_("怎样处理的"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}), required=False
    )


class SettlePage(FormPage):
    right = REVIEW
    title = _("登记处理情况")
    form_class = SettleForm
    done = _("已登记。")

    @cached_property
    def found(self) -> Received:
        return get_object_or_404(Received, pk=self.kwargs["pk"])

    def context(self) -> dict[str, Any]:
        self.actor.require(REVIEW, self.found)
        return super().context()

    def crumbs(self) -> tuple[Crumb, ...]:
        return (
            Crumb(ReceivedList.title, reverse("offline:list")),
            Crumb(str(self.found), self.found.get_absolute_url()),
        )

    def perform(self, data: dict[str, Any]) -> Received:
        return actions.settle(self.actor, self.found, how=data["how"])

    def done_url(self, result: Received) -> str:
        return result.get_absolute_url()
