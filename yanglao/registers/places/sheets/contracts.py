# i18n: data (headings and words of a workbook are Chinese in either language)
"""The workbook of operation contracts: one contract a row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy

from yanglao.kernel.scope import entered, everything
from yanglao.registers.places import actions
from yanglao.registers.places.models import Contract, ContractAsset, ContractReview
from yanglao.registers.places.sheets import cells, known
from yanglao.shell.imports.cells import division
from yanglao.shell.sheets import (
    CheckContext,
    Column,
    CommitContext,
    Finding,
    ImportTemplate,
    Problem,
    UndoContext,
    UndoRefused,
    at,
    money,
    text,
)
from yanglao.shell.sheets import mark as _

END_FIRST = Problem(_("截止日期早于开始日期"), _("两个日期前后颠倒"), _("核对合同的期限"))
OVERLAPS = Problem(
    _("与已有合同重叠"), _("这个机构已有{days}的合同"), _("先登记那份合同提前终止，或改正日期")
)
OVERLAPS_HERE = Problem(_("与表中另一行重叠"), _("同一机构同一天只能有一份合同"), _("核对两行的日期"))
CHANGED = Problem(_("已经不能撤销"), _("导入之后，其中{number}份合同又有了资产、考核或变更"), _("请逐份作废"))
ADDED = _("登记合同")
Days = tuple[dt.date, dt.date]


def agrees(row: Any) -> Iterable[Finding]:
    if row.starts_on and row.ends_on and row.ends_on < row.starts_on:
        yield at(row, "ends_on", END_FIRST)


def check_rows(rows: Sequence[Any], context: CheckContext) -> Iterator[Finding]:
    """One place, one operator; no day with two contracts."""
    yield from known.check(rows, context)
    operators = known.operators((row.operator for row in rows if row.operator), context.actor)
    for row in rows:
        if row.operator and row.operator not in operators:
            yield at(row, "operator", known.NO_OPERATOR)
    yield from _overlaps(rows, context)


def _overlaps(rows: Sequence[Any], context: CheckContext) -> Iterator[Finding]:
    meant = known.places(rows, context.actor)
    ids = {p.pk for found in meant.values() for p in found}
    taken: dict[int, list[tuple[Days, bool]]] = {}
    with everything("the contracts of the places rows name"):
        contracts = Contract.objects.filter(place__in=ids, withdrawn_at=None).order_by("starts_on")
        for c in contracts:
            taken.setdefault(c.place_id, []).append(((c.starts_on, c.ends_on), True))
    for row in rows:
        if not (row.starts_on and row.ends_on) or len(meant[row.row_number]) != 1:
            continue
        held = taken.setdefault(meant[row.row_number][0].pk, [])
        clash = next((one for one in held if one[0][0] <= row.ends_on and row.starts_on <= one[0][1]), None)
        if clash is not None:
            (first, last), recorded = clash
            yield at(
                row, "starts_on", OVERLAPS.with_params(days=f"{first}至{last}") if recorded else OVERLAPS_HERE
            )
        held.append(((row.starts_on, row.ends_on), False))


def commit(batches: Iterable[Sequence[Any]], context: CommitContext) -> Mapping[str, int]:
    """Every row is a contract."""
    done = 0
    for rows in batches:
        meant = known.places(rows, context.actor)
        operators = known.operators((row.operator for row in rows), context.actor)
        with entered(context.actor):
            for row in rows:
                _add(row, meant[row.row_number][0], operators[row.operator], context)
        done += len(rows)
        context.progress(done)
    return {ADDED: done}


def _add(row: Any, place: Any, operator: Any, context: CommitContext) -> None:
    actions.add_contract(
        context.actor,
        place,
        operator=operator,
        owner_name=row.owner_name,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        source=context.source,
        number=row.number or "",
        mode=row.mode or Contract.Mode.ENTRUSTED,
        signed_on=row.signed_on,
        yearly_fee=row.yearly_fee or 0,
        deposit=row.deposit or 0,
        premises=row.premises or "",
        terms=row.terms or "",
    )


def undo(context: UndoContext) -> None:
    """Take the contracts back. Raises UndoRefused when something hangs on one."""
    with everything("an import is taken back whole"):
        rows = Contract.objects.filter(source=context.source)
        hung = (
            Q(pk__in=ContractAsset.objects.order_by().values("contract"))
            | Q(pk__in=ContractReview.objects.order_by().values("contract"))
            | ~Q(end_reason="")
        )
        if number := rows.filter(hung).count():
            raise UndoRefused(CHANGED.with_params(number=number))
        rows.delete()


CONTRACTS = ImportTemplate(
    name="places.contracts",
    label=gettext_lazy("运营合同"),  # type: ignore[arg-type]
    right="places.import",
    columns=[
        Column("名称", "place", parse=text(120), required=True, synonyms=("机构名称", "设施名称")),
        Column("所在区划", "division", parse=division, synonyms=("区划",), note=_("同名的不止一个时填写")),
        Column(
            "委托方（甲方）",
            "owner_name",
            parse=text(120),
            required=True,
            synonyms=("甲方", "委托方", "业主单位"),
        ),
        Column(
            "运营方（乙方）",
            "operator",
            parse=text(120),
            required=True,
            synonyms=("乙方", "运营单位", "受托方"),
        ),
        Column("运营方式", "mode", choices={str(label): v for v, label in Contract.Mode.choices}),
        Column("合同编号", "number", parse=text(80)),
        cells.day("签订日期", "signed_on"),
        cells.day("开始日期", "starts_on", "合同开始日期", "起始日期", future=True, required=True),
        cells.day("截止日期", "ends_on", "合同截止日期", "终止日期", future=True, required=True),
        Column("年费（元）", "yearly_fee", parse=money(), synonyms=("年承包费", "年租金")),
        Column("履约保证金（元）", "deposit", parse=money(), synonyms=("保证金",)),
        Column("运营场所", "premises", parse=text(200)),
        Column("履约要求", "terms", parse=text(2000)),
    ],
    row_checks=(agrees,),
    check_rows=check_rows,
    commit=commit,
    undo=undo,
    keep_good_rows=True,
    max_rows=10_000,
    instructions=(_("机构设施和运营方须先有档案；同一机构同一天只能有一份合同。"),),
    description=_("登记公建民营、委托运营的合同"),
)
