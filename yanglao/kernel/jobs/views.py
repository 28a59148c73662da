from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from yanglao.kernel.jobs import actions
from yanglao.kernel.jobs.context import JobFailed
from yanglao.kernel.jobs.models import JobRun
from yanglao.kernel.jobs.queries import visible_to

PAGE = 50


def _found(request: Any, run_id: UUID) -> JobRun:
    return get_object_or_404(visible_to(request.actor), pk=run_id)


@require_GET
@login_required
def runs(request: Any) -> HttpResponse:
    """Background work, newest first; `?before=` goes on after the last one shown."""
    request.actor.require(actions.OWN)
    found = visible_to(request.actor)
    state = request.GET.get("state", "")
    if state in JobRun.State.values:
        found = found.filter(state=state)
    if before := request.GET.get("before", ""):
        last = get_object_or_404(visible_to(request.actor), pk=_uuid(before))
        found = found.filter(created_at__lt=last.created_at)
    page = list(found[: PAGE + 1])
    more = page[PAGE - 1].pk if len(page) > PAGE else ""
    context = {"runs": page[:PAGE], "state": state, "states": JobRun.State.choices, "more": more}
    return render(request, "jobs/list.html", context)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@require_GET
@login_required
def run(request: Any, run_id: UUID) -> HttpResponse:
    """One run: the whole page, or for htmx only the fragment that shows how far it is."""
    request.actor.require(actions.OWN)
    found = _found(request, run_id)
    if not request.htmx:
        return render(request, "jobs/run.html", {"run": found})
    response = render(request, "jobs/progress.html", {"run": found})
    if found.finished:
        response["HX-Trigger"] = "job-finished"
    return response


@require_POST
@login_required
def cancel(request: Any, run_id: UUID) -> HttpResponse:
    actions.cancel(request.actor, _found(request, run_id))
    return _answer(request, run_id)


@require_POST
@login_required
def restart(request: Any, run_id: UUID) -> HttpResponse:
    try:
        actions.restart(request.actor, _found(request, run_id))
    except JobFailed as error:
        messages.error(request, str(error))
    return _answer(request, run_id)


def _answer(request: HttpRequest, run_id: UUID) -> HttpResponse:
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "jobs/progress.html", {"run": _found(request, run_id)})
    return redirect("jobs:run", run_id)
