"""What vouchers offer to the house."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yanglao.entitlement.benefits.rules.form import PolicyForm
from yanglao.entitlement.vouchers import entitled, following, measures, offers, rules, schemes
from yanglao.entitlement.vouchers.facts import FACTS
from yanglao.entitlement.vouchers.sheets import REDEMPTIONS, STATEMENT
from yanglao.kernel.packs import PackSection
from yanglao.kernel.rooms import (
    Measure,
    MenuEntry,
    PersonPanel,
    PlacePanel,
    Right,
    Room,
    SearchProvider,
    Subscription,
)
from yanglao.registers.people.events import PersonDied


def _list_url(on: dt.date, division: int) -> str:
    month = rules.month_of(on)
    return f"{reverse('vouchers:list')}?month={month // 100}-{month % 100:02d}&division={division}"


def _measure(name: str, label: Any, unit: Any, count: Any, note: Any = "") -> Measure:
    return Measure(
        f"vouchers.{name}", label, unit, count, measures.voucher_records, "division", _list_url, note
    )


room = Room(
    name="vouchers",
    label=_("消费券"),
    verbs={
        "vouchers.issue": _("发放消费券"),
        "vouchers.claim": _("领取消费券"),
        "vouchers.change_kind": _("更改券种"),
        "vouchers.bar": _("停发消费券"),
        "vouchers.lift": _("恢复发放消费券"),
        "vouchers.void": _("作废消费券"),
        "vouchers.expire": _("清理过期消费券"),
        "vouchers.admit": _("登记消费券定点机构"),
        "vouchers.end_admission": _("终止消费券定点"),
        "vouchers.redeem": _("核销消费券"),
        "vouchers.refund": _("登记消费券退款"),
        "vouchers.take_back": _("撤销核销清单"),
        "vouchers.submit_claim": _("申请消费券结算"),
        "vouchers.approve": _("审核消费券结算"),
        "vouchers.give_back_claim": _("退回消费券结算"),
        "vouchers.settle": _("登记消费券结算付款"),
        "vouchers.unsettle": _("登记消费券结算退汇"),
        "vouchers.store_statement": _("导入消费券对账单"),
        "vouchers.withdraw_statement": _("撤销消费券对账单"),
        "vouchers.resolve": _("处理消费券对账差异"),
        "vouchers.draw": _("抽取消费券核查样本"),
        "vouchers.check": _("登记消费券现场核查"),
    },
    rights=(
        Right("vouchers.view", _("查看消费券")),
        Right("vouchers.issue", _("发放消费券、停发和恢复")),
        Right("vouchers.assist", _("帮助老年人领取和选择券种")),
        Right("vouchers.admit", _("管理定点服务机构")),
        Right("vouchers.redeem", _("核销消费券、退款、申请结算")),
        Right("vouchers.review", _("审核结算申请")),
        Right("vouchers.settle", _("登记结算付款")),
        Right("vouchers.reconcile", _("与对方名单对账")),
        Right("vouchers.draw", _("抽取核查样本")),
        Right("vouchers.check", _("登记现场核查")),
        Right("vouchers.export", _("导出消费券清单")),
    ),
    menu=(
        MenuEntry(_("消费券"), "vouchers:month", "vouchers.view", icon="ticket", group=_("待遇"), order=36),
    ),
    desk=(offers.desk,),
    tiles=(offers.tiles,),
    timeline=(offers.timeline,),
    person_panels=(
        PersonPanel(
            _("消费券"), "vouchers.view", "vouchers/parts/person.html", offers.person_panel, order=25
        ),
    ),
    place_panels=(
        PlacePanel(_("消费券"), "vouchers.view", "vouchers/parts/place.html", offers.place_panel, order=60),
    ),
    search=(SearchProvider(_("消费券"), "vouchers.view", offers.search, order=60),),
    measures=(
        _measure("issued", _("发放消费券人数"), _("人"), measures.issued_by_division, _("当月发放、未作废")),
        _measure("claimed", _("领取消费券人数"), _("人"), measures.claimed_by_division),
        _measure("used", _("使用消费券人数"), _("人"), measures.used_by_division),
        _measure("amount", _("消费券抵扣金额"), _("元"), measures.amount_by_division, _("已减去退款")),
        Measure("vouchers.checked", _("消费券现场核查笔数"), _("笔"), measures.checked_by_division),
    ),
    facts=FACTS,
    imports=(REDEMPTIONS, STATEMENT),
    subscriptions=(Subscription(PersonDied, following.died),),
    packs=(
        PackSection(schemes.FILE, schemes.SchemesFile, _("消费券办法"), kind="standard", check=schemes.check),
        PackSection(entitled.GLOB, PolicyForm, _("消费券发放对象"), kind="standard"),
        PackSection(schemes.FILE, schemes.CitySchemes, _("本市的消费券办法"), check=schemes.check),
    ),
)
