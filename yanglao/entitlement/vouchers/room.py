"""What vouchers offer to the house."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from yanglao.entitlement.vouchers import following, schemes
from yanglao.entitlement.vouchers.facts import FACTS
from yanglao.kernel.packs import PackSection
from yanglao.kernel.rooms import Right, Room, Subscription
from yanglao.registers.people.events import PersonDied

room = Room(
    name="vouchers",
    label=_("消费券"),
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
    facts=FACTS,
    subscriptions=(Subscription(PersonDied, following.died),),
    packs=(
        PackSection(schemes.FILE, schemes.SchemesFile, _("消费券办法"), kind="standard", check=schemes.check),
        PackSection(schemes.FILE, schemes.CitySchemes, _("本市的消费券办法"), check=schemes.check),
    ),
)
