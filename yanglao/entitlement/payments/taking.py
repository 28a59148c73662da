"""Reading an answer that was handed in: at once when it is short, by a job when it is long."""

from __future__ import annotations

import tempfile
from collections.abc import Callable

from django.utils.translation import gettext, gettext_lazy

from yanglao.entitlement.payments import actions
from yanglao.entitlement.payments.models import Reading
from yanglao.entitlement.payments.returns import Outcome
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.scope import everything
from yanglao.shell.sheets import FileRefused
from yanglao.shell.sheets.marked import OWN_WORKBOOK_CELLS, write_marked

AT_ONCE = 300_000  # bytes: some thousand rows

GONE = gettext_lazy("文件已读过或已清除，请重新上传。")


def take(actor: Actor, reading: Reading, progress: Callable[[int], None] = lambda done: None) -> Reading:
    """Read it and keep what came of it; asked again once it was read, nothing happens. Raises ValidationError."""
    if reading.state != Reading.State.WAITING:
        return reading
    with everything("a return file is the whole order's"):
        stored = reading.stored
    if stored is None:
        return actions.note_reading(actor, reading, problem=str(GONE))
    try:
        with stored.on_disk() as path:
            outcome = actions.read_return(
                actor, reading.file, path=path, name=reading.name, format=reading.format, progress=progress
            )
            return _noted(actor, reading, outcome)
    except FileRefused as refused:
        problem = "".join(part for part in refused.problem.texts(gettext) if part)
        return actions.note_reading(actor, reading, problem=problem)


def _noted(actor: Actor, reading: Reading, outcome: Outcome) -> Reading:
    """With errors the user's own file comes back with every one of them marked."""
    reader = outcome.reader
    if not outcome.findings or reader is None:
        return actions.note_reading(actor, reading, outcome=outcome)
    with tempfile.TemporaryFile(prefix="yanglao-marked-") as stream:
        # the marks of a file without headings have no row of their own to stand in
        most = OWN_WORKBOOK_CELLS if reader.table.header_row else 0
        write_marked(stream, reader.table, reader.template, outcome.findings, gettext, own_cells=most)
        stream.seek(0)
        return actions.note_reading(actor, reading, outcome=outcome, marked=stream)
