# i18n: data (workbooks of a demo are Chinese, as those of a city are)
"""The demo's places, beds, workers and estates: written as workbooks and imported like a city's own.

Numbers are those of the city's `demo.yaml`; names, dates and papers are invented. Residents are persons of the
register, so that there are as many as the demo's people allow.
"""

from __future__ import annotations

import csv
import datetime as dt
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from yanglao.kernel.accounts.actions import add_organisation
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.accounts.models import User
from yanglao.kernel.divisions.models import Division
from yanglao.kernel.divisions.queries import full_name, inside
from yanglao.kernel.rooms import house
from yanglao.kernel.scope import Level, Span, entered, everything
from yanglao.registers.people.models import Person
from yanglao.registers.places.actions import correct
from yanglao.registers.places.models import Place
from yanglao.shell.imports.flow import import_now
from yanglao.shell.imports.models import ImportBatch

from . import naming, signins
from .figures import Facilities
from .numbers import identity_numbers, mobile_number
from .stage import Stage

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
ROOM_BEDS = (2, 2, 2, 3, 1)
RESIDENTS_OF_PEOPLE, OCCUPANCY = 0.045, 0.62
MANAGER = "care_home_manager"
LODGING = ("care_home", "respect_home", "rural_respect_home", "welfare_home")
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


def furnish(stage: Stage) -> None:
    """Places, beds, workers, residents, estates; what an earlier start has made is kept."""
    wanted = stage.demo.facilities
    if wanted is None:
        return
    rng = random.Random(stage.root + 7)
    where = list(inside(stage.root, Level.VILLAGE).order_by("code"))
    homes = list(_homes(wanted, where, rng, stage.today))
    centres = list(_centres(wanted, stage.root, where, rng))
    with entered(stage.officer), stage.talk.bar("登记机构、床位、人员和小区", 6) as advance:
        steps = iter(range(1, 7))
        files: list[tuple[str, Iterable[Mapping[str, Any]]]] = [
            ("places.institutions", _institution_rows(wanted, homes, rng, stage.today)),
            ("places.facilities", _facility_rows(centres, rng, stage.today)),
            ("places.prices", _price_rows(homes, rng)),
            ("stays.beds", _bed_rows(homes)),
            ("workforce.staff", _staff_rows(stage, wanted, homes, centres, rng)),
            ("estates.ledger", _estate_rows(wanted.estates, where, rng, stage.today)),
        ]
        counts = []
        for name, rows in files:
            counts.append(bring_in(stage, name, rows))
            advance(next(steps))
    residents = _residents(stage, homes, rng)
    if not any(counts):
        return
    said = dict(zip((name for name, _rows in files), counts, strict=True))
    stage.talk.say(
        f"登记机构 {said['places.institutions']:,} 家、设施 {said['places.facilities']:,} 处、床位 {said['stays.beds']:,} 张、"
        f"从业人员 {said['workforce.staff']:,} 人、小区 {said['estates.ledger']:,} 个；在住老人 {residents:,} 人"
        "（机构和人员按文件的总数，在住老人按演示的人口）。"
    )


def appoint(stage: Stage) -> None:
    """Give the demo's care-home managers their home, the largest of their division, and then their accounts."""
    for user in stage.demo.users:
        if user.role != MANAGER or User.objects.filter(username=user.username).exists():
            continue
        span, system = Span.of(user.division), Actor.system("演示")
        with everything("the demo's accounts are made by the system"):
            home = (
                Place.objects.filter(kind__in=LODGING, division_id__gte=span.lo, division_id__lte=span.hi)
                .order_by("id")
                .first()
            )
            if home is None:
                continue
            body = add_organisation(system, name=home.name, kind="provider", division=home.division_id)
            correct(system, home, organisation=body, reason="演示账号的单位")
        moved = user.model_copy(update={"organisation": home.name, "division": home.division_id})
        signins.ensure(system, [moved])


def bring_in(stage: Stage, template: str, rows: Iterable[Mapping[str, Any]], *, part: str = "") -> int:
    """Write a workbook (or a further `part`) and import it; gives the rows taken. RuntimeError when one is refused."""
    declared = house().imports[template]
    titles = [column.title for column in declared.columns]
    path = stage.folder / f"{stage.city.pk}-{template}{part}.csv"
    if _is_in(template, path):
        return 0
    path.parent.mkdir(parents=True, exist_ok=True)
    written = 0
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        table = csv.DictWriter(out, titles)
        table.writeheader()
        for row in rows:
            table.writerow(row)
            written += 1
    if not written:
        return 0
    batch = import_now(stage.officer, declared, path, division=stage.root)
    if batch.state != batch.State.COMMITTED:
        raise RuntimeError(
            f"{path.name}: {batch.error_rows} of {batch.rows} rows refused: {batch.report['groups'][:3]}"
        )
    return batch.rows


def _is_in(template: str, path: Path) -> bool:
    with everything("the demo asks which of its files are in"):
        committed = ImportBatch.State.COMMITTED
        return ImportBatch.objects.filter(template=template, file_name=path.name, state=committed).exists()


# --- places


def _homes(
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


def _centres(
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


def _point(code: int, rng: random.Random) -> tuple[float | None, float | None]:
    found = Division.objects.filter(pk=code).values_list("longitude", "latitude").first()
    if not found or found[0] is None or found[1] is None:
        return None, None
    return round(found[0] + rng.uniform(-0.008, 0.008), 5), round(found[1] + rng.uniform(-0.008, 0.008), 5)


def _institution_rows(
    wanted: Facilities, homes: Sequence[Home], rng: random.Random, today: dt.date
) -> Iterator[dict[str, Any]]:
    for number, home in enumerate(homes):
        ownership = "公办" if home.public else rng.choice(["公建民营", "民办", "民办"])
        longitude, latitude = _point(home.division, rng)
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
            "机构等级": rng.choice(["", "", "二星级", "二星级", "三星级", "三星级", "四星级"]),
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


def _facility_rows(
    centres: Sequence[tuple[str, str, int]], rng: random.Random, today: dt.date
) -> Iterator[dict[str, Any]]:
    for name, kind, code in centres:
        opened = today - dt.timedelta(days=rng.randrange(200, 3500))
        longitude, latitude = _point(code, rng)
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


def _price_rows(homes: Sequence[Home], rng: random.Random) -> Iterator[dict[str, Any]]:
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


def _bed_rows(homes: Sequence[Home]) -> Iterator[dict[str, Any]]:
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


# --- workers


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


def _staff_rows(
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


# --- residents


def _residents(stage: Stage, homes: Sequence[Home], rng: random.Random) -> int:
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
        rows = list(_bed_rows([home]))
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


# --- estates


def _estate_rows(
    number: int, where: Sequence[Division], rng: random.Random, today: dt.date
) -> Iterator[dict[str, Any]]:
    urban = [village for village in where if village.urban] or list(where)
    for n in range(number):
        home = urban[n * len(urban) // number]
        new, households = rng.random() < 0.6, rng.randrange(3, 30) * 100
        decided = today - dt.timedelta(days=rng.randrange(900, 2500) if new else rng.randrange(4000, 7000))
        longitude, latitude = _point(home.code, rng)
        row: dict[str, Any] = {
            "小区名称": f"{rng.choice(WORDS)}{rng.choice(('花园', '家园', '名苑', '新村'))}{n + 1}期", "所在区划": home.code,
            "类型": "新建小区" if new else "已建成小区", "户数": households, "规划条件日期": decided,
            "建设单位": "演示置业有限公司", "经度": longitude, "纬度": latitude,
        }  # fmt: skip
        done = decided + dt.timedelta(days=700)
        if done < today:
            row["竣工日期"] = done
            yield from _with_premises(row, done, households, rng, today)
        else:
            yield row


def _with_premises(
    row: dict[str, Any], done: dt.date, households: int, rng: random.Random, today: dt.date
) -> Iterator[dict[str, Any]]:
    """Most have what they owe; some less, some not handed over yet."""
    stages = ["建成交付日期", "验收合格日期", "办理移交日期", "投入使用日期"]
    reached = stages[: rng.choice([0, 2, 3, 4, 4, 4])]
    if reached:
        row |= {
            "用房位置": "1号楼一层",
            "建筑面积（㎡）": max(households * 30 // 100, 300) if rng.random() < 0.8 else 150,
            "用途": "居家养老服务站",
        }
        for n, stage in enumerate(reached):
            row[stage] = min(done + dt.timedelta(days=40 * (n + 1)), today)
    yield row
