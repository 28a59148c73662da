"""Payment files made and handed over, and the bank's answers read."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.entitlement.payments import actions, queries
from yanglao.entitlement.payments.formats import formats_for
from yanglao.entitlement.payments.forms import ReturnForm, SendForm
from yanglao.entitlement.payments.models import PaymentFile, Reading
from yanglao.entitlement.payments.sending import Made
from yanglao.entitlement.payments.taking import AT_ONCE, take
from yanglao.entitlement.payments.tasks import read_answer
from yanglao.entitlement.payments.views.base import OfOrder, format_words
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.files.responses import download
from yanglao.kernel.jobs import enqueue
from yanglao.kernel.jobs.queries import visible_to
from yanglao.shell.pages import Crumb, FormPage, PageView, page


def handed_over(made: Made) -> HttpResponse:
    """A file in clear: to whoever asked, and kept by nobody on the way."""
    return HttpResponse(
        made.content,
        content_type=made.media_type,
        headers={"Content-Disposition": f'attachment; filename="{made.name}"', "Cache-Control": "no-store"},
    )


def _formats(division: int) -> list[tuple[str, str]]:
    return [(one.id, one.name) for one in formats_for(division).values()]


class SendPage(OfOrder, FormPage):
    """Make a payment file of everything that waits."""

    right = "payments.pay"
    title = gettext_lazy("生成发放文件")
    submit = gettext_lazy("生成并下载")
    form_class = SendForm
    lead = gettext_lazy(
        "列入所有待发放和已更正的人；同一笔不会列入两份文件。下载中断的，可在文件列表再次下载同样的内容。"
    )

    def form_arguments(self) -> dict[str, Any]:
        return {"formats": _formats(self.order.division_id)}

    def initial(self) -> dict[str, Any]:
        last = self.order.files.order_by("-number").first()
        return {"format": last.format if last else "excel"}

    def perform(self, data: dict[str, Any]) -> Made:
        return actions.send(self.actor, self.order, **data)[1]

    def finished(self, result: Made) -> HttpResponseBase:
        return handed_over(result)


class OfFile(FormPage):
    """A form about one payment file."""

    right = "payments.pay"

    @cached_property
    def file(self) -> PaymentFile:
        orders = queries.orders_of(self.actor)
        found = PaymentFile.objects.filter(order__in=orders).select_related("order__run")
        return get_object_or_404(found, pk=self.kwargs["file"])

    def crumbs(self) -> tuple[Crumb, ...]:
        order = self.file.order
        return (
            Crumb(_("发放"), reverse("payments:orders")),
            Crumb(order.name, reverse("payments:order", args=[order.key])),
        )

    def form_arguments(self) -> dict[str, Any]:
        return {"formats": _formats(self.file.order.division_id)}

    def initial(self) -> dict[str, Any]:
        return {"format": self.file.format}

    def done_url(self, result: Any) -> str:
        return reverse("payments:order", args=[self.file.order.key])


class AgainPage(OfFile):
    """The same file once more."""

    title = gettext_lazy("再次下载发放文件")
    submit = gettext_lazy("下载")
    form_class = SendForm
    lead = gettext_lazy("逐行与当时完全相同，否则拒绝；可以换一种格式。")

    def perform(self, data: dict[str, Any]) -> Made:
        return actions.again(self.actor, self.file, **data)

    def finished(self, result: Made) -> HttpResponseBase:
        return handed_over(result)


class ReturnPage(OfFile):
    """Hand in the bank's answer: a short one is read at once, a long one by a job whose progress is shown."""

    title = gettext_lazy("读取银行回盘")
    submit = gettext_lazy("读取")
    form_class = ReturnForm

    @property
    def lead(self) -> Any:  # type: ignore[override]
        file = self.file
        names = {"n": file.number, "rows": file.rows, "yuan": f"{file.sum_fen / 100:,.2f}"}
        return _("第 %(n)s 号发放文件：%(rows)s 行，%(yuan)s 元。") % names

    def perform(self, data: dict[str, Any]) -> Reading:
        upload = data["file"]
        reading = actions.hand_in(
            self.actor, self.file, name=upload.name, stream=upload.file, format=data["format"]
        )
        if upload.size <= AT_ONCE:
            return take(self.actor, reading)
        enqueue(self.actor, read_answer, key=f"answer {reading.pk}", reading_id=reading.pk)
        return reading

    def finished(self, result: Reading) -> HttpResponseBase:
        if result.state in (Reading.State.DONE, Reading.State.AGAIN):
            messages.success(self.request, said(result))
            return redirect("payments:order", self.file.order.key)
        return redirect(result)


class ReadingPage(PageView):
    """How the reading of an answer goes, and what came of it."""

    right = "payments.pay"
    template = "payments/reading.html"

    @cached_property
    def reading(self) -> Reading:
        return reading_of(self.actor, self.kwargs["reading"])

    def page_title(self) -> str:
        return _("银行回盘：%(name)s") % {"name": self.reading.name}

    def crumbs(self) -> tuple[Crumb, ...]:
        order = self.reading.file.order
        return (
            Crumb(_("发放"), reverse("payments:orders")),
            Crumb(order.name, reverse("payments:order", args=[order.key])),
        )

    def context(self) -> dict[str, Any]:
        reading = self.reading
        jobs = visible_to(self.actor).filter(name="payments.read_answer", arguments__reading_id=reading.pk)
        return {
            "reading": reading,
            "tone": READING_TONES[reading.state],
            "format": format_words(reading.file.order, reading.format),
            "said": said(reading) if reading.state in (Reading.State.DONE, Reading.State.AGAIN) else "",
            "job": jobs.first() if reading.state == Reading.State.WAITING else None,
        }


READING_TONES = {"waiting": "info", "done": "good", "again": "info", "wrong": "bad", "failed": "bad"}


def reading_of(actor: Actor, pk: int) -> Reading:
    """A reading of an order that concerns the actor. Raises Http404."""
    found = Reading.objects.filter(file__order__in=queries.orders_of(actor))
    return get_object_or_404(found.select_related("file__order__run", "marked"), pk=pk)


@page(right="payments.pay")
def marked(request: HttpRequest, reading: int) -> HttpResponseBase:
    """The user's own file with its errors marked."""
    found = reading_of(request.actor, reading)  # type: ignore[attr-defined]
    request.actor.require("payments.pay", found.file.order.division_id)  # type: ignore[attr-defined]
    if found.marked is None:
        raise Http404
    return download(found.marked)


def said(reading: Reading) -> str:
    """What came of an answer that was taken in."""
    if reading.state == Reading.State.AGAIN:
        return _("这份回盘此前已经读过，没有变动。")
    names = {"rows": reading.rows, "paid": reading.paid, "failed": reading.failed, "known": reading.known}
    return _("读取 %(rows)s 行：成功 %(paid)s，失败 %(failed)s，此前已回 %(known)s。") % names
