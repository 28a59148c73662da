"""Formats of payment files 发放文件格式: `standards/payment_formats/*.yaml`, a city's own in its folder, by the same id.

A format says how a file is written, and how the bank's answer to it (回盘) is read. No code is written for a new one.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Literal, Self

import yaml
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import Field, model_validator

from yanglao.kernel.packs import Pack, PackFile, PackSection, Problem, StandardHeader, Strict
from yanglao.kernel.packs.models import LoadedFile
from yanglao.kernel.packs.queries import city_of

FOLDER = "payment_formats"
GLOB = f"{FOLDER}/*.yaml"
Kind = Literal["text", "fixed", "xlsx"]
Encoding = Literal["gb18030", "utf-8", "utf-8-sig", "utf-16"]
Value = Literal[
    "serial", "account", "holder", "name", "id_number", "bank", "yuan", "fen", "place", "division", "project",
    "month", "note", "date", "number", "count", "yuan_total", "fen_total",
]  # fmt: skip
ROW_ONLY = {"serial", "account", "holder", "name", "id_number", "bank", "yuan", "fen", "place", "division"}
HEAD: tuple[str, ...] = ("count", "yuan_total", "fen_total", "date", "number", "month", "project", "note")


class Column(Strict):
    """One column: a value of the row, or a fixed text. `width` and what follows are for fixed-width files."""

    value: Value | None = None
    text: str = ""
    title: str = ""
    width: int = Field(0, ge=0, le=200)
    align: Literal["left", "right"] = "left"
    pad: str = Field(" ", min_length=1, max_length=1)


class Layout(Strict):
    """How the file is written. `first` and `last`: lines around the rows, each a list of head values or fixed texts."""

    kind: Kind
    extension: str = Field(pattern=r"^[a-z0-9]{1,8}$")
    encoding: Encoding = "gb18030"
    delimiter: str = Field("|", min_length=1, max_length=2)
    line_end: Literal["crlf", "lf"] = "crlf"
    headings: bool = False
    first: tuple[tuple[str, ...], ...] = ()
    last: tuple[tuple[str, ...], ...] = ()


class Answer(Strict):
    """How the return file is read. `columns`: position from 1, or the heading. `failed: ["*"]`: every other code."""

    kind: Kind
    encoding: Encoding = "gb18030"
    delimiter: str = Field("|", min_length=1, max_length=1)
    skip: int = Field(0, ge=0, le=50)
    widths: tuple[int, ...] = ()
    columns: dict[Literal["serial", "account", "amount", "code", "said"], int | str]
    amount: Literal["yuan", "fen"] = "yuan"
    paid: tuple[str, ...] = Field(min_length=1)
    failed: tuple[str, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _whole(self) -> Self:
        missing = [name for name in ("serial", "amount", "code") if name not in self.columns]
        if missing:
            raise ValueError(
                _("回盘至少要有序号、金额、结果三列，缺少 %(names)s") % {"names": "、".join(missing)}
            )
        if len({type(place) for place in self.columns.values()}) > 1:
            raise ValueError(_("回盘的列要么都按位置，要么都按列名"))
        if self.kind == "fixed" and (self.by_heading or not self.widths):
            raise ValueError(_("定长文件要写每列宽度 widths，列按位置写"))
        if set(self.paid) & set(self.failed):
            raise ValueError(_("同一个代码不能既表示成功又表示失败"))
        return self

    @property
    def by_heading(self) -> bool:
        return any(isinstance(place, str) for place in self.columns.values())

    def means(self, code: str) -> Literal["paid", "failed", ""]:
        """What a code of the bank means; "" for one the format does not know."""
        if code in self.paid:
            return "paid"
        return "failed" if code in self.failed or "*" in self.failed else ""


class PaymentFormat(StandardHeader):
    """A format, whole."""

    file: Layout
    columns: tuple[Column, ...] = Field(min_length=1)
    answer: Answer

    @model_validator(mode="after")
    def _can_be_written(self) -> Self:
        values = {column.value for column in self.columns}
        if not {"account"} <= values or not values & {"yuan", "fen"}:
            raise ValueError(_("发放文件至少要有账号和金额"))
        if "serial" not in values:
            raise ValueError(_("发放文件要有序号（serial），回盘才能逐笔对应"))
        if any(column.value is None and not column.text for column in self.columns):
            raise ValueError(_("每一列要写 value 或 text"))
        if self.file.kind == "fixed" and any(not column.width for column in self.columns):
            raise ValueError(_("定长文件的每一列都要写宽度 width"))
        if strange := [
            cell for line in (*self.file.first, *self.file.last) for cell in line if cell in ROW_ONLY
        ]:
            raise ValueError(_("首行和末行不能用逐笔的值：%(names)s") % {"names": "、".join(strange)})
        return self


@cache
def standard() -> Mapping[str, PaymentFormat]:
    """The formats of the standards, by id."""
    files = sorted((Path(settings.STANDARDS) / FOLDER).glob("*.yaml"))
    read = (PaymentFormat.model_validate(yaml.safe_load(file.read_text(encoding="utf-8"))) for file in files)
    return {one.id: one for one in read}


@lru_cache(maxsize=100)
def _read(content: str) -> PaymentFormat:
    return PaymentFormat.model_validate_json(content)


def formats_for(division: int) -> Mapping[str, PaymentFormat]:
    """The formats of the city a division lies in: the standards', and its own over them."""
    city = city_of(division)
    if city is None:
        return standard()
    own = LoadedFile.objects.filter(pack=f"city:{city.pk}", path__startswith=f"{FOLDER}/", replaced_at=None)
    read = [_read(json.dumps(content, sort_keys=True)) for content in _contents(own)]
    return {**standard(), **{one.id: one for one in read}}


def _contents(files: Any) -> Iterable[Any]:
    found: Iterable[Any] = files.order_by("path").values_list("content", flat=True)
    return found


def _check(pack: Pack, files: Iterable[PackFile[PaymentFormat]]) -> Iterator[Problem]:
    seen: set[str] = set()
    for file in files:
        if file.model.id in seen:
            yield file.problem(
                ["id"], _("格式“%(id)s”写了两次") % {"id": file.model.id}, _("换一个 id，或合并成一个文件")
            )
        seen.add(file.model.id)


STANDARD = PackSection(GLOB, PaymentFormat, gettext_lazy("发放文件格式"), kind="standard", check=_check)
CITY = PackSection(GLOB, PaymentFormat, gettext_lazy("本市的发放文件格式"), check=_check)
