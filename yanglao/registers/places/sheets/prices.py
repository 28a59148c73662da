# i18n: data (headings and words of a workbook are Chinese in either language)
"""The workbook of published prices: one item a row, yuan."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy

from yanglao.kernel.scope import entered, everything
from yanglao.registers.places import actions
from yanglao.registers.places.models import Price
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

HIGH_BELOW = Problem(_("最高价低于最低价"), _("两个价格前后颠倒"), _("核对公示的价格"))
LATER_PRICE = Problem(
    _("已有更晚的价格"),
    _("同一项目已有这一天或以后执行的价格"),
    _("填写更晚的执行日期，或先在收费历史中作废那一条"),
)
CHANGED = Problem(_("已经不能撤销"), _("导入之后，其中{number}条价格又有了变化"), _("请在收费历史中逐条作废"))
SET = _("登记收费")


def _labels(choices: Iterable[tuple[str, Any]]) -> dict[str, str]:
    return {str(label): value for value, label in choices}


def agrees(row: Any) -> Iterable[Finding]:
    if row.low is not None and row.high is not None and row.high < row.low:
        yield at(row, "high", HIGH_BELOW)


def _slot(row: Any) -> str:
    return ":".join((row.item or "", row.bed or "", row.ability or "", row.unit or ""))


def check_rows(rows: Sequence[Any], context: CheckContext) -> Iterator[Finding]:
    """Every row names one place of the importer's, and is later than what is recorded."""
    yield from known.check(rows, context)
    meant = known.places(rows, context.actor)
    ids = {p.pk for found in meant.values() for p in found}
    with everything("the prices of the places rows name"):
        prices = Price.objects.filter(place__in=ids, withdrawn_at=None).order_by("valid_from")
        latest = {(p.place_id, p.slot): p.valid_from for p in prices}
    for row in rows:
        for place in meant[row.row_number][:1]:
            last = latest.get((place.pk, _slot(row)))
            if last is not None and last >= (row.valid_from or context.today):
                yield at(row, "valid_from", LATER_PRICE)


def commit(batches: Iterable[Sequence[Any]], context: CommitContext) -> Mapping[str, int]:
    """Every row is a new price; the one before it ends."""
    done = 0
    for rows in batches:
        meant = known.places(rows, context.actor)
        with entered(context.actor):
            for row in rows:
                _set(row, meant[row.row_number][0], context)
        done += len(rows)
        context.progress(done)
    return {SET: done}


def _set(row: Any, place: Any, context: CommitContext) -> None:
    actions.set_price(
        context.actor,
        place,
        item=row.item,
        unit=row.unit,
        low=row.low,
        high=row.low if row.high is None else row.high,
        bed=row.bed or "",
        ability=row.ability or "",
        valid_from=row.valid_from or context.today,
        published_on=row.published_on,
        note_text=row.note or "",
        source=context.source,
    )


def undo(context: UndoContext) -> None:
    """Take the prices back; those they ended stand again. Raises UndoRefused."""
    with everything("an import is taken back whole"):
        rows = list(
            Price.objects.filter(source=context.source, withdrawn_at=None).order_by("-valid_from", "-id")
        )
        changed = [p for p in rows if p.valid_to is not None]
        if changed:
            raise UndoRefused(CHANGED.with_params(number=len(changed)))
        for price in rows:
            actions.withdraw_price(context.actor, price, reason="撤销导入")


PRICES = ImportTemplate(
    name="places.prices",
    label=gettext_lazy("收费标准"),  # type: ignore[arg-type]
    right="places.import",
    columns=[
        Column("名称", "place", parse=text(120), required=True, synonyms=("机构名称", "设施名称")),
        Column("所在区划", "division", parse=division, synonyms=("区划",), note=_("同名的不止一个时填写")),
        Column("收费项目", "item", choices=_labels(Price.Item.choices), required=True, synonyms=("项目",)),
        Column("床位类型", "bed", choices=_labels(Price.Bed.choices)),
        Column("能力等级", "ability", choices=_labels(Price.Ability.choices), synonyms=("护理等级",)),
        Column("计价单位", "unit", choices=_labels(Price.Unit.choices), required=True, synonyms=("单位",)),
        Column(
            "最低价（元）", "low", parse=money(), required=True, synonyms=("最低收费", "最低价", "收费标准")
        ),
        Column(
            "最高价（元）",
            "high",
            parse=money(),
            synonyms=("最高收费", "最高价"),
            note=_("不填即与最低价相同"),
        ),
        cells.day("执行日期", "valid_from", note=_("不填按导入当天"), future=True),
        cells.day("公示日期", "published_on"),
        Column("说明", "note", parse=text(200), synonyms=("备注",)),
    ],
    row_checks=(agrees,),
    unique=(("place", "division", "item", "bed", "ability", "unit"),),
    check_rows=check_rows,
    commit=commit,
    undo=undo,
    keep_good_rows=True,
    max_rows=50_000,
    instructions=(_("按公示的最低、最高价填写；原来的价格自动截止，保留在历史中。"),),
    description=_("登记公示的收费项目和价格"),
)
