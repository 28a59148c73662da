# i18n: data (workbooks of a demo are Chinese, as those of a city are)
"""The demo's homes and facilities as rows of their workbooks: names, papers and prices are invented."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from yanglao.kernel.divisions.models import Division
from yanglao.kernel.divisions.queries import full_name, inside
from yanglao.kernel.scope import Level

from .figures import Facilities

WORDS = (
    "福寿",
    "康宁",
    "颐和",
    "安康",
    "夕阳红",
    "怡乐",
    "松鹤",
    "金秋",
    "乐龄",
    "长青",
    "慈孝",
    "和美",
    "瑞安",
    "春晖",
    "静安",
    "永康",
)
STARS = ("", "", "二星级", "二星级", "三星级", "三星级", "四星级")
ROOM_BEDS = (2, 2, 2, 3, 1)
PARISH = {"街道综合养老服务中心", "区域性居家养老服务中心"}


@dataclass(frozen=True)
class Home:
    """An institution of the demo."""

    name: str
    division: int
    kind: str
    beds: int
    nursing: int
    opened: dt.date
    urban: bool = False

    @property
    def public(self) -> bool:
        return "敬老院" in self.kind or "福利院" in self.kind

    @property
    def dementia(self) -> int:
        """Beds of the dementia zone that public homes have."""
        return self.nursing // 7 if self.public else 0


def homes_of(
    wanted: Facilities, where: Sequence[Division], rng: random.Random, today: dt.date
) -> Iterator[Home]:
    kinds = [kind for kind, number in wanted.institutions.items() for _n in range(number)]
    sizes = np.array([rng.lognormvariate(0, 0.5) * (0.4 if "嵌入" in kind else 1) for kind in kinds])
    beds = np.maximum(np.floor(sizes / sizes.sum() * wanted.beds).astype(int), 12)
    beds[int(np.argmax(beds))] += wanted.beds - int(beds.sum())
    nursing = np.floor(beds * wanted.nursing).astype(int)
    nursing[int(np.argmax(nursing))] += round(wanted.beds * wanted.nursing) - int(nursing.sum())
    taken: set[str] = set()
    for number, kind in enumerate(kinds):
        village = where[number * len(where) // len(kinds)]
        name = _name(village.code, kind, taken, rng)
        opened = today - dt.timedelta(days=rng.randrange(400, 5000))
        yield Home(name, village.code, kind, int(beds[number]), int(nursing[number]), opened, village.urban)


def _name(code: int, kind: str, taken: set[str], rng: random.Random) -> str:
    county = full_name(code - code % 10**6, below=Level.CITY).rstrip("区县市") or "城"
    ending = "养老院" if "嵌入" in kind else kind.removeprefix("农村").removeprefix("中心")
    for extra in range(200):
        word = rng.choice(WORDS) + ("" if extra < 20 else rng.choice(WORDS))
        name = f"{county}{word}{'社区' if '嵌入' in kind else ''}{ending}"
        if name not in taken:
            taken.add(name)
            return name
    raise LookupError(f"no name is left for a {kind} in {county}")


def centres_of(
    wanted: Facilities, root: int, where: Sequence[Division], rng: random.Random
) -> Iterator[tuple[str, str, int]]:
    """(name, kind, division) of facilities: those of every street first."""
    streets = list(inside(root, Level.STREET).order_by("code"))
    for kind in wanted.every:
        for street in streets:
            yield f"{street.name}{kind.removeprefix('街道')}", kind, street.code
    for kind, number in wanted.facilities.items():
        pool = streets if kind in PARISH else where
        rounds = [pool] * (number // len(pool)) + [rng.sample(pool, number % len(pool))]
        for again, homes in enumerate(rounds, 1):
            for home in homes:
                yield f"{home.name}{f'第{again}' if again > 1 else ''}{kind}", kind, home.code


def _until(rng: random.Random, today: dt.date) -> dt.date:
    """Mostly in one to three years, now and then soon or just past."""
    return today + dt.timedelta(
        days=rng.choice([rng.randrange(300, 1100)] * 18 + [rng.randrange(5, 55), -rng.randrange(5, 40)])
    )


def point_near(code: int, rng: random.Random) -> tuple[float | None, float | None]:
    found = Division.objects.filter(pk=code).values_list("longitude", "latitude").first()
    if not found or found[0] is None or found[1] is None:
        return None, None
    return round(found[0] + rng.uniform(-0.008, 0.008), 5), round(found[1] + rng.uniform(-0.008, 0.008), 5)


def institution_rows(
    wanted: Facilities, homes: Sequence[Home], rng: random.Random, today: dt.date
) -> Iterator[dict[str, Any]]:
    for number, home in enumerate(homes):
        ownership = "公办" if home.public else rng.choice(["公建民营", "民办", "民办"])
        longitude, latitude = point_near(home.division, rng)
        row: dict[str, Any] = {
            "名称": home.name, "机构类别": home.kind, "所在区划": home.division, "住所": f"康乐路{number + 1}号",
            "经度": longitude, "纬度": latitude, "开业时间": home.opened, "情况日期": home.opened, "运营状态": "运营中",
            "法人性质": "事业法人" if home.public else "民非法人", "所有制形式": ownership,
            "经营方式": {"公办": "公办公营", "公建民营": "公办民营", "民办": "民办民营"}[ownership],
            "养老床位数量": home.beds, "护理型床位数": home.nursing, "服务场所建筑面积": home.beds * 32,
            "备案编号": f"演示备{number + 1:04d}", "消防验收（备案）文号": f"演示消{number + 1:04d}",
            "食品经营许可证号": f"JY{900000000000 + number}", "食品经营许可证有效期至": _until(rng, today),
            "养老机构综合责任保险有效期至": _until(rng, today), "责任保险保单号": f"演示保{number + 1:04d}",
            "是否设有食堂": "是", "是否阳光厨房": "是" if rng.random() < 0.85 else "否",
            "食品安全等级": rng.choice(["A级", "B级", "B级"]),
            "医疗服务方式": "内设医务室" if number < wanted.medical else "与医疗机构合作",
            "是否设康复室": "是" if rng.random() < (0.8 if home.beds >= 100 else 0.3) else "否",
            "是否设认知症照护专区": "是" if home.dementia else "否", "主办单位": _sponsor(home, number),
            "城乡类型": "城镇" if home.urban else "农村", "党组织": _party(rng),
            "家院互融服务": "日间照料、短期托养、居家照护" if rng.random() < (0.8 if home.urban else 0.4) else "",
            "机构等级": "四星级" if "福利院" in home.kind else rng.choice(STARS),
        }  # fmt: skip
        if number < wanted.medical:
            row["内设医疗机构类型"] = "医务室（门诊部）"
        if number < wanted.designated:
            row["长护险定点协议编号"], row["长期护理保险定点有效期至"] = (
                f"演示长{number + 1:04d}",
                _until(rng, today),
            )
        if row["机构等级"]:
            row["等级（星级）有效期至"] = _until(rng, today)
        yield row


def _sponsor(home: Home, number: int) -> str:
    if "福利院" in home.kind:
        return "县级民政部门" if number % 2 else "地级民政部门"
    return "乡镇人民政府（含地区办事处）" if home.public else "单位、企业或社团"


def _party(rng: random.Random) -> str:
    return rng.choice(["党支部", "党支部", "联合党支部"]) if rng.random() < 0.94 else ""


def facility_rows(
    centres: Sequence[tuple[str, str, int]], rng: random.Random, today: dt.date
) -> Iterator[dict[str, Any]]:
    for name, kind, code in centres:
        opened = today - dt.timedelta(days=rng.randrange(200, 3500))
        longitude, latitude = point_near(code, rng)
        row: dict[str, Any] = {
            "名称": name, "机构类别": kind, "所在区划": code, "经度": longitude, "纬度": latitude, "开业时间": opened,
            "情况日期": opened, "运营状态": "运营中", "所有制形式": "公办",
            "服务场所建筑面积": rng.randrange(120, 900),
        }  # fmt: skip
        if "食堂" in kind:
            row |= {
                "就餐座位数": rng.randrange(20, 90),
                "食品安全等级": rng.choice(["A级", "B级"]),
                "是否阳光厨房": "是",
            }
        if kind in PARISH:
            row |= {
                "日间照料床位数": rng.randrange(5, 30),
                "是否老年大学教学点": "是" if rng.random() < 0.97 else "否",
                "党组织": _party(rng),
            }
        yield row


def price_rows(homes: Sequence[Home], rng: random.Random) -> Iterator[dict[str, Any]]:
    for home in homes:
        low = rng.randrange(9, 28) * 100
        for item, least, most in (
            ("床位费", low, low * 2),
            ("护理费", low // 2, low * 2),
            ("伙食费", 700, 1000),
        ):
            yield {
                "名称": home.name, "所在区划": home.division, "收费项目": item, "计价单位": "元/月",
                "最低价（元）": least, "最高价（元）": most, "执行日期": home.opened, "公示日期": home.opened,
            }  # fmt: skip


def bed_rows(homes: Sequence[Home]) -> Iterator[dict[str, Any]]:
    """The beds of homes, room by room; asked again, the same."""
    for home in homes:
        rng = random.Random(home.name)
        bed = room = 0
        while bed < home.beds:
            size = min(rng.choice(ROOM_BEDS), home.beds - bed)
            floor = 2 + room // 20
            for letter in range(size):
                yield {
                    "机构名称": home.name, "楼层": floor, "房间号": f"{floor}{room % 20 + 1:02d}", "床号": letter + 1,
                    "床位类型": _bed_kind(home, bed), "启用日期": home.opened,
                }  # fmt: skip
                bed += 1
            room += 1


def _bed_kind(home: Home, number: int) -> str:
    if number < home.dementia:
        return "认知症照护床位"
    return "护理型床位" if number < home.nursing else "普通床位"
