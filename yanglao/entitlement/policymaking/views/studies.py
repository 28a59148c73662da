"""Trying a draft: on an invented subject, on a frozen month; simulation of years; the results and their workbook."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.entitlement.benefits.offered.queries import month_text
from yanglao.entitlement.policymaking import actions, queries, studies, yaml_edit
from yanglao.entitlement.policymaking.fields import parameters
from yanglao.entitlement.policymaking.models import Draft, Study
from yanglao.entitlement.policymaking.showing import dressed, workbook
from yanglao.entitlement.policymaking.tasks import run_study
from yanglao.entitlement.policymaking.trying import FactsForm, tried
from yanglao.entitlement.policymaking.views.drafts import TONES, OfDraft, home_crumb
from yanglao.entitlement.policymaking.words import option_of
from yanglao.kernel.jobs import enqueue
from yanglao.kernel.jobs.queries import visible_to
from yanglao.shell.pages import Access, Crumb, FormPage, PageView


class Try(OfDraft):
    """A draft on an invented subject, month by month, clause by clause. Nothing that is typed is kept."""

    right = "policymaking.view"
    template = "policymaking/try.html"

    def page_title(self) -> str:
        return _("试一个人：%(title)s") % {"title": self.draft.title}

    @cached_property
    def policy(self) -> Any:
        return queries.policy_of(self.draft.text, self.draft.name, self.others)

    @cached_property
    def policies(self) -> list[Any]:
        """The draft's policy first, then those of its city about the same kind of subject."""
        others = [
            p
            for p in queries.book_in_use(self.draft.division_id).policies
            if p.path != self.draft.name
            and p.id != self.policy.id
            and p.subject.name == self.policy.subject.name
        ]
        return [self.policy, *others]

    def context(self) -> dict[str, Any]:
        return self._page(FactsForm(policies=self.policies) if self.policy else None)

    def _page(self, form: FactsForm | None, rows: Any = None) -> dict[str, Any]:
        return {
            "draft": self.draft,
            "form": form,
            "rows": rows,
            "total": sum(r.fen for r in rows or ()),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.policy:
            return self.show(self._page(None), status=422)
        form = FactsForm(request.POST, policies=self.policies)
        if not form.is_valid():
            return self.show(self._page(form), status=422)
        rows = tried(self.policy, self.policies, form.cleaned_data["months"], form.facts())
        return self.show(self._page(form, rows))


class Trial(OfDraft, FormPage):
    """Compute a draft on the latest frozen month, beside what is in use."""

    right = "policymaking.simulate"
    form_class = forms.Form
    title = gettext_lazy("在上月快照上试算")
    submit = gettext_lazy("开始试算")
    done = gettext_lazy("已开始试算。")

    @property
    def lead(self) -> Any:
        run, month = studies.latest_month(self.draft.division_id)
        said = {"month": str(month), "run": run.title if run else _("现在的登记（没有留存的快照）")}
        return _("用 %(run)s 的事实，按 %(month)s 把在用的政策和草稿各算一遍，只留合计，不影响发放。") % said

    def perform(self, data: dict[str, Any]) -> Study:
        draft = self.draft
        made = actions.open_study(
            self.actor,
            division=draft.division_id,
            kind=Study.Kind.TRIAL,
            title=_("试算：%(title)s 第 %(n)s 版") % {"title": draft.title, "n": draft.number},
            month=int(studies.latest_month(draft.division_id)[1]),
            scenarios=[studies.scenario(draft.title, {draft.name: draft.text})],
            draft=draft,
        )
        enqueue(self.actor, run_study, key=f"study {made.pk}", study_id=made.pk)
        return made

    def done_url(self, result: Study) -> str:
        return result.get_absolute_url()


class SimulateForm(forms.Form):
    """Scenarios: drafts, and single figures changed."""

    title = forms.CharField(label=gettext_lazy("名称"), max_length=100)
    drafts = forms.MultipleChoiceField(
        label=gettext_lazy("草稿（每份算一个方案）"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self, *args: Any, choices: list[tuple[str, str]], figures: list[tuple[str, str]], **kwargs: Any
    ):
        super().__init__(*args, **kwargs)
        self.fields["drafts"].choices = choices  # type: ignore[attr-defined]
        for n in (1, 2, 3):
            self.fields[f"figure_{n}"] = forms.ChoiceField(
                label=_("方案%(n)s：把这个数") % {"n": n},
                required=False,
                choices=[("", _("不用这个方案")), *figures],
            )
            self.fields[f"value_{n}"] = forms.DecimalField(
                label=_("改为"), required=False, min_value=0, max_digits=12, decimal_places=2
            )

    def scenarios(self) -> list[tuple[Any, Any]]:
        """Per scenario of one figure: which, and its new value."""
        return [(self[f"figure_{n}"], self[f"value_{n}"]) for n in (1, 2, 3)]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for n in (1, 2, 3):
            if data.get(f"figure_{n}") and data.get(f"value_{n}") is None:
                self.add_error(f"value_{n}", _("写明改为多少。"))
            if data.get(f"value_{n}") is not None and not data.get(f"figure_{n}"):
                self.add_error(f"figure_{n}", _("选择要改的数。"))
        return data


class Simulate(FormPage):
    """What changed policies would cost this year and the next five, side by side."""

    right = "policymaking.simulate"
    template = "policymaking/simulate.html"
    title = gettext_lazy("政策模拟")
    lead = gettext_lazy(
        "改一个数、一档或一整项政策，看今年和以后五年各花多少，谁多得、谁少得。用最近一次冻结的事实，只留合计。"
    )
    submit = gettext_lazy("开始模拟")
    done = gettext_lazy("已开始模拟。")
    form_class = SimulateForm

    def crumbs(self) -> tuple[Crumb, ...]:
        return (home_crumb(),)

    @property
    def _division(self) -> int:
        if self.actor.division is None:
            raise Http404
        return self.actor.division

    @cached_property
    def used(self) -> dict[str, str]:
        return queries.in_use(self._division)

    @cached_property
    def open_drafts(self) -> list[Draft]:
        states = (Draft.State.OPEN, Draft.State.SUBMITTED)
        return list(Draft.objects.filter(state__in=states).order_by("-changed_at", "-id")[:30])

    def form_arguments(self) -> dict[str, Any]:
        choices = [(str(d.pk), f"{d.title} {_('第 %(n)s 版') % {'n': d.number}}") for d in self.open_drafts]
        return {"choices": choices, "figures": list(self._figures())}

    def initial(self) -> dict[str, Any]:
        return {
            "title": _("模拟 %(day)s") % {"day": timezone.localdate().isoformat()},
            "drafts": [self.request.GET.get("draft", "")],
        }

    def form_context(self, form: forms.BaseForm) -> dict[str, Any]:
        return {**super().form_context(form), "may_draft": self.actor.can("policymaking.draft")}

    def _figures(self) -> Any:
        """Every figure of the policies in use, by its latest value: key `file|path`."""
        for name, text in self.used.items():
            title = queries.title_in(text, name)
            for table in parameters(yaml_edit.load(text)):
                for column, figure in zip(
                    table.columns, table.rows[-1].figures if table.rows else (), strict=False
                ):
                    if figure and figure.value:
                        words = " · ".join(filter(None, (title, table.head[0].value, _column(column))))
                        said = {"figure": figure.value, "unit": option_of("", table.head[2].value)}
                        yield f"{name}|{figure.path}", words + _("（现在 %(figure)s %(unit)s）") % said

    def perform(self, data: dict[str, Any]) -> Study:
        chosen = {str(d.pk): d for d in self.open_drafts}
        scenarios = [
            studies.scenario(chosen[pk].title, {chosen[pk].name: chosen[pk].text})
            for pk in data["drafts"]
            if pk in chosen
        ]
        words = dict(self._figures())
        for n in (1, 2, 3):
            if key := data.get(f"figure_{n}"):
                name, _sep, path = key.partition("|")
                value = f"{data[f'value_{n}'].normalize():f}"
                text = yaml_edit.put(self.used[name], yaml_edit.split(path), value)
                scenarios.append(
                    studies.scenario(
                        _("%(figure)s改为 %(new)s") % {"figure": words[key], "new": value}, {name: text}
                    )
                )
        if len(scenarios) > 4:
            raise ValidationError(_("一次最多比较四个方案。"))
        made = actions.open_study(
            self.actor,
            division=self._division,
            kind=Study.Kind.SIMULATION,
            title=data["title"],
            month=int(studies.latest_month(self._division)[1]),
            scenarios=scenarios,
        )
        enqueue(self.actor, run_study, key=f"study {made.pk}", study_id=made.pk)
        return made

    def done_url(self, result: Study) -> str:
        return result.get_absolute_url()


def _column(keys: str) -> str:
    """A bracket in words: 80 档, dibao/80 档, 其余."""
    if keys == "*":
        return _("其余")
    return _("%(key)s 档") % {"key": keys.replace("*", _("其余"))} if keys else ""


class StudyPage(PageView):
    """A study's figures: totals, years, who gains and who loses."""

    right = "policymaking.view"
    template = "policymaking/study.html"

    @cached_property
    def study(self) -> Study:
        return get_object_or_404(Study.objects.select_related("draft"), pk=self.kwargs["pk"])

    def page_title(self) -> str:
        return self.study.title

    def crumbs(self) -> tuple[Crumb, ...]:
        draft = self.study.draft
        return (home_crumb(), *((Crumb(draft.title, draft.get_absolute_url()),) if draft else ()))

    def context(self) -> dict[str, Any]:
        study = self.study
        job = None
        if study.state == Study.State.WAITING:
            job = (
                visible_to(self.actor).filter(name="policymaking.study", arguments__study_id=study.pk).first()
            )
        return {
            "study": study,
            "month_text": month_text(study.month),
            "tone": TONES.get(study.state, "info"),
            "job": job,
            "shown": dressed(study) if study.state == Study.State.DONE else None,
        }


class StudyWorkbook(Access):
    """All figures of a study as an Excel workbook."""

    right = "policymaking.view"

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        study = get_object_or_404(Study, pk=pk)
        if study.state != Study.State.DONE:
            return redirect(study.get_absolute_url())
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        headers = {
            "Content-Disposition": f'attachment; filename="study-{study.pk}.xlsx"',
            "Cache-Control": "no-store",
        }
        return HttpResponse(workbook(study), content_type=kind, headers=headers)
