"""Words and colours of pages about plans; the report's own words are in report/."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from yanglao.steering.plans.rules import State

STATES = {
    State.MET: _("已达成"),
    State.ON_TRACK: _("进度正常"),
    State.SLOW: _("进度偏慢"),
    State.LATE: _("滞后"),
    State.OVERDUE: _("逾期未完成"),
    State.UNREPORTED: _("未上报"),
    State.NOT_STARTED: _("未开始"),
}
TONES = {"green": "good", "amber": "warn", "red": "bad", "grey": "dull"}
LIGHTS = {
    "red": _("滞后、逾期"),
    "amber": _("偏慢"),
    "green": _("正常、达成"),
    "grey": _("未上报"),
}
