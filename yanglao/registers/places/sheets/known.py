"""The places and operators that rows of a workbook name, found in a few queries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from yanglao.kernel.bulk import in_chunks
from yanglao.kernel.scope import entered
from yanglao.registers.places.models import Operator, Place
from yanglao.shell.sheets import CheckContext, Finding, Problem, at
from yanglao.shell.sheets import mark as _

NO_SUCH = Problem(
    _("没有这个机构设施"),
    _("您的管理范围内没有名称为“{value}”的档案"),
    _("核对名称，与档案写法一致；还没有档案的，先导入机构设施"),
)
SEVERAL = Problem(
    _("同名的不止一个"), _("“{value}”在不同区划各有一个"), _("加上“所在区划”一列，写明是哪一个")
)
NO_OPERATOR = Problem(
    _("没有这个运营方"),
    _("您的管理范围内没有名称为“{value}”的运营方"),
    _("核对名称；还没有档案的，先导入运营方"),
)
NOT_YOURS = Problem(
    _("不在您的管理范围"), _("您不能导入这个区划的机构设施"), _("核对区划；确属外区的，请由当地导入")
)


def places(rows: Sequence[Any], actor: Any) -> dict[int, list[Place]]:
    """Row number → the places its `place` (a name) and, if given, `division` may mean, within the actor's scope."""
    names = {row.place for row in rows if row.place}
    by_name: dict[str, list[Place]] = {}
    with entered(actor):
        for chunk in in_chunks(names):
            for place in Place.objects.filter(name__in=chunk).order_by("id"):
                by_name.setdefault(place.name, []).append(place)
    return {row.row_number: _meant(by_name.get(row.place, []), row) for row in rows}


def _meant(found: list[Place], row: Any) -> list[Place]:
    code = getattr(row, "division", None)
    return [p for p in found if code is None or p.division_id == code]


def check(rows: Sequence[Any], context: CheckContext) -> Iterator[Finding]:
    """Every row names exactly one place that the importer may import for."""
    found = places(rows, context.actor)
    for row in rows:
        if row.place is None:
            continue
        meant = found[row.row_number]
        if len(meant) != 1:
            yield at(row, "place", SEVERAL if meant else NO_SUCH)
        elif not context.actor.can("places.import", meant[0]):
            yield at(row, "place", NOT_YOURS)


def operators(names: Iterable[str], actor: Any) -> dict[str, Operator]:
    """Operators of the actor's scope by name; of two with one name the first."""
    found: dict[str, Operator] = {}
    with entered(actor):
        for chunk in in_chunks(set(names)):
            for operator in Operator.objects.filter(name__in=chunk).order_by("-id"):
                found[operator.name] = operator
    return found
