# i18n: data (workbooks of a demo are Chinese, as those of a city are)
"""The demo's training: a catalogue, this year's courses as a list from former files, and a few that are open."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import numpy as np

from yanglao.kernel.divisions.queries import inside
from yanglao.kernel.scope import Level, entered
from yanglao.registers.training.actions import add_course, add_session
from yanglao.registers.training.actions.sessions import LessonPlan
from yanglao.registers.training.kinds import kinds
from yanglao.registers.training.models import Course, Session

from . import naming
from .achieved import day_of, places_of
from .bringing import bring_in
from .numbers import mobile_number
from .stage import Stage

COURSES = {"family": 180, "carer": 60, "manager": 93, "social": 96}
"""Kind of course → how many completed one this year; drawn up for the demo."""


def teach(stage: Stage) -> None:
    """Courses, those who were trained this year, and sessions to enrol in; once."""
    with entered(stage.officer):
        courses = {kind: _course(stage, kind) for kind in (*COURSES, "smartphone")}
        trained = bring_in(stage, "training.history", _trained(stage, courses))
        trained += bring_in(stage, "training.history", _at_sites(stage, courses["smartphone"]), part="-sites")
        opened = list(_open(stage, courses)) if trained else []
    if not trained:
        return
    stage.talk.say(f"补录今年培训 {trained} 人次，开放报名的班次 {len(opened)} 个。")


def _course(stage: Stage, kind: str) -> Course:
    """The city's own course of the kind, or a new one."""
    found = Course.objects.filter(division_id=stage.root, kind=kind).order_by("id").first()
    return found or add_course(stage.officer, name=str(kinds()[kind]), kind=kind, division=stage.root)


def _trained(stage: Stage, courses: Mapping[str, Course]) -> Iterator[dict[str, Any]]:
    rng, draw = random.Random(stage.root + 3), np.random.default_rng([stage.root, 13])
    streets = list(inside(stage.root, Level.STREET).order_by("code"))
    year = dt.date(stage.today.year, 1, 1)
    total = sum(COURSES.values())
    born = np.datetime64("1960-01-01") + draw.integers(0, 365 * 35, total).astype("timedelta64[D]")
    sex = np.where(draw.random(total) < 0.7, 2, 1)
    names = naming.invent(born, sex, naming.ethnicities(stage.demo, total, draw), draw)
    number = 0
    for kind, count in COURSES.items():
        for start in range(0, count, 15):
            street = rng.choice(streets)
            day = year + dt.timedelta(days=rng.randrange(max((stage.today - year).days - 5, 1)))
            for _seat in range(min(15, count - start)):
                yield {
                    "课程名称": courses[kind].name, "开班日期": day, "结束日期": day, "举办地": street.code,
                    "培训地点": f"{street.name}文化活动中心", "姓名": names.full(number),
                    "联系电话": mobile_number(5 * 10**7 + number), "理论成绩": 85, "实操成绩": 88, "合格日期": day,
                }  # fmt: skip
                number += 1


def _at_sites(stage: Stage, course: Course) -> Iterator[dict[str, Any]]:
    """One who learnt to use a smartphone at each of the places that taught it this year."""
    wanted = stage.demo.facilities
    sites = wanted.this_year.smartphone if wanted else {}
    places = [place for label, number in sites.items() for place in places_of(stage, label, number)]
    draw = np.random.default_rng([stage.root, 17])
    born = np.datetime64("1945-01-01") + draw.integers(0, 365 * 15, len(places)).astype("timedelta64[D]")
    names = naming.invent(
        born, np.full(len(places), 2), naming.ethnicities(stage.demo, len(places), draw), draw
    )
    for n, place in enumerate(places):
        day = day_of(stage, n, len(places))
        yield {
            "课程名称": course.name, "开班日期": day, "结束日期": day, "举办地": place.division_id,
            "培训地点": place.name, "姓名": names.full(n), "联系电话": mobile_number(6 * 10**7 + n), "合格日期": day,
        }  # fmt: skip


def _open(stage: Stage, courses: Mapping[str, Course]) -> Iterator[Session]:
    home = next(user.division for user in stage.demo.users if user.role == "street_worker")
    for number, kind in enumerate(("family", "smartphone", "carer"), 1):
        course, day = courses[kind], stage.today + dt.timedelta(days=6 * number)
        lesson = LessonPlan(day, Decimal(course.hours), dt.time(9), dt.time(11, 30))
        yield add_session(
            stage.officer, course=course, division=home, name=f"{course.name}第{number}期", capacity=30,
            lessons=[lesson], address="街道文化活动中心二楼", open_to_public=True, state=Session.State.OPEN,
        )  # fmt: skip
