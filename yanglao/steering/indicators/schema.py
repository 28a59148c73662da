"""The shape of indicator files: ``standards/indicators/*.yaml`` and ``cities/<place>/indicators.yaml``."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from django.utils.translation import gettext as _
from pydantic import Field, model_validator

from yanglao.kernel.packs.schema import StandardHeader, Strict

from .rules import Kind

Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{2,59}$")]
MeasureName = Annotated[str, Field(pattern=r"^[a-z_]+\.[a-z0-9_]+$")]


class IndicatorFile(Strict):
    """One indicator (指标): what is counted, over what, on which date, and who knows it.

    ``numerator`` and ``denominator`` name measures rooms offer (``people.older_80``). A reported indicator
    may still have a computed denominator: people type only what no register knows. ``date_rule: since`` counts what
    was added since the day ``since``, that day included (行动方案实施以来).
    """

    code: Code
    version: int = Field(default=1, ge=1)
    name: str
    name_en: str
    words: str
    unit: str
    kind: Kind
    digits: int = Field(default=0, ge=0, le=4)
    numerator: MeasureName | None = None
    denominator: MeasureName | None = None
    numerator_name: str = ""
    denominator_name: str = ""
    date_rule: Literal["month_end", "year_to_date", "month_mean", "since"] = "month_end"
    reported: bool = False
    reported_by: Literal["district", "city"] = "district"
    breakdowns: tuple[str, ...] = ("division",)
    owner: str = ""
    source: str
    since: date | None = None

    @model_validator(mode="after")
    def somebody_knows_the_number(self) -> IndicatorFile:
        if self.reported == (self.numerator is not None):
            raise ValueError(
                _("指标要么由登记簿计算（写 numerator），要么自报（写 reported: true），二者取一")
            )
        if not self.reported and self.kind.has_denominator and self.denominator is None:
            raise ValueError(_("占比和密度类指标要写 denominator"))
        if (self.date_rule == "since") != (self.since is not None):
            raise ValueError(_("date_rule: since 与 since（起算日期）要一起写"))
        if self.denominator is not None and not self.kind.has_denominator:
            raise ValueError(_("这一类指标没有分母，删去 denominator"))
        if self.kind.has_denominator and not (self.numerator_name and self.denominator_name):
            raise ValueError(_("写明分子和分母的名称（numerator_name、denominator_name）"))
        return self

    @property
    def whole(self) -> bool:
        """Counts persons or things, so what is needed is rounded up to whole ones."""
        return not self.kind.has_denominator and self.digits == 0


class IndicatorsFile(StandardHeader):
    """A file of indicators."""

    indicators: tuple[IndicatorFile, ...]

    @model_validator(mode="after")
    def each_code_once(self) -> IndicatorsFile:
        codes = [indicator.code for indicator in self.indicators]
        twice = sorted({code for code in codes if codes.count(code) > 1})
        if twice:
            raise ValueError(_("指标代码重复：%(codes)s") % {"codes": "、".join(twice)})
        return self
