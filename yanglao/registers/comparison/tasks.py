"""Background work: a file is compared; files whose time is over are deleted. Restartable at any point."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from yanglao.kernel.jobs import JobContext, job
from yanglao.registers.comparison import actions, flow
from yanglao.registers.comparison.models import Delivery


@job("comparison.compare", retries=2, label=_("数据比对"))
def compare_file(ctx: JobContext, *, delivery_id: int) -> None:
    """Read, match and account for every row; what was written by an earlier attempt is not written again."""
    delivery: Delivery = Delivery.objects.select_related("file", "marked", "run").get(pk=delivery_id)
    ctx.result(delivery.get_absolute_url())
    if delivery.state != Delivery.State.MATCHING:
        return

    def progress(done: int, total: int, message: str) -> None:
        ctx.check_cancelled()
        ctx.progress(done, max(done, total), message)

    flow.compare_delivery(ctx.actor, delivery, ctx.once, progress)


@job("comparison.list_absent", retries=2, label=_("列出名单中缺少的人"))
def list_absent(ctx: JobContext, *, delivery_id: int) -> None:
    """The inverse clues of a list somebody has vouched for."""
    delivery: Delivery = Delivery.objects.select_related("file", "run").get(pk=delivery_id)
    ctx.result(delivery.get_absolute_url())
    if delivery.file is not None:
        flow.list_absent(ctx.actor, delivery, ctx.once)


@job("comparison.purge", daily=dt.time(3, 20), label=_("删除到期的比对文件"))
def purge(ctx: JobContext) -> None:
    """Files of other departments are kept as long as their source says; the accounting stays."""
    actions.purge(ctx.actor)
