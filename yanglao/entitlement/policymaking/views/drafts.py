"""Drafts: the list, the editor with form and text side by side, saving, handing over."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.entitlement.policymaking import actions, editing, queries
from yanglao.entitlement.policymaking.blank import blank_text
from yanglao.entitlement.policymaking.forms import BeginForm, ReasonForm, SubmitForm
from yanglao.entitlement.policymaking.models import Draft, Publication, Study
from yanglao.entitlement.policymaking.yaml_edit import Unreadable
from yanglao.shell.pages import Access, Crumb, FormPage, PageView

TONES = {
    "open": "info",
    "submitted": "warn",
    "published": "good",
    "dropped": "dull",
    "waiting": "warn",
    "standing": "good",
    "replaced": "dull",
    "withdrawn": "bad",
    "done": "good",
    "failed": "bad",
}


def home_crumb() -> Crumb:
    return Crumb(_("政策编制"), reverse("policymaking:home"))


class Home(PageView):
    """Drafts, publications and the policies in use."""

    right = "policymaking.view"
    title = gettext_lazy("政策编制")
    template = "policymaking/home.html"

    def context(self) -> dict[str, Any]:
        return {
            "drafts": [(d, TONES[d.state]) for d in Draft.objects.order_by("-changed_at", "-id")[:60]],
            "publications": [
                (p, TONES[p.state]) for p in Publication.objects.order_by("-published_at", "-id")[:60]
            ],
            "used": [
                (n, queries.title_in(t, n)) for n, t in queries.in_use(self.actor.division or 0).items()
            ],
            "studies": [
                (s, TONES.get(s.state, "info")) for s in Study.objects.order_by("-created_at", "-id")[:30]
            ],
            "may_draft": self.actor.can("policymaking.draft"),
            "may_simulate": self.actor.can("policymaking.simulate"),
        }


class Begin(FormPage):
    """Begin a draft: blank, from a policy in use, or from the library."""

    right = "policymaking.draft"
    title = gettext_lazy("起草政策")
    lead = gettext_lazy("草稿不影响发放：试算、送审、由另一个人发布之后才启用。")
    submit = gettext_lazy("开始起草")
    done = gettext_lazy("草稿已建立。")
    form_class = BeginForm

    def crumbs(self) -> tuple[Crumb, ...]:
        return (home_crumb(),)

    @property
    def _division(self) -> int:
        if self.actor.division is None:
            raise Http404
        return self.actor.division

    def form_arguments(self) -> dict[str, Any]:
        return {"division": self._division}

    def initial(self) -> dict[str, Any]:
        return {"source": self.request.GET.get("source", "")}

    def perform(self, data: dict[str, Any]) -> Draft:
        key = data["source"]
        found = queries.source(self._division, key) if key else None
        text = found.text if found else blank_text(data["name"], self._division)
        name = key.removeprefix("use:") if key.startswith("use:") else f"policies/{data['name']}.yaml"
        base = found.text if found and key.startswith("use:") else ""
        origin = found.title if found else ""
        return actions.open_draft(
            self.actor, division=self._division, name=name, text=text, origin=origin, base=base
        )

    def done_url(self, result: Draft) -> str:
        return reverse("policymaking:edit", args=[result.pk])


class OfDraft(PageView):
    """A page about one draft."""

    right = "policymaking.view"

    @cached_property
    def draft(self) -> Draft:
        return get_object_or_404(Draft.objects.select_related("city", "case"), pk=self.kwargs["pk"])

    @cached_property
    def others(self) -> dict[str, str]:
        return queries.in_use(self.draft.division_id)

    def crumbs(self) -> tuple[Crumb, ...]:
        return (home_crumb(), Crumb(self.draft.title, self.draft.get_absolute_url()))


class DraftPage(OfDraft):
    """Where a draft stands, its versions, its cases and what may be done next."""

    template = "policymaking/draft.html"

    def page_title(self) -> str:
        return self.draft.title

    def crumbs(self) -> tuple[Crumb, ...]:
        return (home_crumb(),)

    def context(self) -> dict[str, Any]:
        draft = self.draft
        may = {
            right: self.actor.can(f"policymaking.{right}", draft)
            for right in ("draft", "publish", "simulate")
        }
        return {
            "draft": draft,
            "tone": TONES[draft.state],
            "shown": editing.show(draft.name, draft.text, self.others),
            "versions": queries.versions(draft),
            "against": "use" if self.others.get(draft.name) else "base" if draft.base else "",
            "may": may,
            "studies": [(s, TONES.get(s.state, "info")) for s in draft.studies.order_by("-created_at")[:20]],
            "publications": [(p, TONES[p.state]) for p in draft.publications.order_by("-published_at")],
        }


class Edit(OfDraft):
    """The editor. A POST keeps a version; without scripts it also applies the form's fields."""

    right = "policymaking.draft"
    template = "policymaking/edit.html"

    def page_title(self) -> str:
        return _("编写：%(title)s") % {"title": self.draft.title}

    def context(self) -> dict[str, Any]:
        return self._both(self.draft.text)

    def _both(self, text: str, refused: str = "", why: str = "") -> dict[str, Any]:
        shown = editing.show(self.draft.name, text, self.others, refused)
        return {"draft": self.draft, "shown": shown, "why": why}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.draft.state != Draft.State.OPEN:
            return redirect(self.draft.get_absolute_url())
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.actor.require("policymaking.draft", self.draft)
        posted = request.POST.dict()
        text, refused = _applied(posted, "")
        if refused or editing.ORDER in posted:
            return self.show(self._both(text, refused), status=422 if refused else 200)
        try:
            number = int(posted.get("number") or 0)
            actions.save(self.actor, self.draft, text=text, number=number, why=posted.get("why", ""))
        except (ValidationError, ValueError) as error:
            refused = " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
            return self.show(self._both(text, refused), status=422)
        goes = "policymaking:draft" if "leave" in posted else "policymaking:edit"
        return redirect(goes, self.draft.pk)


def _applied(posted: dict[str, str], trigger: str) -> tuple[str, str]:
    text = posted.get("text", "").replace("\r\n", "\n")
    try:
        return editing.changed(text, posted, trigger), ""
    except Unreadable:
        return text, _("文本现在不是完整的 YAML，表单改不了。请先按提示改正文本。")
    except ValidationError as error:
        return text, " ".join(error.messages)


class Check(Access):
    """As you type: what is wrong and what the form says, for the text that was sent. Nothing is kept."""

    right = "policymaking.draft"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        draft = get_object_or_404(Draft, pk=pk)
        posted = request.POST.dict()
        trigger = request.headers.get("HX-Trigger-Name", "")
        text, refused = _applied(posted, trigger or "text")
        shown = editing.show(draft.name, text, queries.in_use(draft.division_id), refused)
        by_form = trigger.startswith(editing.FIELD) or trigger == editing.ORDER
        context = {"draft": draft, "shown": shown, "whole": by_form}
        return TemplateResponse(request, "policymaking/parts/both.html", context)


class Submit(OfDraft, FormPage):
    """Hand a draft over to the one who publishes."""

    right = "policymaking.draft"
    form_class = SubmitForm
    title = gettext_lazy("送审发布")
    lead = gettext_lazy("送审之后不能再改；由另一位有发布权限的人发布或退回。")
    submit = gettext_lazy("送审")
    done = gettext_lazy("已送审，等待另一位同事发布。")

    def perform(self, data: dict[str, Any]) -> Draft:
        return actions.submit(self.actor, self.draft, **data)

    def done_url(self, result: Draft) -> str:
        return result.get_absolute_url()


class Drop(OfDraft, FormPage):
    """Set a draft aside."""

    right = "policymaking.draft"
    form_class = ReasonForm
    title = gettext_lazy("放弃草稿")
    submit = gettext_lazy("放弃")
    done = gettext_lazy("草稿已放弃，各版仍可查看。")
    danger = gettext_lazy("放弃之后不能继续编写；各版仍可查看，也可以重新起草。")

    def perform(self, data: dict[str, Any]) -> Draft:
        return actions.drop(self.actor, self.draft, reason=data["reason"])

    def done_url(self, result: Draft) -> str:
        return result.get_absolute_url()
