"""States and kinds in words and tones."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.entitlement.catalogue.queries import ItemState
from yanglao.entitlement.catalogue.rules import State

TONES = {1: "warn", 2: "info", 3: "info", 4: "good", 5: "dull", 6: "dull"}
VIA = {
    "rule": gettext_lazy("按清单条件认定"),
    "payments": gettext_lazy("发放记录"),
    "vouchers": gettext_lazy("消费券记录"),
    "register": gettext_lazy("老年人档案"),
    "hand": gettext_lazy("手工登记"),
}
TYPES = {
    "money": gettext_lazy("物质帮助"),
    "care": gettext_lazy("照护服务"),
    "concern": gettext_lazy("关爱服务"),
    "subsidy": gettext_lazy("资金补助"),
    "tax": gettext_lazy("税费优惠"),
    "land": gettext_lazy("土地和房屋"),
    "finance": gettext_lazy("金融支持"),
    "talent": gettext_lazy("人才支持"),
    "guidance": gettext_lazy("办事指引"),
    "project": gettext_lazy("投资方向"),
}
KINDS = {
    "services": gettext_lazy("基本养老服务清单"),
    "support": gettext_lazy("扶持政策措施清单"),
    "investment": gettext_lazy("投资指南"),
}
RAISED = {
    "age": gettext_lazy("年龄放宽"),
    "who": gettext_lazy("对象扩大"),
    "standard": gettext_lazy("标准提高"),
}


def next_step(found: ItemState) -> Any:
    """What is to be done next, in one sentence."""
    if found.elsewhere:
        return _("由%(unit)s认定，本系统不判断。") % {"unit": found.form.unit}
    if found.state is None or found.state == State.ENDED:
        return ""
    if found.state == State.ENTITLED:
        return found.form.how
    return {
        State.OFFERED: _("等本人或家人答复：同意的开始办理，不要的写明原因。"),
        State.ACCEPTED: _("正在办理；办好后会自动或由经办人登记为已享受。"),
        State.RECEIVED: _("已经享受，不用再办。"),
        State.REFUSED: _("尊重本人意愿，不再询问；改变主意的，点“重新办理”。"),
    }[found.state]
