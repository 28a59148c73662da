"""Pages of the library of examples (政策样例库): the index with its filter, and one policy with its cases."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django import forms
from django.http import Http404
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from yanglao.entitlement.benefits import library
from yanglao.entitlement.benefits.explaining import told_policy
from yanglao.entitlement.benefits.library_words import case_told, grids, said
from yanglao.entitlement.benefits.rules.policy import TENTATIVE
from yanglao.shell.pages import Crumb, PageView


class LibraryForm(forms.Form):
    """What to show of the library; everything when nothing is chosen."""

    q = forms.CharField(label=gettext_lazy("名称、地方"), required=False, max_length=40)
    kind = forms.ChoiceField(label=gettext_lazy("种类"), required=False)
    shape = forms.ChoiceField(label=gettext_lazy("形状"), required=False)
    subject = forms.ChoiceField(label=gettext_lazy("发给"), required=False)
    province = forms.ChoiceField(label=gettext_lazy("地方"), required=False)

    def __init__(self, data: Any, entries: tuple[library.Entry, ...]) -> None:
        super().__init__(data)
        used = {shape for entry in entries for shape in entry.shapes.split()}
        provinces = sorted({entry.province for entry in entries})
        self._choose(
            "kind", [(k, said(w)) for k, w in library.KINDS.items() if k in {e.kind for e in entries}]
        )
        self._choose("shape", [(k, said(w)) for k, w in library.SHAPES.items() if k in used])
        self._choose(
            "subject", sorted({(e.subject, library.subject_label(e.subject, _english())) for e in entries})
        )
        self._choose("province", [(str(code), library.place(code)) for code in provinces])

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("全部")), *choices]

    def keeps(self, entry: library.Entry) -> bool:
        """Whether what was chosen lets this entry through."""
        wanted = self.cleaned_data if self.is_valid() else {}
        words = f"{entry.place} {entry.title} {entry.title_en} {entry.id}".lower()
        return (
            str(wanted.get("q") or "").lower() in words
            and wanted.get("kind") in ("", None, entry.kind)
            and wanted.get("subject") in ("", None, entry.subject)
            and wanted.get("province") in ("", None, str(entry.province))
            and (not wanted.get("shape") or wanted["shape"] in entry.shapes.split())
        )


def _english() -> bool:
    return (get_language() or "").startswith("en")


class LibraryPage(PageView):
    right = "benefits.view"
    title = gettext_lazy("政策样例库")
    template = "benefits/library.html"

    def context(self) -> dict[str, Any]:
        entries = library.entries()
        form = LibraryForm(self.request.GET, entries)
        found = [_line(entry) for entry in entries if form.keeps(entry)]
        return {"form": form, "found": found, "number": len(found), "total": len(entries)}


def _line(entry: library.Entry) -> dict[str, Any]:
    """An entry in the words of the page."""
    return {
        "id": entry.id,
        "title": said((entry.title, entry.title_en)),
        "place": entry.place,
        "kind": said(library.KINDS[entry.kind]),
        "shapes": _("、").join(said(library.SHAPES[s]) for s in entry.shapes.split()),
        "sure": said(library.CONFIDENCE[entry.least_sure]),
        "tentative": entry.least_sure in TENTATIVE,
        "cases": entry.cases,
        "given": entry.published + entry.reported,
    }


class ExamplePage(PageView):
    """One policy of the library: what it says, its figures as tables, its cases with what comes out."""

    right = "benefits.view"
    template = "benefits/example.html"

    @cached_property
    def example(self) -> library.Example:
        try:
            return library.example(self.kwargs["policy"])
        except LookupError:
            raise Http404 from None

    def page_title(self) -> str:
        title = self.example.raw["title"]
        return f"{library.place(self.example.policy.division)} {said((title['zh'], title['en']))}"

    def crumbs(self) -> tuple[Crumb, ...]:
        policies = Crumb(_("待遇政策"), reverse("benefits:policies"))
        return (policies, Crumb(_("政策样例库"), reverse("benefits:library")))

    def context(self) -> dict[str, Any]:
        raw = self.example.raw
        return {
            "policy": told_policy(self.example.policy),
            "paper": raw["document"],
            "sure": said(library.CONFIDENCE[library.least_sure(raw)]),
            "tentative": library.least_sure(raw) in TENTATIVE,
            "kind": said(library.KINDS[raw["kind"]]),
            "may_draft": self.actor.can("policymaking.draft"),
            "grids": grids(raw),
            "cases": [case_told(result) for result in self.example.results],
        }
