"""What an import does with its file: check it, commit it, take it back. Called by jobs and by commands."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.files.actions import store
from yanglao.kernel.files.models import StoredFile
from yanglao.shell.imports import actions
from yanglao.shell.imports.models import ImportBatch
from yanglao.shell.imports.reporting import report
from yanglao.shell.sheets import CheckContext, FileRefused, ImportTemplate
from yanglao.shell.sheets.book import open_book
from yanglao.shell.sheets.check import Reader
from yanglao.shell.sheets.header import Table, find_table
from yanglao.shell.sheets.marked import write_marked

Progress = Callable[[int, int], None]
"""`progress(rows done, rows in all)`; may raise to stop."""


def _quiet(done: int, total: int) -> None:
    return None


@contextmanager
def opened(batch: ImportBatch, template: ImportTemplate) -> Iterator[Table]:
    """The table in the batch's file. Raises FileRefused."""
    if batch.file is None:
        raise ValidationError(gettext("文件已按保存期限删除，请重新上传。"))
    with batch.file.on_disk() as path:
        yield find_table(open_book(path, batch.file_name), template)


def check(actor: Actor, batch: ImportBatch, progress: Progress = _quiet, *, again: bool = False) -> None:
    """The dry run: read and check every row; keep the report and the marked workbook."""
    template = actions.template_of(batch)
    try:
        with opened(batch, template) as table:
            reader = _reader(actor, table, template, batch)
            total = table.sheet.height
            for rows in reader.batches():
                reader.check(rows)
                progress(reader.rows, total)
            marked = _store_marked(actor, batch, reader, template) if reader.findings else None
            found = report(reader, template) | {"again": again}
            actions.record_check(actor, batch, reader, found, marked)
    except FileRefused as refused:
        actions.refuse(actor, batch, refused)


def commit(actor: Actor, batch: ImportBatch, progress: Progress = _quiet) -> None:
    """Read the file again, then check and write everything in one transaction.

    The rows are read before the transaction begins, so that others wait only for the writing.
    """
    template = actions.template_of(batch)
    try:
        with opened(batch, template) as table:
            reader = _reader(actor, table, template, batch)
            rows = list(reader.batches())
            table.sheet.release()
    except FileRefused as refused:  # it was readable at the check: the template has changed since
        raise ValidationError(" ".join(refused.problem.texts(gettext))) from refused
    actions.commit(actor, batch, reader, rows, lambda done: progress(done, reader.rows))


def check_again(actor: Actor, batch: ImportBatch, progress: Progress = _quiet) -> None:
    """The registers have changed since the check: check once more and let the user decide anew."""
    actions.reopen(actor, batch)
    check(actor, batch, progress, again=True)


def _reader(actor: Actor, table: Table, template: ImportTemplate, batch: ImportBatch) -> Reader:
    context = CheckContext(actor, table.present, timezone.localdate(), batch.organisation_id)
    return Reader(table, template, context)


def _store_marked(actor: Actor, batch: ImportBatch, reader: Reader, template: ImportTemplate) -> StoredFile:
    with tempfile.TemporaryFile(prefix="yanglao-marked-") as stream:
        write_marked(stream, reader.table, template, reader.findings, gettext)
        stream.seek(0)
        return store(actor, _marked_name(batch), stream, kind="xlsx", division=batch.division_id)


def _marked_name(batch: ImportBatch) -> str:
    return f"{Path(batch.file_name).stem[:80]}-{gettext('标错')}.xlsx"


def import_now(
    actor: Actor,
    template: ImportTemplate,
    path: Path,
    *,
    division: int,
    organisation: int | None = None,
    good_only: bool = False,
    progress: Progress = _quiet,
) -> ImportBatch:
    """Upload, check and commit without waiting for a worker, for commands; the batch says what came of it.

    With errors and without `good_only` the batch stays checked, nothing is written.
    """
    with path.open("rb") as stream:
        batch = actions.upload(
            actor,
            template=template.name,
            name=path.name,
            stream=stream,
            division=division,
            organisation=organisation,
            start=False,
        )
    check(actor, batch, progress)
    batch.refresh_from_db()
    if batch.state == batch.State.CHECKED and batch.good_rows and (good_only or not batch.error_rows):
        actions.begin_commit(actor, batch, good_only=good_only, again=True, start=False)
        commit(actor, batch, progress)
        batch.refresh_from_db()
    return batch
