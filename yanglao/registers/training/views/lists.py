"""Lists: courses, sessions, enrolments, certificates."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yanglao.registers.training import actions
from yanglao.registers.training.filters import CertificateFilter, EnrolmentFilter, SessionFilter
from yanglao.registers.training.forms import CourseForm, NewCourseForm
from yanglao.registers.training.models import Certificate, Course, Enrolment, Session
from yanglao.shell.pages import Button, Column, Crumb, DetailPage, Empty, FormPage, ListPage, Panel
from yanglao.shell.pages.detail import Way

TONES = {"draft": "dull", "open": "good", "closed": "info", "finished": "dull", "cancelled": "bad"}


def whole(number: Decimal | None) -> int | float | None:
    """A number without an idle nought: 8, not 8.0."""
    if number is None:
        return None
    return int(number) if number == int(number) else float(number)


def session_tone(session: Session) -> str:
    return TONES[session.state]


class Courses(ListPage):
    model = Course
    right = "training.view"
    title = _("课程")
    lead = _("课程写明学时、考试和证书；班次按课程开办，结业与否由系统按这些要求判定。")
    order = "kind"
    columns = (
        Column("name", _("课程名称"), link=True),
        Column("kind_label", _("类别"), sort="kind"),
        Column("audience", _("对象"), minor=True),
        Column("hours", _("学时"), kind="number", value=lambda c: whole(c.hours)),
        Column("certificate", _("证书"), minor=True),
        Column("division_id", _("设置单位所在区划"), kind="division", minor=True),
    )
    buttons = (Button(_("增加课程"), "training:add_course", "training.edit", icon="plus", main=True),)
    empty = Empty(_("还没有课程"), _("先按类别增加课程，再开办班次。"), buttons)
    export_right = "training.export"


class CoursePage(DetailPage):
    model = Course
    right = "training.view"
    panels = (
        Panel(
            _("要求"),
            (
                Column("kind_label", _("类别")),
                Column("audience", _("对象")),
                Column("hours", _("学时"), kind="number", value=lambda c: whole(c.hours)),
                Column("theory_pass", _("理论及格分"), kind="number", value=lambda c: whole(c.theory_pass)),
                Column(
                    "practice_pass", _("实操及格分"), kind="number", value=lambda c: whole(c.practice_pass)
                ),
                Column("certificate", _("证书")),
                Column("valid_months", _("证书有效期（月，0为长期）"), kind="number"),
                Column("needs_id", _("报名须填身份证号"), value=lambda c: _("是") if c.needs_id else _("否")),
                Column("division_id", _("设置单位所在区划"), kind="division"),
                Column("outline", _("课程内容")),
            ),
        ),
    )

    def crumbs(self) -> tuple[Crumb, ...]:
        return (Crumb(Courses.title, reverse("training:courses")),)

    def ways(self) -> tuple[Way, ...]:
        sessions = Way(_("开过的班次"), f"{reverse('training:sessions')}?kind={self.record.kind}", "list")
        if not self.actor.can("training.edit", self.record.division_id):
            return (sessions,)
        return (Way(_("修改"), reverse("training:change_course", args=[self.record.pk]), "edit"), sessions)


class AddCourse(FormPage):
    right = "training.edit"
    title = _("增加课程")
    lead = _("学时、考试和证书先按类别的常规设定，保存后可以修改。")
    form_class = NewCourseForm
    done = _("课程已增加，请核对学时和考试要求。")

    def crumbs(self) -> tuple[Crumb, ...]:
        return (Crumb(Courses.title, reverse("training:courses")),)

    def perform(self, data: dict[str, Any]) -> Course:
        return actions.add_course(self.actor, **data)

    def done_url(self, result: Course) -> str:
        return result.get_absolute_url()


class ChangeCourse(FormPage):
    right = "training.edit"
    title = _("修改课程")
    lead = _("修改只影响以后的判定；已经合格的人不受影响。")
    form_class = CourseForm

    def setup(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self._course: Course | None = None

    @property
    def course(self) -> Course:
        from django.shortcuts import get_object_or_404

        if self._course is None:
            self._course = get_object_or_404(Course, pk=self.kwargs["pk"])
        return self._course

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        if self.actor.can(self.right):
            self.actor.require(self.right, self.course.division_id)
        return super().dispatch(request, *args, **kwargs)

    def crumbs(self) -> tuple[Crumb, ...]:
        return (
            Crumb(Courses.title, reverse("training:courses")),
            Crumb(self.course.name, self.course.get_absolute_url()),
        )

    def form_arguments(self) -> dict[str, Any]:
        return {"instance": self.course}

    def initial(self) -> dict[str, Any]:
        return {"division": self.course.division_id}

    def perform(self, data: dict[str, Any]) -> Course:
        division = data.pop("division")
        # read afresh: the form has written into the one it was given, and the audit needs what stood before
        course = Course.objects.get(pk=self.course.pk)
        return actions.change_course(self.actor, course, division_id=division, **data)

    def done_url(self, result: Course) -> str:
        return result.get_absolute_url()


class _ImportButton(Button):
    """The way to the importer, with our template chosen."""

    @property
    def url(self) -> str:
        return reverse("imports:start", args=[self.url_name])


IMPORT_LIST = _ImportButton(_("导入报名名单"), "training.enrolments", "training.import", icon="file-import")
IMPORT_RESULTS = _ImportButton(_("导入考勤与成绩"), "training.results", "training.import", icon="file-import")
IMPORT_HISTORY = _ImportButton(_("导入历年培训"), "training.history", "training.import", icon="history")


class Sessions(ListPage):
    """Sessions, the next ones first."""

    model = Session
    right = "training.view"
    title = _("培训班次")
    filterset = SessionFilter
    order = "-first_on"
    related = ("course", "place", "organisation")
    export_right = "training.export"
    columns = (
        Column("name", _("班次"), sort="pinyin", link=True),
        Column("code", _("编号"), minor=True),
        Column("kind_label", _("类别")),
        Column("state", _("状态"), tone=session_tone),
        Column("first_on", _("开班"), kind="date", sort="first_on"),
        Column("last_on", _("结束"), kind="date", shown=False),
        Column("taken", _("已报"), kind="number"),
        Column("capacity", _("名额"), kind="number", minor=True),
        Column("division_id", _("举办地"), kind="division", sort="division", minor=True),
        Column("where", _("地点"), minor=True),
        Column("organisation.name", _("主办单位"), minor=True),
        Column("teachers", _("授课老师"), shown=False),
        Column("funding", _("经费来源"), shown=False),
    )
    buttons = (
        Button(_("开办班次"), "training:add_session", "training.edit", icon="plus", main=True),
        Button(_("月历"), "training:calendar", "training.view", icon="calendar"),
        Button(_("课程"), "training:courses", "training.view", icon="book"),
        Button(_("培训证书"), "training:certificates", "training.view", icon="certificate"),
        Button(_("一键培训"), "training:public", "training.view", icon="device-mobile"),
    )
    empty = Empty(_("还没有班次"), _("选择课程、地点和日期，开办第一个班次。"), buttons[:1])


def _outcome(enrolment: Enrolment) -> str:
    if enrolment.state != Enrolment.State.IN:
        return str(enrolment.get_state_display())
    return str(_("合格") if enrolment.completed_on else _("未合格"))


class Enrolments(ListPage):
    """Everybody enrolled anywhere: who was trained, what came of it."""

    model = Enrolment
    right = "training.view"
    title = _("学员")
    filterset = EnrolmentFilter
    private = ("name",)
    order = "-id"
    related = ("session__course", "trainee", "certificate")
    export_right = "training.export"
    columns = (
        Column("trainee.name", _("姓名"), link=True),
        Column("phone", _("联系电话"), value=lambda e: str(e.trainee.phone), minor=True),
        Column("trainee.workplace", _("单位"), minor=True),
        Column("session.name", _("班次")),
        Column("session.kind_label", _("类别"), minor=True),
        Column("session.first_on", _("开班"), kind="date", minor=True),
        Column("hours", _("学时"), kind="number", value=lambda e: whole(e.hours)),
        Column("theory", _("理论"), kind="number", value=lambda e: whole(e.theory), shown=False),
        Column("practice", _("实操"), kind="number", value=lambda e: whole(e.practice), shown=False),
        Column("outcome", _("结果"), value=_outcome),
        Column("completed_on", _("合格日期"), kind="date", sort="completed_on", minor=True),
        Column(
            "certificate_number",
            _("证书编号"),
            value=lambda e: e.certificate.number if hasattr(e, "certificate") else "",
            minor=True,
        ),
        Column("session.division_id", _("举办地"), kind="division", shown=False),
        Column("source", _("来源"), shown=False),
    )
    buttons = (IMPORT_LIST, IMPORT_RESULTS, IMPORT_HISTORY)
    empty = Empty(_("还没有人报名"), _("开放班次的报名，或导入名单。"), (IMPORT_LIST, IMPORT_HISTORY))


class Certificates(ListPage):
    model = Certificate
    right = "training.view"
    title = _("培训证书")
    filterset = CertificateFilter
    private = ("name",)
    order = "-issued_on"
    related = ("enrolment__trainee", "enrolment__session", "course")
    export_right = "training.export"
    columns = (
        Column("number", _("证书编号"), link=True, sort="number"),
        Column("enrolment.trainee.name", _("姓名")),
        Column("title", _("证书名称")),
        Column("course.name", _("课程"), minor=True),
        Column("issued_on", _("发证日期"), kind="date", sort="issued_on"),
        Column("valid_to", _("有效期至（不含）"), kind="date", minor=True),
        Column("issuer", _("发证单位"), minor=True),
        Column(
            "state",
            _("状态"),
            value=lambda c: _("已作废") if c.revoked_on else _("已打印") if c.printed_at else _("未打印"),
            tone=lambda c: "bad" if c.revoked_on else "good" if c.printed_at else "warn",
        ),
    )
    empty = Empty(_("还没有证书"), _("班次结束、成绩登记后，在班次页面发证。"))
