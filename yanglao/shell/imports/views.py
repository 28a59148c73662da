from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yanglao.kernel.accounts.actor import Forbidden
from yanglao.kernel.files.responses import download as give_out
from yanglao.kernel.jobs.queries import visible_to
from yanglao.kernel.rooms import house
from yanglao.shell.imports import actions, queries
from yanglao.shell.imports.forms import CommitForm, UploadForm
from yanglao.shell.imports.models import ImportBatch
from yanglao.shell.imports.reporting import shown_groups, shown_refusal
from yanglao.shell.sheets import ImportTemplate
from yanglao.shell.sheets.write_template import write_template

PAGE = 30
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _template(request: Any, name: str) -> ImportTemplate:
    template: ImportTemplate | None = house().imports.get(name)
    if template is None:
        raise Http404
    request.actor.require(actions.USE)
    request.actor.require(template.right)
    if queries.home(request.actor, template) is None:
        raise Forbidden(_("这种导入按区划使用，您的岗位只管本单位的数据。"))
    return template


def _batch(request: Any, pk: int) -> ImportBatch:
    """404 outside his divisions, 403 without the right."""
    request.actor.require(actions.USE)
    found = ImportBatch.objects.select_related("division", "run", "file", "marked")
    batch: ImportBatch = get_object_or_404(found, pk=pk)
    if batch.declared is not None:
        request.actor.require(batch.declared.right, batch)
    return batch


@require_GET
@login_required
def index(request: Any) -> HttpResponse:
    """What can be imported, and what was; `?before=` goes on after the last one shown."""
    request.actor.require(actions.USE)
    found = queries.batches(request.actor)
    if (before := request.GET.get("before", "")).isdigit():
        found = found.filter(pk__lt=int(before))
    page = list(found[: PAGE + 1])
    context = {
        "templates": queries.offered(request.actor),
        "batches": page[:PAGE],
        "more": page[PAGE - 1].pk if len(page) > PAGE else None,
    }
    return render(request, "imports/index.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def start(request: Any, name: str) -> HttpResponse:
    """One kind of import: its template to download, the filled file to upload."""
    template = _template(request, name)
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if form.is_valid():
        home = queries.home(request.actor, template)
        if home is None:
            raise Http404
        file = form.cleaned_data["file"]
        try:
            batch = actions.upload(
                request.actor,
                template=template.name,
                name=file.name,
                stream=file,
                division=home.division,
                organisation=home.organisation,
            )
            return redirect(batch)
        except ValidationError as error:
            form.add_error("file", error)
    return render(request, "imports/start.html", {"template": template, "form": form})


@require_GET
@login_required
def template_file(request: Any, name: str) -> HttpResponseBase:
    """The empty workbook."""
    template = _template(request, name)
    stream = io.BytesIO()
    write_template(stream, template)
    stream.seek(0)
    file_name = _("%(label)s（模板）.xlsx") % {"label": template.label}
    return FileResponse(stream, as_attachment=True, filename=file_name, content_type=XLSX)


@require_GET
@login_required
def batch(request: Any, pk: int) -> HttpResponse:
    """The report; while a job is at work, its progress."""
    found = _batch(request, pk)
    context = {
        "batch": found,
        "groups": shown_groups(found.report),
        "refusal": shown_refusal(found.report),
        "same": queries.same_file(found) if found.state == found.State.CHECKED else None,
        "own_run": bool(found.run and visible_to(request.actor).filter(pk=found.run.pk).exists()),
        "template": found.declared,
    }
    return render(request, "imports/batch.html", context)


def _change(request: Any, pk: int, change: Callable[[ImportBatch], Any]) -> HttpResponse:
    found = _batch(request, pk)
    try:
        change(found)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect(found)


@require_POST
@login_required
def commit(request: Any, pk: int) -> HttpResponse:
    form = CommitForm(request.POST)
    form.is_valid()  # two tick boxes, both optional
    return _change(request, pk, lambda b: actions.begin_commit(request.actor, b, **form.choices()))


@require_POST
@login_required
def undo(request: Any, pk: int) -> HttpResponse:
    return _change(request, pk, lambda b: actions.begin_undo(request.actor, b))


@require_POST
@login_required
def cancel(request: Any, pk: int) -> HttpResponse:
    return _change(request, pk, lambda b: actions.cancel(request.actor, b))


@require_POST
@login_required
def download(request: Any, pk: int, what: str) -> HttpResponseBase:
    """The marked workbook or the file as it was uploaded. A POST, for it is recorded."""
    found = _batch(request, pk)
    try:
        stored = actions.download(request.actor, found, what)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(found)
    return give_out(stored)
