"""What is done with a file once its columns are settled. Called by the job, and by commands that do not wait."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.files.actions import store
from yanglao.kernel.files.models import StoredFile
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
"""Rows accounted for in one transaction: others wait only for a part."""

Once = Callable[[str, Callable[[], object]], object]
"""`once(step, do)`: the step and its effect in one transaction, never twice (`JobContext.once`)."""
Progress = Callable[[int, int, str], None]


def _directly(step: str, do: Callable[[], object]) -> None:
    with transaction.atomic():
        do()


def _quiet(done: int, total: int, message: str) -> None:
    return None


def compare_delivery(
    actor: Actor, delivery: Delivery, once: Once = _directly, progress: Progress = _quiet
) -> None:
    """Read, match and account for every row of a file whose columns are settled; a file that cannot be read so is
    refused. What an earlier attempt has written is not written again."""
    source, layout = actions.source_of(delivery), Layout.of(delivery.layout)
    try:
        with opened(delivery, layout) as book:
            table, template = table_of(book, source, layout)
            reading = gettext("正在比对")
            compared = compare(
                actor, delivery, source, table, template, lambda done, total: progress(done, total, reading)
            )
            held = _keep(actor, delivery, source, compared, once, progress)
            marked = _mark(actor, delivery, compared)
            # no preview: the first rows may be those of persons who are in no register
            found = report(compared.reader, compared.template) | {"preview": None, "absent_held": held}
    except FileRefused as refused:
        actions.refuse(actor, delivery, refused)
        return
    actions.finish(actor, delivery, found, marked)


def _keep(
    actor: Actor, delivery: Delivery, source: Source, compared: Compared, once: Once, progress: Progress
) -> int:
    """The accounting and its clues, part by part. Returns how many are missing from a list nobody believes."""
    rows = compared.outcomes
    message = gettext("正在记录线索")
    for start in range(0, len(rows), PART):
        part = rows[start : start + PART]
        once(f"rows {start}", lambda part=part: storing.store_part(actor, delivery, source, part))  # type: ignore[misc]
        progress(len(rows) + start, len(rows) * 2, message)
    if not (delivery.complete and source.says == "holds"):
        return 0
    missing, known = storing.absentees(delivery, source, compared.persons)
    if too_many_absent(len(missing), known):
        return len(missing)
    _keep_absent(actor, delivery, source, missing, once)
    return 0


def _keep_absent(
    actor: Actor, delivery: Delivery, source: Source, missing: list[tuple[int, str]], once: Once
) -> None:
    for start in range(0, len(missing), PART):
        some = missing[start : start + PART]
        once(f"absent {start}", lambda some=some: storing.store_absent(actor, delivery, source, some))  # type: ignore[misc]


def list_absent(actor: Actor, delivery: Delivery, once: Once = _directly) -> None:
    """The clues of a list that left out so many that it was not believed, after somebody has vouched for it.

    The file is read once more: who stands in it is kept nowhere else.
    """
    source, layout = actions.source_of(delivery), Layout.of(delivery.layout)
    with opened(delivery, layout) as book:
        table, template = table_of(book, source, layout)
        compared = compare(actor, delivery, source, table, template, lambda done, total: None)
    missing, _known = storing.absentees(delivery, source, compared.persons)
    _keep_absent(actor, delivery, source, missing, once)


def _mark(actor: Actor, delivery: Delivery, compared: Compared) -> StoredFile | None:
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
        return store(actor, name, stream, kind="xlsx", division=delivery.division_id)
