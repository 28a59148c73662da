"""The shape of `standards/tables/*.yaml`, and the tables as they are read from there."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Annotated, Literal

import yaml
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from pydantic import Field, field_validator, model_validator

from yanglao.kernel.packs.schema import StandardHeader, Strict
from yanglao.steering.tables.rules import CODE, Check, check_of, terms

GLOB = "tables/*.yaml"


def _english() -> bool:
    return (get_language() or "").startswith("en")


class Item(Strict):
    """One row: counted by registers (`count`), a share of other rows (`share`, times `per`), or typed (neither)."""

    code: Annotated[str, Field(pattern=rf"^{CODE}$")]
    name: str
    name_en: str
    unit: str
    count: str = ""
    share: tuple[str, str] | None = None
    per: int = 100
    digits: int = Field(default=0, ge=0, le=4)
    note: str = ""

    @field_validator("count")
    @classmethod
    def is_a_sum(cls, text: str) -> str:
        try:
            terms(text)
        except ValueError:
            raise ValueError(_("count 写成“登记簿.度量 + 登记簿.度量”的形式")) from None
        return text

    @model_validator(mode="after")
    def has_one_source(self) -> Item:
        if self.count and self.share:
            raise ValueError(_("count 和 share 只能写一个"))
        return self

    def __str__(self) -> str:
        return self.name_en if _english() else self.name

    @property
    def depth(self) -> int:
        """How deep the row stands below another one (其中)."""
        return self.code.count(".")

    @property
    def typed(self) -> bool:
        return not self.count and self.share is None


class TableFile(StandardHeader):
    """A statistical table 统计报表: its rows, the relations between them, who owns it, how long it is needed."""

    name_en: str
    period: Literal["month", "quarter", "year"]
    owner: str
    review_on: dt.date  # by when somebody says whether the table is still needed
    words: str = ""
    items: tuple[Item, ...] = Field(min_length=1)
    checks: tuple[str, ...] = ()

    @model_validator(mode="after")
    def rows_are_known(self) -> TableFile:
        codes = [item.code for item in self.items]
        twice = sorted({code for code in codes if codes.count(code) > 1})
        if twice:
            raise ValueError(_("行号重复：%(codes)s") % {"codes": "、".join(twice)})
        named = {code for item in self.items for code in item.share or ()}
        for text in self.checks:
            try:
                check = check_of(text)
            except ValueError:
                words = _("审核关系“%(text)s”写成“1 = 1.1 + 1.2”的形式，可用 = >= <=")
                raise ValueError(words % {"text": text}) from None
            named |= {*check.left, *check.right}
        if strangers := sorted(named - set(codes)):
            raise ValueError(_("没有这些行：%(codes)s") % {"codes": "、".join(strangers)})
        if shares := sorted(i.code for i in self.items if i.share and i.code in named):
            raise ValueError(_("占比行不能再用于计算：%(codes)s") % {"codes": "、".join(shares)})
        return self

    def __str__(self) -> str:
        return self.name_en if _english() else self.name

    @property
    def relations(self) -> tuple[Check, ...]:
        return tuple(check_of(text) for text in self.checks)

    @property
    def measures(self) -> frozenset[str]:
        """The measures that its rows count."""
        return frozenset(name for item in self.items for _sign, name in terms(item.count))


@cache
def tables() -> dict[str, TableFile]:
    """All tables by id, in the order of their files."""
    files = sorted(settings.STANDARDS.glob(GLOB))
    read = [TableFile.model_validate(yaml.safe_load(path.read_text(encoding="utf-8"))) for path in files]
    return {table.id: table for table in read}
