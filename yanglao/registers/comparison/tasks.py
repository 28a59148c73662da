"""Background work: a file is compared; files whose time is over are deleted. Restartable at any point."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yanglao.kernel.files.actions import store
from yanglao.kernel.files.models import StoredFile
from yanglao.kernel.jobs import JobContext, job
from yanglao.registers.comparison import actions, storing
from yanglao.registers.comparison.comparing import Compared, compare
from yanglao.registers.comparison.models import Delivery
from yanglao.registers.comparison.reading import Layout, opened, table_of
from yanglao.registers.comparison.rules import too_many_absent
from yanglao.registers.comparison.sources import Source
from yanglao.shell.imports.reporting import report
from yanglao.shell.sheets import FileRefused
from yanglao.shell.sheets.marked import OWN_WORKBOOK_CELLS, write_marked

PART = 1_000


@job("comparison.compare", retries=2, label=_("数据比对"))
def compare_file(ctx: JobContext, *, delivery_id: int) -> None:
    """Read, match and account for every row; what was written by an earlier attempt is not written again."""
    delivery: Delivery = Delivery.objects.select_related("file", "marked", "run").get(pk=delivery_id)
    ctx.result(delivery.get_absolute_url())
    if delivery.state != Delivery.State.MATCHING:
        return
    source, layout = actions.source_of(delivery), Layout.of(delivery.layout)
    try:
        with opened(delivery, layout) as book:
            table, template = table_of(book, source, layout)
            compared = compare(ctx.actor, delivery, source, table, template, _told(ctx, gettext("正在比对")))
            _keep(ctx, delivery, source, compared)
            marked = _mark(ctx, delivery, compared)
            # no preview: the first rows may be those of persons who are in no register
            found = report(compared.reader, compared.template) | {"preview": None} | delivery.report
    except FileRefused as refused:
        actions.refuse(ctx.actor, delivery, refused)
        return
    actions.finish(ctx.actor, delivery, found, marked)


def _told(ctx: JobContext, message: str) -> Any:
    def progress(done: int, total: int) -> None:
        ctx.check_cancelled()
        ctx.progress(done, max(done, total), message)

    return progress


def _keep(ctx: JobContext, delivery: Delivery, source: Source, compared: Compared) -> None:
    """In parts, each with its accounting in one transaction: others wait only for a part."""
    rows = compared.outcomes
    progress = _told(ctx, gettext("正在记录线索"))
    for start in range(0, len(rows), PART):
        part = rows[start : start + PART]
        ctx.once(f"rows {start}", lambda part=part: storing.store_part(ctx.actor, delivery, source, part))  # type: ignore[misc]
        progress(len(rows) + start, len(rows) * 2)
    if delivery.complete and source.says == "holds":
        _keep_absent(ctx, delivery, source, compared)


def _keep_absent(ctx: JobContext, delivery: Delivery, source: Source, compared: Compared) -> None:
    """Who is not in a complete list. A list that leaves out too many is not believed: the page says so."""
    seen = {o.person.pk for o in compared.hits if o.person}
    missing, known = storing.absentees(delivery, source, seen)
    if too_many_absent(len(missing), known):
        delivery.report = {"absent_held": len(missing)}
        return
    for start in range(0, len(missing), PART):
        part = missing[start : start + PART]
        ctx.once(
            f"absent {start}",
            lambda part=part: storing.store_absent(ctx.actor, delivery, source, part),  # type: ignore[misc]
        )


def _mark(ctx: JobContext, delivery: Delivery, compared: Compared) -> StoredFile | None:
    findings = compared.marks()
    if not findings:
        return None
    table = compared.reader.table
    with tempfile.TemporaryFile(prefix="yanglao-marked-") as stream:
        # the marks of a file without headings have no row of their own to stand in
        most = OWN_WORKBOOK_CELLS if table.header_row else 0
        write_marked(stream, table, compared.template, findings, gettext, own_cells=most)
        stream.seek(0)
        name = f"{Path(delivery.file_name).stem[:80]}-{gettext('比对结果')}.xlsx"
        return store(ctx.actor, name, stream, kind="xlsx", division=delivery.division_id)


@job("comparison.purge", daily=dt.time(3, 20), label=_("删除到期的比对文件"))
def purge(ctx: JobContext) -> None:
    """Files of other departments are kept as long as their source says; the accounting stays."""
    actions.purge(ctx.actor)
