"""Publishing by a second person, taking back, exporting as a file, and comparing versions."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.entitlement.benefits.offered.queries import city_at
from yanglao.entitlement.policymaking import actions, difference, queries
from yanglao.entitlement.policymaking.forms import CommentForm, ReasonForm
from yanglao.entitlement.policymaking.models import Draft, Publication
from yanglao.entitlement.policymaking.queries import Version
from yanglao.entitlement.policymaking.views.drafts import TONES, OfDraft, home_crumb
from yanglao.shell.pages import Access, Crumb, FormPage, PageView


def compared(before: str, after: str) -> dict[str, Any]:
    """Both views of a difference, for the template."""
    return {"meaning": difference.by_meaning(before, after), "lines": difference.by_text(before, after)}


class Publish(OfDraft, FormPage):
    """Publish what another submitted: the changes are before one's eyes."""

    right = "policymaking.publish"
    form_class = CommentForm
    template = "policymaking/publish.html"
    title = gettext_lazy("发布政策")
    submit = gettext_lazy("发布")
    done = gettext_lazy("已发布。")

    def form_context(self, form: Any) -> dict[str, Any]:
        used = self.others.get(self.draft.name, "")
        return {**super().form_context(form), "draft": self.draft, **compared(used, self.draft.text)}

    def perform(self, data: dict[str, Any]) -> Publication:
        return actions.publish(self.actor, self.draft, comment=data["comment"])

    def done_url(self, result: Publication) -> str:
        return result.get_absolute_url()


class SendBack(OfDraft, FormPage):
    right = "policymaking.publish"
    form_class = ReasonForm
    title = gettext_lazy("退回草稿")
    submit = gettext_lazy("退回")
    done = gettext_lazy("已退回给编写人。")

    def perform(self, data: dict[str, Any]) -> Draft:
        return actions.send_back(self.actor, self.draft, reason=data["reason"])

    def done_url(self, result: Draft) -> str:
        return result.get_absolute_url()


class OfPublication(PageView):
    right = "policymaking.view"

    @cached_property
    def publication(self) -> Publication:
        return get_object_or_404(Publication.objects.select_related("city"), pk=self.kwargs["pk"])

    def crumbs(self) -> tuple[Crumb, ...]:
        return (home_crumb(), Crumb(self.publication.title, self.publication.get_absolute_url()))


class PublicationPage(OfPublication):
    """One publication: who, when, why, what it changed; how to take it back or into the folder."""

    template = "policymaking/publication.html"

    def page_title(self) -> str:
        return _("发布：%(title)s") % {"title": self.publication.title}

    def crumbs(self) -> tuple[Crumb, ...]:
        return (home_crumb(),)

    def context(self) -> dict[str, Any]:
        made = self.publication
        live = made.state in (Publication.State.WAITING, Publication.State.STANDING)
        return {
            "made": made,
            "tone": TONES[made.state],
            "may_withdraw": live and self.actor.can("policymaking.publish", made),
            **compared(made.before, made.text),
        }


class Withdraw(OfPublication, FormPage):
    right = "policymaking.publish"
    form_class = ReasonForm
    title = gettext_lazy("撤回发布")
    submit = gettext_lazy("撤回")
    done = gettext_lazy("已撤回，城市文件夹里的文本重新使用。")
    danger = gettext_lazy("撤回之后，以后的测算改用城市文件夹里的文本；已经算过的批次不变。")

    def perform(self, data: dict[str, Any]) -> Publication:
        return actions.withdraw(self.actor, self.publication, reason=data["reason"])

    def done_url(self, result: Publication) -> str:
        return result.get_absolute_url()


class PublicationFile(Access):
    """The published text as a file, to be put into the city's folder."""

    right = "policymaking.view"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        made = get_object_or_404(Publication, pk=pk)
        return as_file(made.name, made.text)


class DraftFile(Access):
    """A draft's latest text as a file."""

    right = "policymaking.view"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        draft = get_object_or_404(Draft, pk=pk)
        return as_file(draft.name, draft.text)


def as_file(name: str, text: str) -> HttpResponse:
    short = name.rpartition("/")[2]
    headers = {"Content-Disposition": f'attachment; filename="{short}"', "Cache-Control": "no-store"}
    return HttpResponse(text, content_type="application/yaml; charset=utf-8", headers=headers)


class Compare(PageView):
    """Two versions chosen from a list, by meaning and by text."""

    right = "policymaking.view"
    template = "policymaking/compare.html"
    title = gettext_lazy("版本比较")

    def versions(self) -> list[Version]:
        raise NotImplementedError

    def chosen(self) -> tuple[Version, Version]:
        """Asked for in the address; else the two latest, the later one on the right."""
        found = self.versions()
        if not found:
            raise Http404
        right = queries.find(found, self.request.GET.get("to", "")) or found[0]
        left = queries.find(found, self.request.GET.get("from", "")) or found[min(1, len(found) - 1)]
        return left, right

    def context(self) -> dict[str, Any]:
        left, right = self.chosen()
        return {
            "versions": self.versions(),
            "left": left,
            "right": right,
            **compared(left.text, right.text),
        }


class CompareDraft(Compare, OfDraft):
    def versions(self) -> list[Version]:
        return queries.versions(self.draft)


class History(Compare):
    """Every text a policy file had in this city, who put it there and when; any two compared."""

    title = gettext_lazy("各版历史")

    @cached_property
    def _found(self) -> list[Version]:
        city = city_at(self.actor.division or 0)
        return queries.history(city, self.request.GET.get("name", "")) if city else []

    def versions(self) -> list[Version]:
        return self._found

    def crumbs(self) -> tuple[Crumb, ...]:
        return (home_crumb(), Crumb(self.request.GET.get("name", ""), reverse("policymaking:home")))

    def context(self) -> dict[str, Any]:
        return {**super().context(), "name": self.request.GET.get("name", ""), "whole": True}
