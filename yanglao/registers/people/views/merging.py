"""Two files made one: the second is found, both are looked at side by side, and it is done or undone."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.kernel.scope import everything
from yanglao.registers.people import actions, forms, queries
from yanglao.registers.people.merging import undoing
from yanglao.registers.people.merging.preview import Line, Preview, preview
from yanglao.registers.people.models import Merge, Person
from yanglao.registers.people.views.changes import OfPerson
from yanglao.registers.people.views.person import value_text
from yanglao.shell.pages import Column, Crumb, Empty, FormPage, ListPage


class FindOther(OfPerson):
    """The second file, by its number or his resident id; typed into a form, never into an address."""

    right = "people.merge"
    title = gettext_lazy("合并档案")
    lead = gettext_lazy("同一人有两份档案时，把另一份并入这一份。下一步会先对照两份档案，再确认。")
    form_class = forms.FindOtherForm
    submit = gettext_lazy("对照两份档案")

    def perform(self, data: dict[str, Any]) -> Person:
        found = queries.find_file(data["other"])
        if found is None or found.pk == self.person.pk:
            raise ValidationError({"other": _("没有找到您可以办理的另一份档案：请核对编号或身份证号。")})
        return found

    def finished(self, result: Person) -> HttpResponseBase:
        return redirect("people:merge", keep=self.person.pk, drop=result.pk)


class MergeFiles(FormPage):
    """Both files side by side, a choice for what they disagree in, and the merge."""

    right = "people.merge"
    title = gettext_lazy("合并档案")
    template = "people/merge.html"
    form_class = forms.MergeForm
    submit = gettext_lazy("合并")
    danger = gettext_lazy("并入的档案将关闭，其记录归到保留的档案。误并的可以拆分。")
    done = gettext_lazy("已合并。误并的可在本页“并入的档案”处拆分。")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.actor.can(self.right):
            for person in (self.keep, self.drop):
                self.actor.require(self.right, *person.scope_codes())
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def keep(self) -> Person:
        return get_object_or_404(Person, pk=self.kwargs["keep"])

    @cached_property
    def drop(self) -> Person:
        if self.kwargs["drop"] == self.kwargs["keep"]:
            raise Http404("one file")
        return get_object_or_404(Person, pk=self.kwargs["drop"])

    @cached_property
    def seen(self) -> Preview:
        keep, drop = self.keep, self.drop  # found in the actor's own scope
        with everything("what hangs on two files the actor may merge"):
            return preview(keep, drop, value_text)

    def crumbs(self) -> tuple[Crumb, ...]:
        return (
            Crumb(_("老年人"), reverse("people:list")),
            Crumb(self.keep.name, self.keep.get_absolute_url()),
            Crumb(_("合并档案")),
        )

    def form_arguments(self) -> dict[str, Any]:
        asked = {line.key: line for line in (*self.seen.identity, *self.seen.facts) if line.asks}
        return {"asked": asked.values()}

    def form_context(self, form: Any) -> dict[str, Any]:
        return {
            **super().form_context(form),
            "keep": self.keep,
            "drop": self.drop,
            "seen": self.seen,
            "identity": [_shown(line, form) for line in self.seen.identity if line.keep or line.drop],
            "facts": [_shown(line, form) for line in self.seen.facts],
        }

    def perform(self, data: dict[str, Any]) -> Merge:
        reason = data.pop("reason")
        choices = {key: side for key, side in data.items() if side}
        return actions.merge(self.actor, self.keep, self.drop, choices=choices, reason=reason)

    def done_url(self, result: Merge) -> str:
        return self.keep.get_absolute_url()


def _shown(line: Line, form: Any) -> dict[str, Any]:
    """A line of the comparison with its two radio buttons, if it asks; (line, bound field, keep, drop)."""
    bound = form[line.key] if line.asks and line.key in form.fields else None
    radios = list(bound) if bound is not None else [None, None]
    return {"line": line, "field": bound, "keep": radios[0], "drop": radios[1]}


class Merges(ListPage):
    """Merges done, and undone."""

    model = Merge
    right = "people.merge"
    title = gettext_lazy("档案合并记录")
    related = ("kept", "dropped")
    order = "-at"
    columns = (
        Column(
            "kept", gettext_lazy("保留的档案"), link=True, value=lambda m: f"{m.kept.name}（{m.kept_id}）"
        ),
        Column("dropped", gettext_lazy("并入的档案"), value=lambda m: f"{m.dropped.name}（{m.dropped_id}）"),
        Column("reason", gettext_lazy("理由")),
        Column("actor", gettext_lazy("经办人")),
        Column("at", gettext_lazy("合并时间"), kind="datetime", sort="-at"),
        Column(
            "state",
            gettext_lazy("状态"),
            value=lambda m: str(_("已拆分") if m.undone_at else _("有效")),
            tone=lambda m: "dull" if m.undone_at else "good",
        ),
    )
    empty = Empty(
        gettext_lazy("没有合并过的档案"), gettext_lazy("同一人有两份档案时，在其中一份的页面选“合并档案”。")
    )

    def row_url(self, row: Any) -> str:
        return reverse("people:unmerge", args=[row.pk])


class Unmerge(FormPage):
    """One merge, and the way to undo it."""

    right = "people.merge"
    title = gettext_lazy("拆分档案")
    template = "people/unmerge.html"
    form_class = forms.ReasonForm
    submit = gettext_lazy("拆分")
    danger = gettext_lazy("合并时移过来的记录退回原档案；合并后新登记的留在保留的档案。")
    done = gettext_lazy("已拆分，两份档案都恢复到合并前。")

    @cached_property
    def merge(self) -> Merge:
        found = get_object_or_404(Merge.objects.select_related("kept", "dropped"), pk=self.kwargs["pk"])
        for person in (found.kept, found.dropped):
            self.actor.require(self.right, *person.scope_codes())
        return found

    def crumbs(self) -> tuple[Crumb, ...]:
        return (
            Crumb(_("老年人"), reverse("people:list")),
            Crumb(_("档案合并记录"), reverse("people:merges")),
            Crumb(self.merge.kept.name),
        )

    def form_context(self, form: Any) -> dict[str, Any]:
        merge = self.merge  # found in the actor's own scope
        with everything("what stands against undoing a merge the actor may undo"):
            obstacles = undoing.obstacles(merge)
        return {**super().form_context(form), "merge": merge, "obstacles": obstacles}

    def perform(self, data: dict[str, Any]) -> Merge:
        return actions.unmerge(self.actor, self.merge, **data)

    def done_url(self, result: Merge) -> str:
        return result.kept.get_absolute_url()
