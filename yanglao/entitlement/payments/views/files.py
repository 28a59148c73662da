"""Payment files made and handed over, and the bank's answers read."""

from __future__ import annotations

import tempfile
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from yanglao.entitlement.payments import actions, queries
from yanglao.entitlement.payments.formats import formats_for
from yanglao.entitlement.payments.forms import (
    ReturnForm,
    SendForm,
)
from yanglao.entitlement.payments.models import PaymentFile
from yanglao.entitlement.payments.returns import Outcome
from yanglao.entitlement.payments.sending import Made
from yanglao.entitlement.payments.views.base import OfOrder
from yanglao.shell.pages import Crumb, FormPage
from yanglao.shell.sheets import FileRefused


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
        run = self.file.order.run
        return (
            Crumb(_("发放"), reverse("payments:orders")),
            Crumb(run.title, reverse("payments:order", args=[run.pk])),
        )

    def form_arguments(self) -> dict[str, Any]:
        return {"formats": _formats(self.file.order.division_id)}

    def initial(self) -> dict[str, Any]:
        return {"format": self.file.format}

    def done_url(self, result: Any) -> str:
        return reverse("payments:order", args=[self.file.order.run_id])


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
    """Read the bank's answer."""

    title = gettext_lazy("读取银行回盘")
    template: ClassVar[str] = "payments/return.html"
    submit = gettext_lazy("读取")
    form_class = ReturnForm

    @property
    def lead(self) -> Any:  # type: ignore[override]
        file = self.file
        names = {"n": file.number, "rows": file.rows, "yuan": f"{file.sum_fen / 100:,.2f}"}
        return _("第 %(n)s 号发放文件：%(rows)s 行，%(yuan)s 元。") % names

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        form = self.form(request.POST, request.FILES)
        if not form.is_valid():
            return self.show(self.form_context(form), status=422)
        try:
            outcome = self._read(form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
            return self.show(self.form_context(form), status=422)
        except FileRefused as refused:
            form.add_error("file", " ".join(refused.problem.texts(_)))
            return self.show(self.form_context(form), status=422)
        if outcome.findings:
            return self.show({**self.form_context(form), **self._told(outcome)}, status=422)
        messages.success(request, _said(outcome))
        return self.finished_quietly(outcome)

    def finished_quietly(self, outcome: Outcome) -> HttpResponseBase:
        from django.shortcuts import redirect

        return redirect(self.done_url(outcome))

    def _read(self, data: dict[str, Any]) -> Outcome:
        """The upload holds accounts: it lies in a file of its own only as long as it is read."""
        upload = data["file"]
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "return"
            with path.open("wb") as stream:
                stream.writelines(upload.chunks())
            return actions.read_return(
                self.actor, self.file, path=path, name=upload.name, format=data["format"]
            )

    def _told(self, outcome: Outcome) -> dict[str, Any]:
        rows = [(f.row, *f.problem.texts(_, value=f.value)) for f in outcome.findings[:500]]
        more = len(outcome.findings) - len(rows)
        count = len(outcome.findings)
        head = ngettext(
            "回盘有 %(n)s 处错误，整份没有入账；改正后再读。",
            "回盘有 %(n)s 处错误，整份没有入账；改正后再读。",
            count,
        )
        return {"findings": rows, "more": more, "head": head % {"n": count}}


def _said(outcome: Outcome) -> str:
    if outcome.again:
        return _("这份回盘此前已经读过，没有变动。")
    names = {"rows": outcome.rows, "paid": outcome.paid, "failed": outcome.failed, "known": outcome.known}
    return _("读取 %(rows)s 行：成功 %(paid)s，失败 %(failed)s，此前已回 %(known)s。") % names
