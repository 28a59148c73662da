"""The background work of imports. Each looks at the batch's state first, so that a second run does nothing."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.kernel.jobs import JobContext, job
from yanglao.shell.imports import actions, flow
from yanglao.shell.imports.models import ImportBatch
from yanglao.shell.sheets import UndoRefused


def _told(ctx: JobContext, message: str) -> flow.Progress:
    def progress(done: int, total: int) -> None:
        ctx.check_cancelled()
        ctx.progress(done, max(done, total), message)

    return progress


def _batch(ctx: JobContext, batch_id: int) -> ImportBatch:
    batch: ImportBatch = ImportBatch.objects.select_related("file", "marked", "run").get(pk=batch_id)
    ctx.result(batch.get_absolute_url())
    return batch


@job("imports.check", retries=1, label=gettext_lazy("检查导入文件"))
def check_import(ctx: JobContext, *, batch_id: int) -> None:
    batch = _batch(ctx, batch_id)
    if batch.state == batch.State.UPLOADED:
        flow.check(ctx.actor, batch, _told(ctx, _("正在检查")))


@job("imports.commit", retries=1, label=gettext_lazy("导入入库"))
def commit_import(ctx: JobContext, *, batch_id: int) -> None:
    batch = _batch(ctx, batch_id)
    if batch.state != batch.State.COMMITTING:
        return
    try:
        flow.commit(ctx.actor, batch, _told(ctx, _("正在入库")))
    except actions.Changed:
        flow.check_again(ctx.actor, batch, _told(ctx, _("正在检查")))


@job("imports.undo", retries=1, label=gettext_lazy("撤销导入"))
def undo_import(ctx: JobContext, *, batch_id: int) -> None:
    batch = _batch(ctx, batch_id)
    if batch.state != batch.State.UNDOING:
        return
    try:
        actions.undo(ctx.actor, batch)
    except UndoRefused as refused:
        actions.keep(ctx.actor, batch, refused)


@job("imports.purge", daily=dt.time(3, 25), label=gettext_lazy("删除到期的导入文件"))
def purge(ctx: JobContext) -> None:
    """Uploaded rosters are kept half a year."""
    actions.purge(ctx.actor)
