"""Clues: the list, and one clue beside the person's file."""

from __future__ import annotations

import json
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.cases.people import seat_of
from yanglao.registers.comparison import actions
from yanglao.registers.comparison.filters import ClueFilter
from yanglao.registers.comparison.forms import ConfirmForm, DismissForm, PurposeForm
from yanglao.registers.comparison.models import Clue
from yanglao.registers.doubles.queries import band_label, in_words, weights
from yanglao.registers.people import queries as people
from yanglao.registers.people.queries import kinds
from yanglao.shell.pages import Column, Crumb, Empty, ListPage, PageView
from yanglao.shell.pages.form import tell

CHECK = "comparison.check"


def _tone(clue: Clue) -> str:
    if clue.state == Clue.State.OPEN:
        return "bad" if clue.due_on < timezone.localdate() else "warn"
    return {"confirmed": "good", "dismissed": "dull"}.get(clue.state, "info")


HOW = {
    "exact": gettext_lazy("身份证号"),
    "scored": gettext_lazy("评分"),
    "absent": gettext_lazy("名单中缺少"),
}


class Clues(ListPage):
    """What other departments say otherwise; the most urgent first."""

    model = Clue
    right = "comparison.clues"
    title = gettext_lazy("比对线索")
    lead = gettext_lazy(
        "别的部门的数据与档案不一致。线索不会改动档案：核实属实后才登记，不采纳的以后不再提示。"
    )
    filterset = ClueFilter
    related = ("person",)
    order = "due_on"
    export_right = "people.export"
    columns = (
        Column("person", gettext_lazy("姓名"), link=True, value=lambda c: c.person.name),
        Column("suggestion", gettext_lazy("线索")),
        Column("on", gettext_lazy("日期"), kind="date"),
        Column("source", gettext_lazy("来源"), value=lambda c: c.source_name),
        Column("how", gettext_lazy("对上方式"), value=lambda c: str(HOW.get(c.how, c.how)), minor=True),
        Column("division_id", gettext_lazy("核实区划"), kind="division", sort="division"),
        Column("raised_at", gettext_lazy("发现时间"), kind="datetime", minor=True, shown=False),
        Column("due_on", gettext_lazy("核实期限"), kind="date", sort="due_on"),
        Column("state", gettext_lazy("状态"), tone=_tone),
        Column("verdict", gettext_lazy("结论"), shown=False),
        Column("reason", gettext_lazy("理由"), shown=False),
        Column("settled_by", gettext_lazy("核实人"), shown=False),
    )
    empty = Empty(gettext_lazy("没有待核实的线索"), gettext_lazy("比对出与档案不一致的情况时，会列在这里。"))


def source_words(source: str) -> str:
    """`import:12` as a person reads it."""
    kind, _colon, number = source.partition(":")
    return _("名册导入第%(number)s批") % {"number": number} if kind == "import" else source


def may_decide(actor: Actor, clue: Clue) -> bool:
    """Whether it lies at his desk; a clue without a case is for whoever may check there."""
    if clue.state != Clue.State.OPEN or not actor.can(CHECK, *clue.scope_codes()):
        return False
    task = actions.open_task(clue)
    return task is None or seat_of(actor, task.desk, task.place_id) is not None


class CluePage(PageView):
    """The source's row beside the person's file; here it is decided."""

    right = "comparison.clues"
    template = "comparison/clue.html"

    @cached_property
    def clue(self) -> Clue:
        found = Clue.objects.select_related("person", "first_delivery", "last_delivery", "case")
        clue: Clue = get_object_or_404(found, pk=self.kwargs["pk"])
        self.actor.require(self.right, *clue.scope_codes())
        return clue

    def page_title(self) -> Any:
        return _("%(name)s：%(what)s") % {"name": self.clue.person.name, "what": self.clue.suggestion}

    def crumbs(self) -> tuple[Crumb, ...]:
        return (Crumb(_("比对线索"), reverse("comparison:clues")),)

    def context(self) -> dict[str, Any]:
        return self.shown()

    def shown(self, **more: Any) -> dict[str, Any]:
        clue = self.clue
        may = may_decide(self.actor, clue)
        facts = people.facts_on(clue.person, timezone.localdate())
        return {
            "clue": clue,
            "person": clue.person,
            "how": HOW.get(clue.how, clue.how),
            "tone": _tone(clue),
            "band": band_label(weights().band(clue.score)) if clue.score is not None else "",
            "reasons": in_words(clue.levels) if clue.levels else [],
            "facts": [
                {
                    "kind": str(kinds()[f.kind]),
                    "value": kinds()[f.kind].name_of(f.value),
                    "since": f.valid_from,
                    "source": source_words(f.source),
                    "asked": f.kind == clue.kind,
                }
                for f in facts
                if f.kind in kinds() and kinds()[f.kind].form == "list"
            ],
            "others": list(
                Clue.objects.filter(person=clue.person_id).exclude(pk=clue.pk).order_by("-pk")[:10]
            ),
            "confirm_form": ConfirmForm(clue=clue, auto_id="confirm-%s") if may else None,
            "dismiss_form": DismissForm(auto_id="dismiss-%s") if may else None,
            "purpose_form": PurposeForm(auto_id="purpose-%s")
            if self.actor.can("people.reveal") and clue.row
            else None,
            "plain": None,
            **more,
        }


class Decide(CluePage):
    """A decision, by POST; what the action refuses is shown at its field on the same page."""

    right = CHECK

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return redirect(self.clue)

    def _refused(self, name: str, form: Any) -> HttpResponseBase:
        return self.show(self.shown(**{name: form}), status=422)

    def _next(self) -> HttpResponseBase:
        """The next clue that waits, the most urgent first."""
        messages.success(self.request, _("已处理：%(name)s。") % {"name": self.clue.person.name})
        following = Clue.objects.filter(state=Clue.State.OPEN).order_by("due_on", "pk").first()
        return redirect(following) if following is not None else redirect("comparison:clues")


class Confirm(Decide):
    """True: the fact is recorded."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        form = ConfirmForm(request.POST, request.FILES, clue=self.clue, auto_id="confirm-%s")
        if not form.is_valid():
            return self._refused("confirm_form", form)
        data = form.cleaned_data
        try:
            self.actor.require(CHECK, *self.clue.scope_codes())
            actions.confirm(
                self.actor,
                self.clue,
                on=data["on"],
                value=data.get("value", ""),
                how=data["how"],
                reason=data["reason"],
                attachment=data.get("evidence"),
            )
        except ValidationError as error:
            tell(form, error)
            return self._refused("confirm_form", form)
        return self._next()


class Dismiss(Decide):
    """Not true: remembered."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        form = DismissForm(request.POST, auto_id="dismiss-%s")
        if not form.is_valid():
            return self._refused("dismiss_form", form)
        try:
            actions.dismiss(self.actor, self.clue, **form.cleaned_data)
        except ValidationError as error:
            tell(form, error)
            return self._refused("dismiss_form", form)
        return self._next()


class Reveal(CluePage):
    """The row in clear, for a purpose."""

    right = "people.reveal"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return redirect(self.clue)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        form = PurposeForm(request.POST, auto_id="purpose-%s")
        if not form.is_valid():
            return self.show(self.shown(purpose_form=form), status=422)
        try:
            plain = actions.reveal(self.actor, self.clue, purpose=form.cleaned_data["purpose"])
        except ValidationError as error:
            tell(form, error)
            return self.show(self.shown(purpose_form=form), status=422)
        return self.show(self.shown(plain=json.loads(plain) if plain else []))
