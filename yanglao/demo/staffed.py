# i18n: data (workbooks of a demo are Chinese, as those of a city are)
"""The demo's workers and residents: residents are persons of the register."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from yanglao.kernel.scope import Span, entered, everything
from yanglao.registers.people.models import Person

from . import naming
from .bringing import bring_in
from .figures import Facilities
from .numbers import identity_numbers, mobile_number
from .sites import Home, bed_rows
from .stage import Stage

RESIDENTS_OF_PEOPLE, OCCUPANCY = 0.045, 0.62


def _posts(
    homes: Sequence[Home], centres: Sequence[tuple[str, str, int]], wanted: int
) -> list[tuple[str, int, str]]:
    """(employer, division, post), cut or repeated to the number wanted: carers fill up."""
    found = [(home.name, home.division, "院长（负责人）") for home in homes]
    found += [(home.name, home.division, post) for home in homes for post in ("护士", "厨师", "安全管理员")]
    served = [one for one in centres if "中心" in one[1] and "户" not in one[1]]
    found += [(name, code, "养老顾问") for name, _kind, code in served]
    weights = [home for home in homes for _n in range(max(home.beds // 12, 1))]
    places = [(home.name, home.division, "养老护理员") for home in weights]
    places += [(name, code, "居家上门护理员") for name, _kind, code in served]
    while len(found) < wanted and places:
        found += places[: wanted - len(found)]
    return found[:wanted]


def staff_rows(
    stage: Stage,
    wanted: Facilities,
    homes: Sequence[Home],
    centres: Sequence[tuple[str, str, int]],
    rng: random.Random,
) -> Iterator[dict[str, Any]]:
    posts = _posts(homes, centres, wanted.staff)
    if not posts:
        return
    draw = np.random.default_rng([stage.root, 11])
    born = np.datetime64("1968-01-01") + draw.integers(0, 365 * 33, len(posts)).astype("timedelta64[D]")
    sex = np.where(draw.random(len(posts)) < 0.83, 2, 1)
    names = naming.invent(born, sex, naming.ethnicities(stage.demo, len(posts), draw), draw)
    county = np.array([code - code % 10**6 for _name, code, _post in posts])
    ids = identity_numbers(county, born, sex)
    for n, (employer, _code, post) in enumerate(posts):
        starts = stage.today - dt.timedelta(days=rng.randrange(60, 2600))
        row: dict[str, Any] = {
            "姓名": names.full(n), "公民身份号码": ids[n].decode(), "联系电话": mobile_number(10**7 + n),
            "用人单位": employer, "岗位": post, "全职或兼职": "全职", "入职日期": starts, "用工形式": "劳动合同",
            "社会保险": "已参加职工社会保险" if rng.random() < 0.85 else "仅工伤或意外伤害保险",
            "学历": rng.choice(["初中", "高中", "中专、中职、技校", "大专、高职"]), "首次从事养老服务日期": starts,
        }  # fmt: skip
        if "护理员" in post and rng.random() < wanted.certified:
            row["护理员等级"] = rng.choice(["五级/初级工"] * 5 + ["四级/中级工"] * 3 + ["三级/高级工"])
            row["护理员证书编号"] = f"Y{stage.root // 10**8}{n:09d}"
            row["护理员发证日期"] = starts + dt.timedelta(days=30)
        yield row


def residents_of(stage: Stage, homes: Sequence[Home], rng: random.Random) -> int:
    """Persons of the register, oldest first, into part of the beds: the import finds them by their numbers."""
    with everything("the demo's residents come from its register"):
        span = Span.of(stage.root)
        people = Person.objects.filter(hukou_id__gte=span.lo, hukou_id__lte=span.hi, death_date=None)
        beds_taken = int(sum(home.beds for home in homes) * OCCUPANCY)
        most = min(int(people.count() * RESIDENTS_OF_PEOPLE), beds_taken)
        old = people.filter(birth_date__lte=stage.today.replace(year=stage.today.year - 74, day=1))
        chosen = list(old.order_by("uid")[:most])
    beds = _some_beds(homes, len(chosen), rng)
    with entered(stage.officer):
        return bring_in(stage, "stays.residents", _resident_rows(stage, chosen, beds, rng))


def _some_beds(homes: Sequence[Home], number: int, rng: random.Random) -> list[dict[str, Any]]:
    """Beds spread over all homes, each home as full as the next; ward after ward, so that rooms fill up."""
    share = number / max(sum(home.beds for home in homes), 1)
    found: list[dict[str, Any]] = []
    for home in homes:
        rows = list(bed_rows([home]))
        found += rng.sample(rows, min(len(rows), round(home.beds * share + rng.random())))
    rng.shuffle(found)
    return found


def _resident_rows(
    stage: Stage, people: Sequence[Person], beds: Sequence[dict[str, Any]], rng: random.Random
) -> Iterator[dict[str, Any]]:
    for person, bed in zip(people, beds, strict=False):
        level = rng.choice(["自理", "半护理（介助）", "半护理（介助）", "全护理（介护）", "专护（特级护理）"])
        since = stage.today - dt.timedelta(days=rng.randrange(20, 390))
        yield {
            "机构名称": bed["机构名称"], "姓名": person.name, "公民身份号码": person.id_number.reveal(),
            "房间号": bed["房间号"], "床号": bed["床号"], "入住日期": since, "护理等级": level,
            "费用来源": "特困供养" if person.economic == "tekun_institution" else "自费", "入住方式": "长期托养",
            "床位费": 1500, "护理费": 800, "餐费": 800,
        }  # fmt: skip
