"""Pages beside a unit's return: its review, evidence, workbook out and in, reminders."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from yanglao.kernel.files.responses import download
from yanglao.kernel.scope import contains
from yanglao.shell.pages import page
from yanglao.shell.sheets import FileRefused
from yanglao.steering.plans import actions, queries, show_returns
from yanglao.steering.plans.forms import ReasonForm
from yanglao.steering.plans.models import Return, ReturnFile, ReturnPart
from yanglao.steering.plans.sheet_returns import read_sheet, write_sheet
from yanglao.steering.plans.views import month_asked
from yanglao.steering.plans.views_returns import UnitPage, query_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ReviewPage(UnitPage):
    """A return beside the one before: accept it, or give it back with a reason."""

    right = "plans.view"
    template = "plans/review.html"

    def allowed(self, code: int) -> bool:
        return contains(self.actor.spans("plans.view"), code)

    def page_title(self) -> Any:
        return _("%(place)s %(month)s 月报审核") % {"place": self.unit_name, "month": f"{self.month:%Y-%m}"}

    @cached_property
    def report(self) -> Return | None:
        found = queries.versions(self.plan, self.division.code, self.month, self.department)
        asked = self.request.GET.get("version", "")
        if asked.isdigit():
            return found.filter(version=int(asked)).first()
        return found.exclude(state=Return.DRAFT).first() or found.first()

    def context(self) -> dict[str, Any]:
        return self._context(ReasonForm())

    def _context(self, form: ReasonForm) -> dict[str, Any]:
        if self.report is None:
            raise Http404
        before = queries.earlier_return(self.plan, self.division.code, self.month, self.department)
        found = queries.versions(self.plan, self.division.code, self.month, self.department)
        return {
            "form": form,
            "report": self.report,
            "rows": show_returns.review_rows(self.targets, self.report, before),
            "before": before,
            "files": queries.files_of(self.report),
            "versions": list(found),
            "unit_name": self.unit_name,
            "query": query_of(self.month, self.department),
            "division": self.division,
            "may_review": self.report.state == Return.SUBMITTED
            and self.actor.can("plans.manage", self.plan.division_id)
            and self.report.submitted_by_id != self.actor.user_id,
            "own": self.report.submitted_by_id == self.actor.user_id,
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.report is None:
            raise Http404
        form = ReasonForm(request.POST)
        back = request.POST.get("do") == "give_back"
        if back and not form.is_valid():
            return self.show(self._context(form), status=422)
        try:
            if back:
                actions.give_back(self.actor, report=self.report, reason=form.cleaned_data["reason"])
            else:
                actions.accept(self.actor, report=self.report)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect(self.here("plans:review"))
        messages.success(request, _("已退回，填报单位会在工作台看到原因。") if back else _("已审核通过。"))
        return redirect(self.list_url)


class EvidencePage(UnitPage):
    """Adds a file to a unit's draft."""

    http_method_names = ("post",)  # type: ignore[assignment]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        file, key = request.FILES.get("file"), request.POST.get("key", "")
        self.targets  # noqa: B018 - 404 where nothing is asked
        try:
            if file is None:
                raise ValidationError(_("请先选择文件。"))
            actions.attach(self.actor, **self.which, name=file.name or "", stream=file, key=key)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, _("已上传。"))
        return redirect(self.here())


class SheetPage(UnitPage):
    """The unit's table as a workbook (GET), and the filled-in workbook back (POST): wrong cells come back marked."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        made = io.BytesIO()
        before = queries.earlier_return(self.plan, self.division.code, self.month, self.department)
        now = queries.last_numbers(self.plan, self.division.code, self.month, self.department)
        remarks = queries.remarks_of(self.report)
        write_sheet(made, self.unit_name, self.month, self.targets, queries.numbers_of(before), now, remarks)
        return _workbook(made.getvalue(), f"{self.unit_name}{self.month:%Y-%m}{_('月报')}.xlsx")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        file = request.FILES.get("file")
        if file is None:
            messages.error(request, _("请先选择文件。"))
            return redirect(self.here())
        with tempfile.NamedTemporaryFile(suffix=Path(file.name or "x").suffix) as copy:
            for piece in file.chunks():
                copy.write(piece)
            copy.flush()
            try:
                read = read_sheet(Path(copy.name), file.name or "", self.targets, self.actor)
            except FileRefused as refused:
                messages.error(request, "。".join(text for text in refused.problem.texts(_) if text))
                return redirect(self.here())
        if read.marked:
            return _workbook(read.marked, f"{self.unit_name}-{_('标错')}.xlsx")
        try:
            note = self.report.note if self.report and not self.report.locked else ""
            actions.fill(self.actor, **self.which, numbers=read.numbers, remarks=read.remarks, remark=note)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(
                request, _("已读入 %(n)s 项，存为草稿，请核对后上报。") % {"n": len(read.numbers)}
            )
        return redirect(self.here())


def _workbook(content: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=XLSX)
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return answer


@page(right="plans.view")
def evidence(request: HttpRequest, slug: str, pk: int) -> HttpResponseBase:
    """A file of evidence, for who sees the return."""
    plan = queries.visible_plan(request.actor, slug)  # type: ignore[attr-defined]
    return download(_evidence(plan, pk).file)


def _evidence(plan: Any, pk: int) -> ReturnFile:
    """Within the reader's scope, which the return decides."""
    found = ReturnFile.objects.filter(pk=pk, report__in=Return.objects.filter(plan=plan))
    one = found.select_related("report__plan", "file").first()
    if one is None:
        raise Http404
    return one


@require_POST
@page(right="plans.report")
def detach(request: HttpRequest, slug: str, pk: int) -> HttpResponseBase:
    """Take evidence out of a draft."""
    actor = request.actor  # type: ignore[attr-defined]
    kept = _evidence(queries.visible_plan(actor, slug), pk)
    try:
        actions.detach(actor, evidence=kept)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("已删除。"))
    return _back_to(kept.report)


@require_POST
@page(right="plans.report")
def take_back(request: HttpRequest, slug: str, pk: int) -> HttpResponseBase:
    """Take a part back from a colleague."""
    actor = request.actor  # type: ignore[attr-defined]
    plan = queries.visible_plan(actor, slug)
    part = ReturnPart.objects.filter(pk=pk, report__in=Return.objects.filter(plan=plan)).first()
    if part is None:
        raise Http404
    try:
        actions.take_back(actor, part=part)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("已收回。"))
    return _back_to(part.report)


def _back_to(report: Return) -> HttpResponseBase:
    address = reverse("plans:fill", args=[report.plan.slug, report.division_id])
    return redirect(f"{address}?{query_of(report.month, report.department)}")


@require_POST
@page(right="plans.manage")
def remind(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Remind the units that have not reported: one, or all of them."""
    actor = request.actor  # type: ignore[attr-defined]
    plan = queries.visible_plan(actor, slug)
    actor.require("plans.manage", plan.division_id)
    month = month_asked(request, plan)
    silent = [(u.division.code, u.department) for u in queries.reporting(plan, month) if not u.submitted]
    asked = request.POST.get("unit", "")
    wanted = [unit for unit in silent if not asked or f"{unit[0]} {unit[1]}".strip() == asked]
    sent = actions.remind(actor, plan=plan, month=month, units=wanted)
    messages.success(request, _("已催报 %(n)s 个单位。") % {"n": sent})
    return redirect(f"{reverse('plans:returns', args=[slug])}?month={month:%Y-%m}")
