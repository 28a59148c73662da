"""One session: its page, and everything that is done to it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from yanglao.registers.training import actions, forms, queries
from yanglao.registers.training.models import Enrolment, Lesson, Session
from yanglao.registers.training.trainees import Human
from yanglao.registers.training.views.lists import Sessions, session_tone
from yanglao.shell.pages import Crumb, FormPage, PageView, page
from yanglao.shell.sheets.export import ExportColumn, write_xlsx

RELATED = ("course", "place", "organisation")


class OfSession(PageView):
    """A page of one session, found by `pk` in the scope; the right is asked for at the session itself."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self._session: Session | None = None

    def find(self) -> Session:
        return get_object_or_404(Session.objects.select_related(*RELATED), pk=self.kwargs["pk"])

    @property
    def session(self) -> Session:
        if self._session is None:
            self._session = self.find()
        return self._session

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.actor.can(self.right):
            self.actor.require(self.right, self.session)
        return super().dispatch(request, *args, **kwargs)

    def crumbs(self) -> tuple[Crumb, ...]:
        return (
            Crumb(Sessions.title, reverse("training:sessions")),
            Crumb(self.session.name, self.session.get_absolute_url()),
        )

    def done_url(self, result: Any) -> str:
        return self.session.get_absolute_url()


class SessionPage(OfSession):
    right = "training.view"
    template = "training/session.html"

    def page_title(self) -> Any:
        return self.session.name

    def crumbs(self) -> tuple[Crumb, ...]:
        return (Crumb(Sessions.title, reverse("training:sessions")),)

    def context(self) -> dict[str, Any]:
        session, actor = self.session, self.actor
        rows = queries.enrolments(session)
        today = timezone.localdate()
        return {
            "session": session,
            "course": session.course,
            "tone": session_tone(session),
            "lessons": list(queries.lessons(session)),
            "enrolments": [(each, self._outcome(each)) for each in rows],
            "standing": queries.standing(session, rows),
            "may_edit": actor.can("training.edit", session),
            "may_teach": actor.can("training.teach", session),
            "may_certify": actor.can("training.certify", session) and bool(session.course.certificate),
            "may_export": actor.can("training.export", session),
            "over": session.last_on is not None and session.last_on <= today,
            "today": today,
            "running": session.state in ("open", "closed"),
            "ready": sum(e.completed_on is not None and queries.certificate_of(e) is None for e in rows),
        }

    def _outcome(self, enrolment: Enrolment) -> tuple[Any, str]:
        if enrolment.state == Enrolment.State.WAITING:
            return _("候补"), "warn"
        if enrolment.state == Enrolment.State.OUT:
            return _("已取消"), "dull"
        if enrolment.completed_on:
            return _("合格"), "good"
        if queries.exam(self.session, enrolment) is False:
            return _("考试未过"), "bad"
        return (_("在学"), "info") if self.session.state != "finished" else (_("未合格"), "bad")


class AddSession(FormPage):
    right = "training.edit"
    title = gettext_lazy("开办班次")
    form_class = forms.NewSessionForm
    done = gettext_lazy("班次已登记，尚未开放报名。请核对课次后开放报名。")

    def crumbs(self) -> tuple[Crumb, ...]:
        return (Crumb(Sessions.title, reverse("training:sessions")),)

    def form_arguments(self) -> dict[str, Any]:
        return {"actor": self.actor}

    def initial(self) -> dict[str, Any]:
        return {
            "capacity": 40,
            "waiting_room": 10,
            "open_to_public": True,
            "course": self.request.GET.get("course"),
        }

    def form(self, *data: Any) -> Any:
        self._form = super().form(*data)
        return self._form

    def perform(self, data: dict[str, Any]) -> Session:
        laid = self._form.lessons()
        for name in ("first_on", "number", "rhythm", "starts", "ends", "hours"):
            data.pop(name)
        code = data.pop("division")
        return actions.add_session(self.actor, division=code, lessons=laid, **data)

    def done_url(self, result: Session) -> str:
        return result.get_absolute_url()


class SessionForm(OfSession, FormPage):
    """A form about one session."""

    right = "training.edit"


class ChangeSession(SessionForm):
    title = gettext_lazy("修改班次")
    form_class = forms.ChangeSessionForm

    def form_arguments(self) -> dict[str, Any]:
        return {"instance": Session.objects.select_related(*RELATED).get(pk=self.session.pk)}

    def initial(self) -> dict[str, Any]:
        fee = Decimal(self.session.fee) / 100
        return {"division": self.session.division_id, "place": self.session.place, "fee_yuan": fee}

    def perform(self, data: dict[str, Any]) -> Any:
        fields = {("division_id" if name == "division" else name): value for name, value in data.items()}
        return actions.change_session(self.actor, self.find(), **fields)


class AddLesson(SessionForm):
    title = gettext_lazy("增加课次")
    form_class = forms.LessonForm
    done = gettext_lazy("课次已增加。")

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.add_lesson(self.actor, self.session, plan=actions.LessonPlan(**data))


class Enrol(SessionForm):
    right = "training.teach"
    title = gettext_lazy("登记报名")
    lead = gettext_lazy("名额已满时排入候补；同一人在一个班次只能报一次。")
    form_class = forms.StaffHumanForm
    done = gettext_lazy("报名已登记。")

    def form_arguments(self) -> dict[str, Any]:
        return {"needs_id": self.session.course.needs_id}

    def perform(self, data: dict[str, Any]) -> Enrolment:
        return actions.enrol(self.actor, self.session, human=Human(**data), late=True)

    def finished(self, result: Enrolment) -> HttpResponseBase:
        if result.state == Enrolment.State.WAITING:
            messages.warning(self.request, _("名额已满，已排入候补。"))
            return redirect(self.done_url(result))
        return super().finished(result)


class CancelSession(SessionForm):
    title = gettext_lazy("取消班次")
    form_class = forms.ReasonForm
    submit = gettext_lazy("取消班次")
    danger = gettext_lazy("取消后不能恢复；已报名的人需要逐一告知。")
    done = gettext_lazy("班次已取消。")

    def perform(self, data: dict[str, Any]) -> Any:
        actions.cancel_session(self.actor, self.find(), **data)


MOVES = {
    "open": (actions.open_session, gettext_lazy("已开放报名。")),
    "close": (actions.close_session, gettext_lazy("已截止报名。")),
    "finish": (actions.finish_session, gettext_lazy("已结班。")),
}


@require_POST
@page(right="training.view")
def move(request: HttpRequest, pk: int, to: str) -> HttpResponseBase:
    """Open, close or finish a session."""
    session = get_object_or_404(Session, pk=pk)
    if to not in MOVES:
        raise Http404(to)
    run, words = MOVES[to]
    try:
        run(request.actor, session)  # type: ignore[attr-defined]
        messages.success(request, words)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect(session.get_absolute_url())


@require_POST
@page(right="training.edit")
def drop_lesson(request: HttpRequest, pk: int) -> HttpResponseBase:
    lesson = get_object_or_404(Lesson.objects.select_related("session"), pk=pk)
    try:
        actions.drop_lesson(request.actor, lesson)  # type: ignore[attr-defined]
        messages.success(request, _("课次已删除。"))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect(lesson.session.get_absolute_url())


class Roster(OfSession):
    """The class list on paper."""

    right = "training.view"
    template = "training/roster.html"
    sheet = False

    def page_title(self) -> Any:
        return _("签到表") if self.sheet else _("学员名册")

    def context(self) -> dict[str, Any]:
        rows = [e for e in queries.enrolments(self.session) if e.state == Enrolment.State.IN]
        lessons = list(queries.lessons(self.session))
        return {"session": self.session, "rows": rows, "lessons": lessons, "sheet": self.sheet}


class SignInSheet(Roster):
    """The same with a column to sign in for each lesson."""

    sheet = True


class EnrolmentPage(PageView):
    """One trainee in one session."""

    right = "training.view"
    template = "training/enrolment.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self._found: Enrolment | None = None

    @property
    def enrolment(self) -> Enrolment:
        if self._found is None:
            related = (
                "session__course",
                "session__place",
                "trainee__person",
                "trainee__worker",
                "certificate",
            )
            self._found = get_object_or_404(Enrolment.objects.select_related(*related), pk=self.kwargs["pk"])
        return self._found

    def page_title(self) -> Any:
        return self.enrolment.trainee.name

    def crumbs(self) -> tuple[Crumb, ...]:
        session = self.enrolment.session
        return (
            Crumb(Sessions.title, reverse("training:sessions")),
            Crumb(session.name, session.get_absolute_url()),
        )

    def context(self, **plain: Any) -> dict[str, Any]:
        each, actor = self.enrolment, self.actor
        others = Enrolment.objects.filter(trainee=each.trainee_id).exclude(pk=each.pk)
        return {
            "enrolment": each,
            "session": each.session,
            "trainee": each.trainee,
            "certificate": queries.certificate_of(each),
            "attended": list(each.attendance.select_related("lesson").order_by("lesson__number")),
            "others": list(others.select_related("session").order_by("-queued_at")[:20]),
            "may_teach": actor.can("training.teach", each.session) and each.state != "out",
            "may_reveal": actor.can("training.reveal", each.session),
            "person": self._seen("people.view", each.trainee.person),
            "worker": self._seen("workforce.view", each.trainee.worker),
            **plain,
        }

    def _seen(self, right: str, record: Any) -> Any:
        """A file of another register, where this user may open it."""
        return record if record is not None and self.actor.can(right, record) else None

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """A phone or resident id in clear, for a purpose."""
        field = request.POST.get("field", "")
        if field not in ("phone", "id_number"):
            raise Http404(field)
        try:
            text = actions.reveal(
                self.actor, self.enrolment, field=field, purpose=request.POST.get("purpose", "")
            )
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect(self.enrolment.get_absolute_url())
        response = self.show(self.context(plain={field: text}))
        response["Cache-Control"] = "no-store"
        return response


class Leave(FormPage):
    """Take an enrolment back."""

    right = "training.teach"
    title = gettext_lazy("取消报名")
    form_class = forms.ReasonForm
    submit = gettext_lazy("取消报名")
    done = gettext_lazy("报名已取消，候补已按顺序递补。")

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self._found: Enrolment | None = None

    @property
    def enrolment(self) -> Enrolment:
        if self._found is None:
            rows = Enrolment.objects.select_related("session", "trainee")
            self._found = get_object_or_404(rows, pk=self.kwargs["pk"])
        return self._found

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.actor.can(self.right):
            self.actor.require(self.right, self.enrolment.session)
        return super().dispatch(request, *args, **kwargs)

    def crumbs(self) -> tuple[Crumb, ...]:
        session = self.enrolment.session
        return (
            Crumb(session.name, session.get_absolute_url()),
            Crumb(self.enrolment.trainee.name, self.enrolment.get_absolute_url()),
        )

    def perform(self, data: dict[str, Any]) -> Any:
        actions.leave(self.actor, self.enrolment, **data)

    def done_url(self, result: Any) -> str:
        return self.enrolment.session.get_absolute_url()


CLAIMED = (
    gettext_lazy("姓名"),
    gettext_lazy("公民身份号码"),
    gettext_lazy("联系电话"),
    gettext_lazy("单位"),
    gettext_lazy("学时"),
    gettext_lazy("理论成绩"),
    gettext_lazy("实操成绩"),
    gettext_lazy("合格日期"),
    gettext_lazy("证书编号"),
)


@require_POST
@page(right="training.export")
def claim(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The list a subsidy is claimed with: in clear, recorded with its purpose."""
    session = get_object_or_404(Session, pk=pk)
    try:
        rows = actions.claim(request.actor, session, purpose=request.POST.get("purpose", ""))  # type: ignore[attr-defined]
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(session.get_absolute_url())
    kinds = {4: "decimal", 5: "decimal", 6: "decimal", 7: "date"}
    columns = [ExportColumn(str(label), kinds.get(i, "text")) for i, label in enumerate(CLAIMED)]  # type: ignore[arg-type]
    response = HttpResponse(
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        headers={
            "Content-Disposition": f'attachment; filename="{session.code}.xlsx"',
            "Cache-Control": "no-store",
        },
    )
    note = f"{session.code}　{session.name}　{timezone.localtime():%Y-%m-%d %H:%M}"
    write_xlsx(response, columns, rows, title=_("补贴申领表"), note=note)  # type: ignore[arg-type]
    return response
