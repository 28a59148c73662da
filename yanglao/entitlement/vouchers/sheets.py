# i18n: data (headings and words of a workbook are Chinese in either language)
"""Workbooks: a provider's month of services paid with vouchers, and the other side's list to compare with."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy

from yanglao.entitlement.vouchers import actions, queries, rules
from yanglao.entitlement.vouchers.actions.checking import Told
from yanglao.entitlement.vouchers.actions.spending import reckon
from yanglao.entitlement.vouchers.models import Voucher
from yanglao.entitlement.vouchers.schemes import service_choices, service_names
from yanglao.registers.places.models import Place
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
    choice,
    date,
    integer,
    money,
    text,
)
from yanglao.shell.sheets import mark as _

NO_PLACE = Problem(
    _("没有找到机构"), _("您可以导入的机构中没有叫这个名称的"), _("按机构登记的全称填写；只管理一家的可不填")
)
NO_VOUCHER = Problem(
    _("没有这张券"), _("券号不存在，或与身份证号后四位不符"), _("对照老人的消费券和证件核对券号和后四位")
)
ORDER_USED = Problem(
    _("订单号已核销过"),
    _("同一家机构的同一订单号只能核销一次"),
    _("删去这一行；确是另一笔服务的，换一个订单号"),
)
REFUSED = Problem(_("不能核销"), _("{why}"), _("按提示更正；确不能用券的，删去这一行"))
OTHER_MONTH = Problem(
    _("不是同一个月"), _("一份对账单只对一个月，这一行的日期在另一个月"), _("按月分成几个文件导入")
)
LATER = Problem(
    _("已经不能撤销"), _("其中有已申请结算、已退款、已抽查或已处理的记录"), _("请逐笔办理退款或更正")
)
FIELDS = {
    "number": "number", "day": "day", "service": "service", "stay_days": "stay_days", "price": "price",
    "ltci": "ltci", "order_number": "order",
}  # fmt: skip
REDEEMED, VOUCHER_YUAN = _("核销"), _("抵扣金额（元）")
LINES = _("对账明细")


def _service(cell: Any) -> Any:
    return choice(service_names())(cell)


COLUMNS = [
    Column("机构名称", "place", parse=text(120), synonyms=("机构", "服务机构"), note=_("只管理一家机构的可不填")),
    Column("券号", "number", parse=text(20), required=True, synonyms=("消费券号", "消费券编号"), example="2611123456785"),
    Column("身份证号后四位", "tail", parse=text(4), required=True, sensitive=True, synonyms=("证件后四位", "后四位"), example="123X"),
    Column("服务", "service", parse=_service, choices=lambda: [label for _name, label in service_choices()], required=True, synonyms=("服务类型", "服务类别")),
    Column("服务内容", "item", parse=text(60), synonyms=("服务项目",)),
    Column("服务日期", "day", parse=date(latest=dt.date.today), required=True, synonyms=("日期",)),
    Column("约定入住天数", "stay_days", parse=integer(), synonyms=("入住天数",), note=_("只有托养服务要填")),
    Column("价格", "price", parse=money(), required=True, synonyms=("金额", "价款", "服务价格"), note=_("元")),
    Column("长护险支付", "ltci", parse=money(), synonyms=("长护险",), note=_("元，没有的不填")),
    Column("其他支付", "other", parse=money(), synonyms=("其他补贴支付",), note=_("元，没有的不填")),
    Column("订单号", "order", parse=text(40), required=True, synonyms=("订单编号", "流水号")),
]  # fmt: skip


@dataclass
class Found:
    """Which place and voucher a row means; what the rows before it in the file have spent."""

    places: dict[str, list[Place]]
    only: Place | None
    vouchers: dict[str, Voucher]
    used: set[tuple[int, str]]
    by_service: dict[tuple[int, str], int]
    left: dict[int, int] = field(default_factory=dict)

    @classmethod
    def of(cls, rows: Sequence[Any], actor: Any, organisation: int | None) -> Found:
        seen = (
            Place.objects.all()
            if organisation is None
            else Place.objects.filter(organisation_id=organisation)
        )
        places: dict[str, list[Place]] = {}
        for place in seen.filter(name__in={r.place for r in rows if r.place}).order_by("pk"):
            if actor.can("vouchers.redeem", place):
                places.setdefault(place.name, []).append(place)
        own = list(seen.order_by("pk")[:2]) if organisation is not None else []
        only = own[0] if len(own) == 1 else None
        vouchers = queries.by_number(r.number for r in rows if r.number)
        ids = {p.pk for found in places.values() for p in found} | ({only.pk} if only else set())
        used = queries.orders_known(ids, [r.order for r in rows if r.order])
        return cls(places, only, vouchers, used, queries.spent_by_service(v.pk for v in vouchers.values()))

    def place(self, row: Any) -> Place | None:
        if not row.place:
            return self.only
        found = self.places.get(row.place, [])
        return found[0] if len(found) == 1 else None

    def voucher(self, row: Any) -> Voucher | None:
        found = self.vouchers.get(row.number or "")
        right = found is not None and queries.has_tail(found, row.tail or "")
        return found if right else None

    def check(self, row: Any) -> Iterable[Finding]:
        place, voucher = self.place(row), self.voucher(row)
        if place is None:
            yield at(row, "place", NO_PLACE)
        if row.number and voucher is None:
            yield at(row, "number", NO_VOUCHER)
        if place is not None and (place.pk, row.order) in self.used:
            yield at(row, "order", ORDER_USED)
        if place is None or voucher is None or not (row.service and row.day and row.price):
            return
        yield from self._reckoned(row, place, voucher)

    def _reckoned(self, row: Any, place: Place, voucher: Voucher) -> Iterable[Finding]:
        left = self.left.get(voucher.pk, voucher.left_fen)
        spent = self.by_service.get((voucher.pk, row.service), 0)
        try:
            found = reckon(
                voucher, place_id=place.pk, service=row.service, day=row.day, price=row.price, ltci=row.ltci or 0,
                other=row.other or 0, stay_days=row.stay_days, left=left, service_spent=spent,
            )  # fmt: skip
        except ValidationError as refused:
            for name, said in refused.message_dict.items():
                yield at(row, FIELDS.get(name, "number"), REFUSED.with_params(why=" ".join(said)))
            return
        self.left[voucher.pk] = left - found.voucher
        self.by_service[voucher.pk, row.service] = spent + found.voucher
        self.used.add((place.pk, row.order))


def check_rows(rows: Sequence[Any], context: CheckContext) -> Iterable[Finding]:
    """Each row against the vouchers as the rows before it leave them."""
    found = Found.of(rows, context.actor, context.organisation)
    for row in sorted(rows, key=lambda r: (r.day or dt.date.max, r.row_number)):
        yield from found.check(row)


def commit(batches: Iterable[Sequence[Any]], context: CommitContext) -> Mapping[str, int]:
    """Row by row by the action of the till, in the order of the days."""
    counts: Counter[str] = Counter({REDEEMED: 0})
    for rows in batches:
        found = Found.of(rows, context.actor, context.organisation)
        for row in sorted(rows, key=lambda r: (r.day, r.row_number)):
            _redeem(row, found, context)
            counts[REDEEMED] += 1
            context.progress(counts[REDEEMED])
    return dict(counts)


def _redeem(row: Any, found: Found, context: CommitContext) -> None:
    place, voucher = found.place(row), found.voucher(row)
    if place is None or voucher is None:
        raise ValidationError(f"{row.row_number}")
    try:
        actions.redeem(
            context.actor, place=place, voucher=voucher, service=row.service, day=row.day, price=row.price,
            ltci=row.ltci or 0, other=row.other or 0, stay_days=row.stay_days, item=row.item or "",
            order_number=row.order, source=context.source,
        )  # fmt: skip
    except ValidationError as refused:
        raise ValidationError(f"{row.row_number}: {' '.join(refused.messages)}") from refused


def undo(context: UndoContext) -> None:
    try:
        actions.take_back(context.actor, source=context.source)
    except ValidationError:
        raise UndoRefused(LATER) from None


REDEMPTIONS = ImportTemplate(
    name="vouchers.redemptions",
    label=gettext_lazy("消费券核销清单"),  # type: ignore[arg-type]
    right="vouchers.redeem",
    columns=COLUMNS,
    unique=(("place", "order"),),
    check_rows=check_rows,
    commit=commit,
    undo=undo,
    own=True,
    max_rows=20_000,
    instructions=(
        _("一行是一笔服务；抵扣金额由系统按办法计算，不用填。"),
        _("一次导入同一个月的，在次月5日前；按服务日期的先后抵扣，到每月最高为止。"),
        _("同一家机构的同一订单号只能核销一次。"),
    ),
    description=_("定点机构一次导入一个月的核销"),
)

STATEMENT_COLUMNS = [
    Column("券号", "number", parse=text(40), required=True, synonyms=("消费券号", "消费券编号", "优惠券编号"), example="2611123456785"),
    Column("订单号", "order", parse=text(40), synonyms=("订单编号", "流水号", "交易流水号")),
    Column("机构名称", "place", parse=text(120), synonyms=("机构", "商户", "商户名称")),
    Column("核销日期", "day", parse=date(latest=dt.date.today), required=True, synonyms=("日期", "交易日期", "服务日期")),
    Column("抵扣金额", "amount", parse=money(), required=True, synonyms=("核销金额", "补贴金额", "金额"), note=_("元，已减去退款")),
]  # fmt: skip


def check_statement(rows: Sequence[Any], context: CheckContext) -> Iterable[Finding]:
    """One month per file: that of its first row."""
    dated = [row for row in rows if row.day]
    if not dated:
        return
    month = rules.month_of(dated[0].day)
    for row in dated:
        if rules.month_of(row.day) != month:
            yield at(row, "day", OTHER_MONTH)


def commit_statement(batches: Iterable[Sequence[Any]], context: CommitContext) -> Mapping[str, int]:
    rows = [row for batch in batches for row in batch]
    told = [Told(r.row_number, r.number, r.order or "", r.place or "", r.day, r.amount) for r in rows]
    months = {rules.month_of(row.day) for row in told}
    if len(months) != 1:
        raise ValidationError(str(OTHER_MONTH.why))
    division = context.actor.division
    if division is None:
        raise ValidationError(str(OTHER_MONTH.why))
    actions.store_statement(
        context.actor, division=division, month=months.pop(), rows=told, source=context.source
    )
    context.progress(len(told))
    return {LINES: len(told)}


def undo_statement(context: UndoContext) -> None:
    try:
        actions.withdraw_statement(context.actor, source=context.source)
    except ValidationError:
        raise UndoRefused(LATER) from None


STATEMENT = ImportTemplate(
    name="vouchers.statement",
    label=gettext_lazy("消费券对账单"),  # type: ignore[arg-type]
    right="vouchers.reconcile",
    columns=STATEMENT_COLUMNS,
    check_rows=check_statement,
    commit=commit_statement,
    undo=undo_statement,
    max_rows=200_000,
    instructions=(
        _("一个文件是一个月、您所管区划内全部机构的核销清单。"),
        _("导入后逐笔与本系统核对：相符、金额不同、只在对方、只在本方。"),
    ),
    description=_("全国平台或银行的核销清单，与本系统核对"),
)
