"""Indicator files among the standards: checked against the measures rooms offer, then loaded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.packs import Pack, PackFile, Problem
from yanglao.kernel.rooms import house
from yanglao.steering.indicators.actions import load
from yanglao.steering.indicators.schema import IndicatorFile, IndicatorsFile

Files = Sequence[PackFile[IndicatorsFile]]


def check(pack: Pack, files: Files) -> Iterator[Problem]:
    """Every code once over all files, every measure one that a room offers."""
    seen: set[str] = set()
    for file in files:
        for index, indicator in enumerate(file.model.indicators):
            if indicator.code in seen:
                what = _("指标代码 %(code)s 在别的文件里已有") % {"code": indicator.code}
                yield file.problem(["indicators", index], what, _("改用别的代码，或删去一处"))
            seen.add(indicator.code)
            for part in ("numerator", "denominator"):
                name = getattr(indicator, part)
                if name and _misspelt(name):
                    what = _("没有登记簿提供“%(name)s”") % {"name": name}
                    how = _("改用已有的度量，或改为 reported: true 由各地自报")
                    yield file.problem(["indicators", index, part], what, how)
            for name in _cannot_tell(indicator):
                what = _("登记簿的数不能按“%(name)s”分组") % {"name": name}
                how = _("从 breakdowns 里删去，或改用分子和分母都能这样分的度量")
                yield file.problem(["indicators", index, "breakdowns"], what, how)


def _cannot_tell(indicator: IndicatorFile) -> list[str]:
    """Dimensions that a measure of the indicator, of a room that is there, cannot be told apart by."""
    names = [name for name in (indicator.numerator, indicator.denominator) if name]
    measures = [house().measures[name] for name in names if name in house().measures]
    asked = [name for name in indicator.breakdowns if name != "division"]
    return [name for name in asked if indicator.reported or any(name not in m.splits for m in measures)]


def _misspelt(name: str) -> bool:
    """Whether the room named before the dot offers measures, but not this one. A room that is not there yet
    is no mistake: until it comes the indicator has no value."""
    room = name.partition(".")[0]
    offered = house().measures
    return name not in offered and any(known.startswith(f"{room}.") for known in offered)


def apply(actor: Actor, pack: Pack, files: Files) -> None:
    """All definitions of all files, in the order of the files."""
    load(actor, definitions=[one for file in files for one in file.model.indicators])
