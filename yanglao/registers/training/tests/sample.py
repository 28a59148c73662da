"""An invented course with a session in the small city."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal
from typing import Any

from django.utils import timezone

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.files.actions import store
from yanglao.kernel.scope import everything
from yanglao.registers.training import actions
from yanglao.registers.training.actions import LessonPlan
from yanglao.registers.training.models import Award, Certificate, Contest, Course, Enrolment, Lesson, Session
from yanglao.registers.training.trainees import Human

VILLAGE, CITY = 330203001001, 330200000000
SYSTEM = Actor.system("test")


def today() -> dt.date:
    return timezone.localdate()


def phone(order: int = 1) -> str:
    return f"138{order:08d}"


def human(order: int = 1, **more: Any) -> Human:
    """王甲, 王乙 … each with a phone of his own."""
    name = (
        "王"
        + "甲乙丙丁戊己庚辛壬癸"[order % 10]
        + ("" if order < 10 else "甲乙丙丁戊己庚辛壬癸"[order // 10 % 10])
    )
    return Human(**{"name": name, "phone": phone(order), **more})


def course(kind: str = "family", name: str = "家庭照护入门", **more: Any) -> Course:
    found = Course.objects.filter(division_id=CITY, name=name).first()
    return found or actions.add_course(SYSTEM, name=name, kind=kind, division=CITY, **more)


def session(
    *, days: tuple[int, ...] = (1,), hours: int = 8, capacity: int = 3, opened: bool = True, **more: Any
) -> Session:
    """A session whose lessons lie so many days from today."""
    given: dict[str, Any] = {
        "course": more.pop("course", None) or course(),
        "division": VILLAGE,
        "name": "家庭照护者培训第一期",
        "address": "万安社区活动室",
        "capacity": capacity,
        "waiting_room": 2,
        "lessons": [
            LessonPlan(today() + dt.timedelta(days=d), Decimal(hours), dt.time(9), dt.time(11)) for d in days
        ],
    }
    made = actions.add_session(SYSTEM, **{**given, **more})
    if opened:
        actions.open_session(SYSTEM, made)
    return made


def enrolled(made: Session, order: int = 1, **more: Any) -> Enrolment:
    return actions.enrol(SYSTEM, made, human=human(order, **more), late=True)


def lesson(made: Session, number: int = 1) -> Lesson:
    with everything("test"):
        return Lesson.objects.select_related("session").get(session=made, number=number)


def completed(order: int = 1, made: Session | None = None, **more: Any) -> Enrolment:
    """One who was there all the time."""
    made = made or session(days=(0,), **more)
    each = enrolled(made, order)
    actions.attend(SYSTEM, lesson(made), present=[each.pk], among=[each.pk])
    return fresh(each)


def certificate(order: int = 1, **more: Any) -> Certificate:
    each = completed(order, **more)
    return actions.certify(SYSTEM, each.session, issuer="海曙区民政局", on=today())[0]


def contest(**more: Any) -> Contest:
    """Over since yesterday, with a judge and an entry of different homes."""
    given: dict[str, Any] = {
        "division": VILLAGE,
        "name": "养老护理员技能竞赛",
        "starts_on": today() - dt.timedelta(days=2),
        "ends_on": today() - dt.timedelta(days=1),
        "items": [("理论", 100, 40), ("实操", 50, 60)],
    }
    made = actions.add_contest(SYSTEM, **{**given, **more})
    actions.add_judge(SYSTEM, made, name="赵评", workplace="康乐养老院")
    actions.add_entry(SYSTEM, made, name="钱护", workplace="安心养老院")
    return made


def award() -> Award:
    """An honour with its document."""
    file = store(SYSTEM, "表彰决定.pdf", io.BytesIO(b"%PDF-1.4\n%%EOF\n"), kind="pdf", division=VILLAGE)
    return actions.give_award(SYSTEM, division=VILLAGE, title="最美护理员", to="钱护", on=today(), file=file)


def fresh(record: Any) -> Any:
    """The record as it stands now."""
    with everything("test"):
        return type(record).objects.get(pk=record.pk)
