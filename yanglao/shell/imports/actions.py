"""Every change of an import. The template's own right is asked for at the batch's division each time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, BinaryIO

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.audit.action import action, note
from yanglao.kernel.files.actions import discard, store
from yanglao.kernel.files.models import StoredFile
from yanglao.kernel.jobs import enqueue
from yanglao.kernel.rooms import house
from yanglao.kernel.scope import everything
from yanglao.shell.imports.models import KEPT_FOR, ImportBatch
from yanglao.shell.imports.reporting import fingerprint, refusal
from yanglao.shell.sheets import CommitContext, FileRefused, ImportTemplate, Row, UndoContext, UndoRefused
from yanglao.shell.sheets.check import Reader, only_good

USE = "imports.use"
State = ImportBatch.State


class Changed(ValidationError):
    """Since the check the registers have changed, so that other rows are bad than the user was shown."""


def template_of(batch: ImportBatch) -> ImportTemplate:
    """The batch's template; raises ValidationError when its room has left the house."""
    if batch.declared is None:
        raise ValidationError(_("本系统已没有“%(name)s”这种导入。") % {"name": batch.template})
    return batch.declared


def _require(actor: Actor, batch: ImportBatch) -> ImportTemplate:
    template = template_of(batch)
    actor.require(template.right, batch)
    return template


def _move(batch: ImportBatch, allowed: tuple[str, ...], state: str, **values: Any) -> None:
    """From one of the allowed states to another, by compare-and-set: two clicks are one change."""
    with_lock = ImportBatch.objects.filter(pk=batch.pk, state__in=allowed)
    if not with_lock.update(state=state, **values):
        batch.refresh_from_db()
        raise ValidationError(
            _("这个批次现在是“%(state)s”，不能这样操作；请刷新页面看最新情况。")
            % {"state": batch.get_state_display()}
        )
    for name, value in {"state": state, **values}.items():
        setattr(batch, name, value)


def _where(division: int, organisation: int | None) -> ImportBatch:
    """A batch of there, to ask rights of: by the division, or by whose own it would be."""
    return ImportBatch(division_id=division, organisation_id=organisation)


@action("imports.upload", right=USE, at=lambda a: (_where(a["division"], a["organisation"]),))
def upload(
    actor: Actor,
    *,
    template: str,
    name: str,
    stream: BinaryIO,
    division: int,
    organisation: int | None = None,
    start: bool = True,
) -> ImportBatch:
    """Keep an uploaded file as a new batch and have it checked by a job (unless `start` is False).

    `organisation`: the rows are to be its own records, as for a home's manager.
    """
    declared = house().imports[template]
    actor.require(declared.right, _where(division, organisation))
    stored = store(actor, name, stream, kind="import", division=division)
    batch: ImportBatch = ImportBatch.objects.create(
        template=template,
        file=stored,
        file_name=name[:200],
        sha256=stored.sha256,
        division_id=division,
        organisation_id=organisation,
        user_id=actor.user_id,
        actor_name=actor.name,
    )
    note(sha256=stored.sha256, size=stored.size)
    if start:
        _start(actor, batch, "check")
    return batch


def _start(actor: Actor, batch: ImportBatch, what: str) -> None:
    from yanglao.shell.imports import tasks  # tasks call actions

    run = enqueue(
        actor, getattr(tasks, f"{what}_import"), key=f"imports.{what}:{batch.pk}", batch_id=batch.pk
    )
    ImportBatch.objects.filter(pk=batch.pk).update(run=run)


@action("imports.check", right=USE)
def record_check(
    actor: Actor, batch: ImportBatch, reader: Reader, report: dict[str, Any], marked: StoredFile | None
) -> None:
    """What the dry run found."""
    _require(actor, batch)
    values = {
        "rows": reader.rows,
        "error_rows": len(reader.bad_rows()),
        "warning_rows": len(reader.warned_rows()),
        "report": report,
        "marked": marked,
        "checked_at": timezone.now(),
    }
    _move(batch, (State.UPLOADED,), State.CHECKED, **values)
    note(rows=reader.rows, error_rows=values["error_rows"])


@action("imports.refuse", right=USE)
def refuse(actor: Actor, batch: ImportBatch, refused: FileRefused) -> None:
    """The file cannot be read at all."""
    _move(batch, (State.UPLOADED,), State.FAILED, report=refusal(refused), checked_at=timezone.now())
    note(what=str(refused.problem.what))


@action("imports.begin_commit", right=USE)
def begin_commit(
    actor: Actor, batch: ImportBatch, *, good_only: bool = False, again: bool = False, start: bool = True
) -> None:
    """Have a checked batch written by a job. `good_only`: leave the rows with errors out, as the user chose;
    `again`: the user knows that the same file was imported before. Raises ValidationError."""
    template = _require(actor, batch)
    if batch.error_rows and not (good_only and template.keep_good_rows):
        raise ValidationError(_("还有 %(n)s 行有错误，改好后重新上传再入库。") % {"n": batch.error_rows})
    if not batch.good_rows:
        raise ValidationError(_("没有一行可以入库。"))
    if not again and committed_before(batch):
        raise ValidationError(_("同样的文件已经入库过。确实要再导入一次，请勾选确认。"))
    _move(batch, (State.CHECKED,), State.COMMITTING, good_only=good_only and bool(batch.error_rows))
    if start:
        _start(actor, batch, "commit")


def committed_before(batch: ImportBatch) -> ImportBatch | None:
    """The last batch of the same file that is in the registers."""
    same = ImportBatch.objects.filter(template=batch.template, sha256=batch.sha256, state=State.COMMITTED)
    last: ImportBatch | None = same.exclude(pk=batch.pk).order_by("-pk").first()
    return last


@action("imports.commit", right=USE)
def commit(
    actor: Actor, batch: ImportBatch, reader: Reader, rows: list[list[Row]], progress: Callable[[int], None]
) -> None:
    """Check once more and write all rows, in one transaction: all of it or nothing.

    Raises Changed when other rows are bad now than the user was shown.
    """
    template = _require(actor, batch)
    locked = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    if locked.state != State.COMMITTING:
        raise ValidationError(_("这个批次已不在入库中。"))
    for some in rows:
        reader.check(some)
    bad = reader.bad_rows()
    if fingerprint(bad) != locked.report.get("bad"):
        raise Changed(_("检查之后登记的数据有变化，错误的行和报告里的不一样了。"))
    context = CommitContext(
        actor,
        batch.pk,
        reader.table.present,
        timezone.localdate(),
        batch.source,
        progress,
        batch.organisation_id,
    )
    counts = dict(template.commit(only_good(rows, bad), context) or {})
    _move(batch, (State.COMMITTING,), State.COMMITTED, committed_at=timezone.now(), counts=counts)
    note(rows=reader.rows - len(bad), left_out=len(bad), counts=counts)


@action("imports.reopen", right=USE)
def reopen(actor: Actor, batch: ImportBatch) -> None:
    """Back to the check, because the registers have changed."""
    _move(batch, (State.COMMITTING,), State.UPLOADED)


@action("imports.begin_undo", right=USE)
def begin_undo(actor: Actor, batch: ImportBatch) -> None:
    """Have a committed batch taken back by a job. Raises ValidationError after the day."""
    _require(actor, batch)
    if not batch.can_undo:
        raise ValidationError(_("入库超过 24 小时，不能整批撤销；请逐条更正。"))
    _move(batch, (State.COMMITTED,), State.UNDOING)
    _start(actor, batch, "undo")


@action("imports.undo", right=USE)
def undo(actor: Actor, batch: ImportBatch) -> None:
    """Take everything of the batch back, in one transaction. Raises UndoRefused."""
    template = _require(actor, batch)
    if template.undo is None:
        raise ValidationError(_("这种导入不能撤销。"))
    template.undo(UndoContext(actor, batch.pk, batch.source))
    _move(batch, (State.UNDOING,), State.UNDONE, undone_at=timezone.now())


@action("imports.keep", right=USE)
def keep(actor: Actor, batch: ImportBatch, refused: UndoRefused) -> None:
    """The undo was refused: the batch stays committed, with the reason."""
    reason = refusal(FileRefused(refused.problem))
    _move(batch, (State.UNDOING,), State.COMMITTED, report={**batch.report, **reason})
    note(what=str(refused.problem.what))


@action("imports.cancel", right=USE)
def cancel(actor: Actor, batch: ImportBatch) -> None:
    """Give a batch up that wrote nothing: checked, refused, or stuck behind a job that failed.

    Giving up an undo that failed leaves the batch committed, as it is.
    """
    _require(actor, batch)
    states: tuple[str, ...] = (State.CHECKED, State.FAILED)
    if batch.stuck:
        states += (State.UPLOADED, State.COMMITTING, State.UNDOING)
    _move(batch, states, State.COMMITTED if batch.state == State.UNDOING else State.CANCELLED)


@action("imports.download", right=USE)
def download(actor: Actor, batch: ImportBatch, what: str) -> StoredFile:
    """The stored file `original` or `marked`: both hold personal data, so taking them is recorded."""
    _require(actor, batch)
    stored = batch.marked if what == "marked" else batch.file
    if stored is None:
        raise ValidationError(_("这个文件没有，或已按保存期限删除。"))
    note(file=what)
    return stored


@action("imports.purge", right=USE, at=lambda a: ())
def purge(actor: Actor, *, now: dt.datetime | None = None) -> int:
    """Delete files that have been kept long enough: a roster is a copy of personal data nobody needs twice.

    Batches that are under way keep theirs; reports and counts stay. Returns how many.
    """
    before = (now or timezone.now()) - KEPT_FOR
    with everything("files are kept no longer than the rule says"):
        old = ImportBatch.objects.filter(created_at__lt=before, file__isnull=False)
        done = old.exclude(state__in=[State.COMMITTING, State.UNDOING]).select_related("file", "marked")
        found = list(done.order_by("pk"))
        for batch in found:
            stored = [file for file in (batch.file, batch.marked) if file is not None]
            ImportBatch.objects.filter(pk=batch.pk).update(file=None, marked=None)
            for file in stored:
                discard(file)
        waiting = (State.UPLOADED, State.CHECKED)
        ImportBatch.objects.filter(file=None, state__in=waiting).update(state=State.CANCELLED)
    note(files=len(found))
    return len(found)
