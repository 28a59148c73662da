# i18n: data (headings and words of a workbook are Chinese in either language)
"""The list of residents 在住老年人名单: who lives there, and, with a day of discharge, who lived there."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy

from yanglao.registers.stays import actions
from yanglao.registers.stays.sheets.finding import BED, BUILDING, PLACE, ROOM, Found, bed_key, beds_of
from yanglao.registers.stays.sheets.residents_check import check_rows, row_dates
from yanglao.registers.stays.sheets.residents_undo import undo
from yanglao.registers.stays.vocabulary import Word, labels, vocabulary
from yanglao.shell.imports.cells import division
from yanglao.shell.sheets import (
    Column,
    CommitContext,
    ImportTemplate,
    choice,
    date,
    money,
    phone,
    resident_id,
    text,
)
from yanglao.shell.sheets import mark as _

ADDED, PAST = _("登记在住"), _("补录历史入住")


def _listed(title: str, field: str, entries: str, *synonyms: str, required: bool = False) -> Column:
    def words() -> Mapping[str, Word]:
        return getattr(vocabulary(), entries)  # type: ignore[no-any-return]

    return Column(
        title,
        field,
        parse=lambda cell: choice(labels(words()))(cell),
        choices=lambda: [entry.label for entry in words().values()],
        synonyms=synonyms,
        required=required,
    )


def _day(title: str, field: str, *synonyms: str, required: bool = False, note: str = "") -> Column:
    return Column(
        title, field, parse=date(latest=dt.date.today), synonyms=synonyms, required=required, note=note
    )


COLUMNS = [
    PLACE,
    Column("姓名", "name", parse=text(50), required=True, synonyms=("老人姓名", "名字"), example="张三"),
    Column(
        "公民身份号码",
        "id_number",
        parse=resident_id(allow_test=settings.TEST_ID_NUMBERS),
        required=True,
        sensitive=True,
        synonyms=("身份证号", "身份证号码", "证件号码", "身份证"),
        note=_("18 位，请把这一列设为文本格式"),
    ),
    Column(
        "户籍地",
        "hukou",
        parse=division,
        synonyms=("户籍所在地", "户籍区划"),
        note=_("全市还没有他的档案时必填：区划代码，或“区县 街道 社区（村）”"),
    ),
    Column("联系电话", "phone", parse=phone(), sensitive=True, synonyms=("本人电话", "手机")),
    BUILDING,
    ROOM,
    BED,
    _day("入住日期", "since", "入院日期", "入住时间", required=True),
    _day("退住日期", "until", "出院日期", "离院日期", note=_("还在住的不填；填了的作为历史入住补录")),
    _listed("退住去向", "end", "ends", "去向"),
    _listed("护理等级", "level", "care_levels", "照护等级", "护理级别", required=True),
    _listed("费用来源", "payer", "payers", "老人类别", "人员类别", "供养类型"),
    _listed("入住方式", "kind", "stay_kinds", "托养方式"),
    Column("床位费", "fee_bed", parse=money(), note=_("元/月")),
    Column("护理费", "fee_care", parse=money(), synonyms=("照料护理费", "照料费"), note=_("元/月")),
    Column("餐费", "fee_meals", parse=money(), synonyms=("伙食费",), note=_("元/月")),
    Column("其他费用", "fee_other", parse=money(), note=_("元/月")),
    Column("合同编号", "contract", parse=text(60), synonyms=("协议编号",)),
    Column("合同到期日期", "contract_ends", parse=date(), synonyms=("合同到期日", "协议到期日期")),
    Column("押金", "deposit", parse=money(), note=_("元")),
    Column("监护人", "guardian", parse=text(50), synonyms=("担保人", "监护人姓名", "家属姓名")),
    Column(
        "监护人电话", "guardian_phone", parse=phone(), sensitive=True, synonyms=("担保人电话", "家属电话")
    ),
]


def commit(batches: Iterable[Sequence[Any]], context: CommitContext) -> Mapping[str, int]:
    """Row by row by the actions of the room, in the order of the days, so that a bed's stays follow each other."""
    counts: Counter[str] = Counter({ADDED: 0, PAST: 0})
    done = 0
    for rows in batches:
        found = Found.of(rows, context.organisation)
        placed = [(row, found.place(row, context.actor, "stays.admit")) for row in rows]
        beds = beds_of({place.pk for _row, place in placed})
        for row, place in sorted(placed, key=lambda pair: pair[0].since):
            counts[_enter(row, place, beds[bed_key(place, row)], context)] += 1
            done += 1
        context.progress(done)
    return dict(counts)


def _enter(row: Any, place: Any, bed: Any, context: CommitContext) -> str:
    try:
        stay = actions.enter(
            context.actor,
            place,
            bed=bed,
            since=row.since,
            until=row.until,
            end=row.end or "other",
            level=row.level,
            fees={name[4:]: amount for name, amount in _fees(row)},
            source=context.source,
            name=row.name,
            id_number=row.id_number.number,
            hukou=row.hukou,
            phone=row.phone or "",
            kind=row.kind or "long",
            payer=row.payer or "self",
        )
    except ValidationError as refused:
        said = " ".join(refused.messages)
        raise ValidationError(f"{row.row_number}: {said}") from refused
    if row.contract or row.contract_ends or row.deposit:
        _contract(row, stay, context)
    return PAST if row.until else ADDED


def _fees(row: Any) -> list[tuple[str, int]]:
    names = ("fee_bed", "fee_care", "fee_meals", "fee_other")
    return [(name, amount) for name in names if (amount := getattr(row, name)) is not None]


def _contract(row: Any, stay: Any, context: CommitContext) -> None:
    if row.until:
        return
    actions.add_contract(
        context.actor,
        stay,
        number=row.contract or "",
        signed_on=row.since,
        starts_on=row.since,
        ends_on=row.contract_ends,
        deposit=row.deposit or 0,
        signed_by=row.guardian or row.name,
        guardian=row.guardian or "",
        guardian_phone=row.guardian_phone or "",
    )


RESIDENTS = ImportTemplate(
    name="stays.residents",
    label=gettext_lazy("在住老年人名单"),  # type: ignore[arg-type]
    right="stays.import",
    columns=COLUMNS,
    unique=(("id_number", "since"),),
    row_checks=(row_dates,),
    check_rows=check_rows,
    commit=commit,
    undo=undo,
    keep_good_rows=True,
    own=True,
    max_rows=100_000,
    instructions=(
        _("先登记或导入床位表，再导入名单；机构、楼栋、房间号和床号要与床位表一致。"),
        _("按公民身份号码在全市档案中查找，查找会留下记录；没有档案的按户籍地新建。"),
        _("填了退住日期的，作为历史入住补录；没有填的，就是现在还在住。"),
    ),
    description=_("登记各机构现在住着谁，也可补录以前住过谁"),
)
