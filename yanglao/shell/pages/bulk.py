"""One action on many rows of a list: choose, look at what it will touch, confirm, done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from yanglao.kernel.accounts.actor import Actor
from yanglao.shell.pages.form import tell

if TYPE_CHECKING:
    from yanglao.shell.pages.listing import ListPage


@dataclass(frozen=True)
class BulkAction:
    """`run(actor, rows, data)` calls a room's action and returns the sentence that tells what was done.

    `rows` is a queryset of what was picked, never wider than what the user may see; `data` what `form` asked for.
    `explain` says beforehand what will happen. `dangerous` colours the button and asks once more.
    """

    name: str
    label: Any
    right: str
    run: Callable[[Actor, QuerySet[Any], dict[str, Any]], str]
    explain: Any = ""
    icon: str = "checklist"
    form: type[forms.Form] | None = None
    dangerous: bool = False
    most: int = 1000


def respond(page: ListPage, wanted: BulkAction) -> HttpResponseBase:
    """The confirming page, or the deed when it was confirmed."""
    data = page.request.POST
    picked = data.getlist("pick")[: wanted.most + 1]
    rows = page.matching.filter(pk__in=[p for p in picked if p.isdigit()])
    if not picked:
        messages.warning(page.request, _("请先勾选要处理的行。"))
        return redirect(page.request.get_full_path())
    if len(picked) > wanted.most:
        messages.warning(page.request, _("一次最多处理 %(most)d 行，请减少勾选。") % {"most": wanted.most})
        return redirect(page.request.get_full_path())
    confirmed = "confirmed" in data
    form = wanted.form(data if confirmed else None) if wanted.form else None
    if confirmed and (form is None or form.is_valid()) and _done(page, wanted, rows, form):
        return redirect(page.request.get_full_path())
    return page.show(_context(page, wanted, rows, form), status=422 if confirmed else 200)


def _done(page: ListPage, wanted: BulkAction, rows: QuerySet[Any], form: forms.Form | None) -> bool:
    try:
        messages.success(page.request, wanted.run(page.actor, rows, form.cleaned_data if form else {}))
    except ValidationError as error:
        if form is None:
            messages.error(page.request, " ".join(error.messages))
        else:
            tell(form, error)
        return False
    return True


def _context(
    page: ListPage, wanted: BulkAction, rows: QuerySet[Any], form: forms.Form | None
) -> dict[str, Any]:
    page.template = "shell/bulk.html"  # type: ignore[misc]
    shown = list(rows.order_by("pk")[:20])
    count = rows.order_by().count()
    return {
        "title": wanted.label,
        "list_title": page.page_title(),
        "wanted": wanted,
        "form": form,
        "picked": [r.pk for r in rows.order_by("pk").only("pk")],
        "shown": [page._row(r) for r in shown],
        "count": count,
        "more": count - len(shown),
        "back": page.request.get_full_path(),
    }
