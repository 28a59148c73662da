# i18n: data (workbooks of a demo are Chinese, as those of a city are)
"""What the demo's city built, had graded and set up this year: what most of its targets count."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from yanglao.kernel.scope import Span, entered, everything
from yanglao.registers.places.kinds import kinds
from yanglao.registers.places.models import Place
from yanglao.registers.workforce.actions import open_studio
from yanglao.registers.workforce.models import Employment, Worker

from .bringing import bring_in
from .stage import Stage

STUDIOS = (("social", "社工工作室"), ("master", "技能大师工作室"))


def achieve(stage: Stage) -> None:
    """This year's grades, unions of homes and clinics, and studios; what an earlier start has made is kept."""
    wanted = stage.demo.facilities
    if wanted is None:
        return
    with entered(stage.officer):
        built = bring_in(stage, "places.facilities", _facility_rows(stage), part="-this-year")
        taught = bring_in(stage, "places.institutions", _institution_rows(stage), part="-this-year")
        studios = _studios(stage) if built else 0
    if built or taught:
        stage.talk.say(
            f"登记今年建成和评定的设施 {built + taught:,} 处、工作室 {studios:,} 个（数字为演示拟定）。"
        )


def day_of(stage: Stage, number: int, total: int) -> dt.date:
    """The day of the `number`th of `total`, spread evenly from the new year to today."""
    first = dt.date(stage.today.year, 1, 1)
    return first + (stage.today - first) * (number + 1) // (total + 1)


def places_of(stage: Stage, label: str, number: int) -> list[Place]:
    """The first places of a kind, as the workbook writes the kind."""
    kind = next(key for key, kind in kinds().items() if str(kind) == label)
    span = Span.of(stage.root)
    with everything("the demo's places"):
        rows = Place.objects.filter(kind=kind, division_id__gte=span.lo, division_id__lte=span.hi)
        return list(rows.order_by("pk")[:number])


def _facility_rows(stage: Stage) -> Iterator[dict[str, Any]]:
    wanted = stage.demo.facilities.this_year  # type: ignore[union-attr]  # asked by achieve()
    told = (
        ("区域性居家养老服务中心", wanted.demonstration, {"示范级别": "市级示范"}),
        ("老年食堂", wanted.standard_canteens, {"是否标准化食堂": "是"}),
    )
    for label, number, fact in told:
        for n, place in enumerate(places_of(stage, label, number)):
            graded = {"中心等级": "5A级"} if "示范级别" in fact and n < wanted.grade_5a else {}
            yield {
                "名称": place.name, "机构类别": label, "所在区划": place.division_id,
                "情况日期": day_of(stage, n, number), **fact, **graded,
            }  # fmt: skip
    centres = places_of(stage, "区域性居家养老服务中心", wanted.health_unions)
    for n, centre in enumerate(centres):
        day = day_of(stage, n, wanted.health_unions)
        yield {
            "名称": centre.name.replace("区域性居家养老服务中心", "康养联合体"), "机构类别": "康养联合体",
            "所在区划": centre.division_id, "开业时间": day, "情况日期": day, "运营状态": "运营中", "所有制形式": "公办",
        }  # fmt: skip


def _institution_rows(stage: Stage) -> Iterator[dict[str, Any]]:
    number = stage.demo.facilities.this_year.industry_education  # type: ignore[union-attr]
    for n, place in enumerate(places_of(stage, "养老院", number)):
        yield {
            "名称": place.name, "机构类别": "养老院", "所在区划": place.division_id,
            "情况日期": day_of(stage, n, number), "是否产教融合型": "是",
        }  # fmt: skip


def _studios(stage: Stage) -> int:
    wanted = stage.demo.facilities.this_year  # type: ignore[union-attr]
    numbers = {"social": wanted.social_studios, "master": wanted.master_studios}
    made = 0
    for kind, label in STUDIOS:
        for n, place in enumerate(places_of(stage, "区域性居家养老服务中心", numbers[kind])):
            worker = _worker(place)
            if worker is None:
                continue
            open_studio(
                stage.officer, worker, place=place, kind=kind, rank="city",
                name=f"{place.name}{label}", opened_on=day_of(stage, n, numbers[kind]),
            )  # fmt: skip
            made += 1
    return made


def _worker(place: Place) -> Worker | None:
    """One who works at the place, to lead its studio."""
    with everything("the demo's studios are led by its workers"):
        rows = Employment.objects.filter(place=place, ends=None).select_related("worker")
        found = rows.order_by("pk").first()
        return found.worker if found else None
