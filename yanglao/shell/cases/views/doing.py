"""What one does to a case: each a form that calls the engine's action."""

from __future__ import annotations

from functools import cached_property
from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yanglao.kernel.cases import actions, queries
from yanglao.kernel.cases.doing import competent
from yanglao.kernel.cases.models import Case, Task
from yanglao.kernel.cases.schema import Duty, Outcome, Paper
from yanglao.kernel.files.actions import store
from yanglao.kernel.rooms import house
from yanglao.kernel.scope import everything
from yanglao.shell.cases import forms
from yanglao.shell.cases.queries import ability, processes
from yanglao.shell.cases.views.case import OfCase, sealed_lines
from yanglao.shell.cases.views.lists import MANAGE, VIEW, WORK, Cases, Mine, Processes
from yanglao.shell.pages import Crumb, FormPage
from yanglao.shell.pages.form import tell


class _Do(OfCase, FormPage):
    """A form about one case."""

    right = WORK

    def context(self) -> dict[str, Any]:
        self.actor.require(self.right, self.case)
        return FormPage.context(self)

    def crumbs(self) -> tuple[Crumb, ...]:
        here = Crumb(self.case.title, reverse("cases:case", args=[self.case.pk]))
        return (Crumb(Cases.title, reverse("cases:list")), here)

    def done_url(self, result: Any) -> str:
        return reverse("cases:case", args=[self.case.pk])


class _DoTask(FormPage):
    """A form about one task at the actor's own desk."""

    right = WORK

    @cached_property
    def task(self) -> Task:
        with everything("competence is by desk, not by what one sees; checked at once"):
            found: Task = get_object_or_404(
                Task.objects.select_related("case__version", "desk", "holder"), pk=self.kwargs["pk"]
            )
        if not ability(self.actor, found)[0]:
            get_object_or_404(Task, pk=found.pk)  # who does not even see it
            competent(
                self.actor, found
            )  # who sees it, but sits at another desk: refused in the engine's words
        return found

    @property
    def duty(self) -> Duty:
        return self.task.duty

    def crumbs(self) -> tuple[Crumb, ...]:
        here = Crumb(self.task.case.title, reverse("cases:case", args=[self.task.case_id]))
        return (Crumb(Mine.title, reverse("cases:mine")), here)

    def done_url(self, result: Any) -> str:
        return reverse("cases:case", args=[self.task.case_id])

    def store(self, form: forms.AnswerForm) -> list[tuple[str, Any]]:
        """Keep what was uploaded; (name of the document, file)."""
        place = self.task.case.division_id
        return [
            (name, store(self.actor, upload.name, upload, kind="document", division=place))
            for name, upload in form.uploads()
        ]


class Perform(_DoTask):
    """Perform a step with one of its outcomes."""

    form_class = forms.AnswerForm
    template = "cases/perform.html"
    done = _("已办理。")

    @cached_property
    def outcome(self) -> Outcome:
        name = self.kwargs["outcome"]
        if name not in self.duty.outcomes:
            raise Http404
        return self.duty.outcomes[name]

    def page_title(self) -> Any:
        return f"{self.duty.name}：{self.outcome.name}"

    @property
    def submit(self) -> Any:  # type: ignore[override]
        return self.outcome.name

    def form_arguments(self) -> dict[str, Any]:
        way, case = self.outcome, self.task.case
        where = f"{self.task.step}.{self.task.branch}" if self.task.branch else self.task.step
        return {
            "fields": self.duty.form,
            "papers": [] if way.incomplete else self._missing(),
            "reason": way.needs_reason,
            "complete": not way.incomplete,
            "known": case.data.get(where, {}),
        }

    def _missing(self) -> list[Paper]:
        process, task = self.task.case.version.read, self.task
        own = () if task.branch or task.step != process.start else process.documents
        have = set(task.case.files.values_list("document", flat=True))
        return [paper for paper in (*self.duty.documents, *own) if paper.name not in have]

    def form_context(self, form: Any) -> dict[str, Any]:
        return {
            **super().form_context(form),
            "outcome": self.outcome,
            "task": self.task,
            "signer": self.actor.name,
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        form = self.form(request.POST, request.FILES)
        if form.is_valid():
            try:
                actions.perform(
                    self.actor,
                    self.task,
                    outcome=self.kwargs["outcome"],
                    data=form.answers(),  # type: ignore[attr-defined]
                    reason=form.cleaned_data.get("reason", ""),  # type: ignore[attr-defined]
                    files=self.store(form),  # type: ignore[arg-type]
                )
            except ValidationError as error:
                tell(form, at_fields(error))  # type: ignore[arg-type]
            else:
                return self.finished(None)
        return self.show(self.form_context(form), status=422)


def at_fields(error: ValidationError) -> ValidationError:
    """The engine's problems by the names of the form: an answer's field carries a prefix."""
    if not hasattr(error, "error_dict"):
        return error
    named = {"reason", "items", "title", "division", "__all__"}
    return ValidationError(
        {(n if n in named else forms.ANSWER + n): problems for n, problems in error.error_dict.items()}
    )


class Missing(_DoTask):
    """The one-time notice: everything missing, at once."""

    form_class = forms.MissingForm
    title = _("一次性告知")
    lead = _("一次写明需要补正的全部内容。告知后计时中止，申请人补正后继续。")
    submit = _("发出告知书")
    done = _("已发出一次性告知书，可打印交给申请人。")

    def form_arguments(self) -> dict[str, Any]:
        process = self.task.case.version.read
        return {"demanded": [*process.documents, *self.duty.documents]}

    def initial(self) -> dict[str, Any]:
        """What the room behind the case knows to be missing stands there already, so that nothing is forgotten."""
        handler = house().cases.get(self.task.case.process)
        return {"others": "\n".join(handler.missing(self.task.case))} if handler and handler.missing else {}

    def perform(self, data: dict[str, Any]) -> Any:
        labels = {p.name: p.label for p in (*self.task.case.version.read.documents, *self.duty.documents)}
        items = [actions.Missing(labels[name], name) for name in data.get("papers", ())]
        items += [actions.Missing(line.strip()) for line in data["others"].splitlines() if line.strip()]
        return actions.demand_missing(self.actor, self.task, items=items)

    def done_url(self, result: Any) -> str:
        return reverse("cases:notice", args=[self.task.case_id, result.pk])


class Supplement(_DoTask):
    """What the applicant brought in answer to the notice."""

    form_class = forms.AnswerForm
    title = _("登记补正")
    lead = _("登记申请人补正的材料，计时恢复。还缺的，可以再次告知清单内的内容。")
    done = _("已登记补正，计时恢复。")

    def form_arguments(self) -> dict[str, Any]:
        process = self.task.case.version.read
        notice = self.task.notices.filter(answered_at=None, lapsed_at=None).first()
        asked = {item["document"] for item in notice.items} if notice else set()
        papers = [paper for paper in (*process.documents, *self.duty.documents) if paper.name in asked]
        return {"papers": papers, "reason": False, "complete": False}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        form = self.form(request.POST, request.FILES)
        if form.is_valid():
            try:
                files = self.store(form)  # type: ignore[arg-type]
                actions.supplement(self.actor, self.task, files=files, reason=form.cleaned_data["reason"])  # type: ignore[attr-defined]
            except ValidationError as error:
                tell(form, at_fields(error))  # type: ignore[arg-type]
            else:
                return self.finished(None)
        return self.show(self.form_context(form), status=422)


class HandOver(FormPage):
    """A task to another who could perform it; also by who manages cases or was told it is late."""

    right = WORK
    title = _("转交任务")
    form_class = forms.HandOverForm
    done = _("已转交。")

    @cached_property
    def task(self) -> Task:
        found: Task = get_object_or_404(Task.objects.select_related("case", "desk"), pk=self.kwargs["pk"])
        return found

    def form_arguments(self) -> dict[str, Any]:
        return {"people": [u for u in queries.could_take(self.task) if u.pk != self.task.holder_id]}

    def crumbs(self) -> tuple[Crumb, ...]:
        return (Crumb(self.task.case.title, reverse("cases:case", args=[self.task.case_id])),)

    def context(self) -> dict[str, Any]:
        self.actor.require(VIEW, self.task)
        return super().context()

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.hand_over(self.actor, self.task, **data)

    def done_url(self, result: Any) -> str:
        return reverse("cases:case", args=[self.task.case_id])


class _Click(_DoTask):
    """Done by one click, without a form."""

    form_class = forms.OptionalReasonForm
    said: ClassVar[Any]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return redirect(self.done_url(None))

    def run(self) -> None:
        raise NotImplementedError

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            self.run()
            messages.success(request, self.said)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        return redirect(self.done_url(None))


class Take(_Click):
    said = _("已领取。")

    def run(self) -> None:
        actions.take(self.actor, self.task)


class PutBack(_Click):
    said = _("已退回，同岗位的人员可以领取。")

    def run(self) -> None:
        actions.put_back(self.actor, self.task)


class Suspend(_Do):
    right = MANAGE
    title = _("中止办件")
    form_class = forms.ReasonForm
    lead = _("中止期间不计时，也不能办理；恢复后，期限按中止的工作日顺延。")

    def perform(self, data: dict[str, Any]) -> Case:
        return actions.suspend(self.actor, self.case, **data)


class Resume(_Do):
    right = MANAGE
    title = _("恢复办件")
    form_class = forms.OptionalReasonForm

    def perform(self, data: dict[str, Any]) -> Case:
        return actions.resume(self.actor, self.case, **data)


class Withdraw(_Do):
    title = _("申请人撤回")
    form_class = forms.ReasonForm
    danger = _("撤回后本件办结，不能恢复；需要时重新申请。")

    def perform(self, data: dict[str, Any]) -> Case:
        return actions.withdraw(self.actor, self.case, **data)


class Void(_Do):
    right = MANAGE
    title = _("作废办件")
    form_class = forms.ReasonForm
    danger = _("作废后本件办结，不能恢复。")

    def perform(self, data: dict[str, Any]) -> Case:
        return actions.void(self.actor, self.case, **data)


class ObjectTo(_Do):
    title = _("登记异议")
    form_class = forms.ObjectForm

    def perform(self, data: dict[str, Any]) -> Case:
        return actions.object_to(self.actor, self.case, **data)


class Remark(_Do):
    right = VIEW
    title = _("写督办意见")
    form_class = forms.RemarkForm

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.remark(self.actor, self.case, **data)


class AddFile(_Do):
    title = _("补充材料")
    form_class = forms.PaperForm

    def perform(self, data: dict[str, Any]) -> Case:
        upload = data["upload"]
        self.actor.require(WORK, self.case)
        kept = store(self.actor, upload.name, upload, kind="document", division=self.case.division_id)
        return actions.add_files(self.actor, self.case, files=[("", kept)])


class Reveal(_Do):
    """The phone and sensitive answers in clear, after saying what for."""

    title = _("查看联系电话和敏感内容")
    form_class = forms.RevealForm
    template = "cases/reveal.html"
    submit = _("查看")
    lead = _("查看会留下记录：谁、何时、什么用途。")

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.reveal(self.actor, self.case, **data)

    def finished(self, result: Any) -> HttpResponseBase:
        shown = {"phone": result.phone, "lines": list(sealed_lines(self.case, result))}
        answer = self.show({**self.form_context(self.form()), "revealed": shown})
        answer["Cache-Control"] = "no-store"
        return answer


class Start(FormPage):
    """Open a case of a process at the window."""

    right = WORK
    form_class = forms.OpenForm
    submit = _("受理")
    done = _("已受理。请打印回执交给申请人。")

    @cached_property
    def version(self) -> Any:
        found = next((v for v in processes(self.actor.division) if v.process == self.kwargs["name"]), None)
        handler = house().cases.get(self.kwargs["name"])
        if found is None or (handler is not None and handler.subject_kind):
            raise Http404
        return found

    def page_title(self) -> Any:
        return gettext("受理：%(name)s") % {"name": self.version.name}

    def crumbs(self) -> tuple[Crumb, ...]:
        return (Crumb(Processes.title, reverse("cases:processes")),)

    def form_arguments(self) -> dict[str, Any]:
        process = self.version.read
        strict = not process.steps[process.start].notice
        papers = [p.model_copy(update={"required": p.required and strict}) for p in process.documents]
        return {"fields": process.form, "papers": papers}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        form = self.form(request.POST, request.FILES)
        if form.is_valid():
            try:
                case = self._open(form)
            except ValidationError as error:
                tell(form, at_fields(error))  # type: ignore[arg-type]
            else:
                messages.success(request, self.done)
                return redirect("cases:receipt", pk=case.pk)
        return self.show(self.form_context(form), status=422)

    def _open(self, form: Any) -> Case:
        data = form.cleaned_data
        self.actor.require(WORK, data["division"])
        files = [
            (name, store(self.actor, upload.name, upload, kind="document", division=data["division"]))
            for name, upload in form.uploads()
        ]
        who = actions.Applicant(data["applicant"], data["phone"].strip())
        return actions.open_case(
            self.actor,
            self.version.process,
            title=data["title"],
            division=data["division"],
            data=form.answers(),
            applicant=who,
            files=files,
        )
