"""What is done in the background: the month's vouchers are issued, and past ones end."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.entitlement.vouchers import queries, schemes
from yanglao.kernel.jobs import JobContext, JobFailed, job
from yanglao.kernel.packs.models import City


@job("vouchers.issue", label=gettext_lazy("发放消费券"))
def issue(ctx: JobContext, *, division: int, month: int) -> None:
    """Issue to everybody in a division who is entitled and has none; asked for again it adds newcomers only."""
    from yanglao.entitlement.vouchers import actions

    try:
        issued = actions.issue(ctx.actor, division=division, month=month)
    except ValidationError as refused:
        raise JobFailed(" ".join(refused.messages)) from refused
    ctx.progress(1, 1, _("新发放 %(n)s 张") % {"n": issued})
    ctx.result(reverse("vouchers:month"))


@job("vouchers.daily", daily=dt.time(1, 20), label=gettext_lazy("发放和清理消费券"))
def daily(ctx: JobContext) -> None:
    """On the first of a month everybody's, on other days those of newcomers; what is past its month ends."""
    from yanglao.entitlement.vouchers import actions

    actions.expire(ctx.actor)
    month = queries.this_month()
    for root in City.objects.order_by("pk").values_list("root_id", flat=True):
        if schemes.scheme_for(root, month):
            actions.issue(ctx.actor, division=root, month=month)
