"""A run's computation: freeze the facts, freeze the policies, compute everybody, and explain any of it later."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from secrets import token_hex
from typing import Any

import duckdb
import pyarrow as pa
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from yanglao.entitlement.benefits import actions
from yanglao.entitlement.benefits.books import book_of, frozen_book, policies_of
from yanglao.entitlement.benefits.brackets import reason_text
from yanglao.entitlement.benefits.engine.duck import Engine, EngineFailed, Result
from yanglao.entitlement.benefits.engine.duck import run as run_on
from yanglao.entitlement.benefits.engine.inplace import compute_in_place, explain_now
from yanglao.entitlement.benefits.engine.statement import Statement
from yanglao.entitlement.benefits.explaining import Told, told
from yanglao.entitlement.benefits.facts.schema import schema
from yanglao.entitlement.benefits.ledger import Outcome
from yanglao.entitlement.benefits.models import LedgerLine, Run, RunTotal
from yanglao.entitlement.benefits.rules.book import Book
from yanglao.entitlement.benefits.rules.caps import GRANTED
from yanglao.entitlement.benefits.rules.compile import Compiled, compile_policies, months_paid
from yanglao.entitlement.benefits.rules.explain import explain as explain_on
from yanglao.entitlement.benefits.rules.months import Month
from yanglao.entitlement.benefits.rules.policy import Policy
from yanglao.entitlement.benefits.snapshot.manifest import Snapshot, SnapshotChanged, open_snapshot
from yanglao.entitlement.benefits.snapshot.taking import take
from yanglao.entitlement.benefits.written import LEDGER, STATEMENT, lines_of
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.audit.models import AuditEntry
from yanglao.kernel.scope import everything

CLOCK_MAY_DIFFER = timedelta(minutes=10)


def _chosen(run: Run, book: Book) -> list[Policy]:
    return [p for p in book.policies if p.id in run.policies]


def compute_run(actor: Actor, run: Run) -> Run:
    """Freeze and compute a run, then write its ledger. Raises Forbidden, ValidationError with the reason.

    The reading and computing stand outside the writing transaction: nobody waits for them, and a run that was
    started twice is written once.
    """
    actor.require("benefits.run", run.division_id)
    actions.computable(run)
    outcome = compute(run)
    try:
        return actions.keep_computation(actor, run, outcome=outcome)
    except BaseException:
        shutil.rmtree(settings.SNAPSHOTS / outcome.frozen["snapshot"], ignore_errors=True)
        raise


def compute(run: Run) -> Outcome:
    """Freeze the facts and the policies and compute everybody at once. Raises ValidationError with the reason."""
    _clock_is_right()
    book = book_of(run.division_id)
    policies = _chosen(run, book)
    month = Month.of(run.month)
    if missing := set(run.policies) - {p.id for p in policies}:
        raise ValidationError(
            _("这些政策已不在城市文件夹里：%(names)s") % {"names": "、".join(sorted(missing))}
        )
    if not months_paid(policies, month):
        raise ValidationError(
            _("所选政策在这个月都没有施行。")
            if not any(p.in_force(month) for p in policies)
            else _("所选政策这个月都不发放：按季、按半年、按年发放的，请在应发放的月份测算。")
        )
    folder = Path(settings.SNAPSHOTS) / f"run-{run.pk}-{token_hex(4)}"  # an attempt has a folder of its own
    try:
        with Engine(folder / LEDGER) as engine:  # it loads its libraries while the registers are read
            snapshot = _snapshot(folder / "facts")
            result = result_on(run, book, snapshot, engine)
    except (EngineFailed, SnapshotChanged) as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise ValidationError(_("测算没有完成：%(why)s") % {"why": why(error)}) from error
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    capped = tuple(p.id for p in policies if p.caps)
    return Outcome(lines_of(result.table()), result.sum_fen, _frozen(snapshot, result, book, folder), capped)


def result_on(run: Run, book: Book, snapshot: Snapshot, engine: Engine) -> Result:
    """What a run's policies, as the book has them, give on a snapshot; the one way a run is computed."""
    return run_on(snapshot, _compiled(run, book, snapshot), engine.out, engine=engine)


def statement_on(run: Run, book: Book, snapshot: Snapshot) -> Statement:
    """What the engine would be asked to run. Raises ValueError when no policy is in force."""
    return Statement.of(snapshot, _compiled(run, book, snapshot))


def _compiled(run: Run, book: Book, snapshot: Snapshot) -> Compiled:
    policies, month = _chosen(run, book), Month.of(run.month)
    months = months_paid(policies, month)
    return compile_policies(
        policies, months, schema(), withheld=bool(snapshot.withheld), paid_in=month, spells=snapshot.spells
    )


def result_in_place(run: Run, book: Book) -> pa.Table:
    """The same rows by the second engine, from the registers as they knew things at the run's moment."""
    assert run.known_at is not None
    policies, month = _chosen(run, book), Month.of(run.month)
    months = months_paid(policies, month)
    return compute_in_place(policies, months, schema(), known_at=run.known_at, paid_in=month)


def why(error: EngineFailed | SnapshotChanged) -> str:
    """What stopped a computation, and what to do about it, in words."""
    if isinstance(error, SnapshotChanged):
        return _(
            "冻结的数据文件在测算期间被改动，结果作废；请查明是谁改动了 var/snapshots 里的文件，再重新测算。"
        )
    words = {
        "time": _("超过了时间上限；请在服务器空闲时重做，仍超时请联系系统管理员。"),
        "memory": _("内存不够；请关闭服务器上的其他程序，或增加内存后重做。"),
        "disk": _("写不下结果文件；请清理 var/snapshots 所在的磁盘后重做。"),
        "query": _("政策算不出来，多半是某个金额超出了范围；请检查所选政策。"),
        "crash": _("计算进程中途被终止；没有写入任何结果，可以直接重做。"),
    }
    return f"{words[error.reason]}（{error}）"


def _clock_is_right() -> None:
    """Raises ValidationError when something was recorded later than now: facts of the "future" would be left out."""
    with everything("when the house last recorded anything"):
        last = AuditEntry.objects.order_by("-pk").values_list("at", flat=True).first()
    if last is not None and last > timezone.now() + CLOCK_MAY_DIFFER:
        raise ValidationError(
            _("服务器时间不对：最近一次登记在 %(last)s，晚于现在。请系统管理员校准时间后再测算。")
            % {"last": timezone.localtime(last).strftime("%Y-%m-%d %H:%M")}
        )


def _snapshot(folder: Path) -> Snapshot:
    """The facts as known now; of what the latest run has frozen only the changes are read."""
    now = timezone.now()
    latest = Run.objects.exclude(snapshot="").order_by("-computed_at").first()
    if latest is not None:
        try:
            return take(folder, schema(), known_at=now, previous=open_snapshot(_facts(latest)))
        except (SnapshotChanged, OSError, ValueError):
            shutil.rmtree(folder, ignore_errors=True)  # archived, or not of this schema: read everything
    return take(folder, schema(), known_at=now)


def frozen_facts(run: Run) -> Snapshot:
    """The snapshot a run was computed from. Raises FileNotFoundError, SnapshotChanged."""
    return open_snapshot(_facts(run))


def _facts(run: Run) -> Path:
    return Path(settings.SNAPSHOTS) / run.snapshot / "facts"


def _frozen(snapshot: Snapshot, result: Result, book: Book, folder: Path) -> dict[str, Any]:
    return {
        "known_at": snapshot.known_at,
        "snapshot": folder.name,
        "snapshot_sha": snapshot.sha256,
        "book": dict(book.texts()),
        "book_sha": book.sha256,
        "sql_sha": result.sql_sha256,
        "statement_sha": result.statement.keep(folder / STATEMENT),
        "ledger_sha": result.sha256,
        "engine": result.engine,
        "checked": snapshot.tables["person"].rows,
    }


def _still_there(run: Run) -> Snapshot | None:
    try:
        return open_snapshot(_facts(run)) if run.snapshot else None
    except (OSError, SnapshotChanged):
        return None


def explain(run: Run, subject_id: int, kind: str = "person") -> list[Told]:
    """Why a person (or another kind of subject) got what he got in a run, from the facts and policies that were frozen then.

    Empty when the snapshot is not on this machine (it may have been moved to the archive), or can no longer be read.
    """
    month, policies = Month.of(run.month), _about(kind, _chosen(run, frozen_book(run)))
    snapshot = _still_there(run)
    if not policies or snapshot is None:
        return []
    months = months_paid(policies, month) or (month,)
    with duckdb.connect(":memory:") as con:
        there = (
            snapshot.tables.keys() & schema().tables.keys()
        )  # a run of long ago has frozen the tables of then
        snapshot.views(con, *sorted(there))
        found = explain_on(
            policies, months, subject_id, lambda sql: con.execute(sql).fetchall(), granted=GRANTED in there
        )
    turns = {p.id: p.months_paid_in(month) or (month,) for p in policies}
    return [told(e) for e in found if e.month in turns[e.policy.id]]


def _about(kind: str, policies: Iterable[Policy]) -> list[Policy]:
    """The policies about one kind of subject: others say nothing of it."""
    return [p for p in policies if p.subject.name == kind]


def explained_now(subject_id: int, division: int, as_of: date, kind: str = "person") -> list[Told]:
    """What each policy of a division's city gives or refuses a subject in the month of `as_of`, as known now."""
    policies = _about(kind, policies_of(division))
    if not policies:
        return []
    month = Month(as_of.year, as_of.month)
    found = explain_now(policies, [month], schema(), subject_id, known_at=timezone.now())
    return [told(e) for e in found]


def reason_of(line: LedgerLine) -> str:
    """The bracket of a line in words, by the policies of its run; of what corrects an earlier month the cause."""
    if line.kind != LedgerLine.Kind.DUE:
        from yanglao.entitlement.corrections.queries import cause_words  # that room reads this one's tables

        return cause_words(line.reason)
    by_id = {p.id: p for p in frozen_book(line.run).policies}
    return reason_text(by_id.get(line.policy), line.reason)


def reasons_of(run: Run) -> dict[str, str]:
    """Every bracket of a run in words, by its code."""
    by_id = {p.id: p for p in frozen_book(run).policies}
    pairs = (
        RunTotal.objects.filter(run=run)
        .order_by("policy", "reason")
        .values_list("policy", "reason")
        .distinct()
    )
    return {reason: reason_text(by_id.get(policy), reason) for policy, reason in pairs}
