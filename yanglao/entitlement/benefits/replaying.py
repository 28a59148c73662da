"""Computing a run anew: by the statement that was kept with it, and by what its policies are compiled to today.

The ledger is proved by the statement of then, which no later version of the program changes. Today's statement may be
another, but must give the same rows: a ledger that differs, and a statement that differs where the ledger is right,
are told apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from yanglao.entitlement.benefits import books, computing, written
from yanglao.entitlement.benefits.engine.duck import EngineFailed, Result, run_again
from yanglao.entitlement.benefits.engine.inplace import difference
from yanglao.entitlement.benefits.engine.statement import Statement
from yanglao.entitlement.benefits.models import Run
from yanglao.entitlement.benefits.rules.book import PolicyInvalid
from yanglao.entitlement.benefits.rules.guard import Unsafe
from yanglao.entitlement.benefits.snapshot.manifest import Snapshot
from yanglao.kernel.columnar import file_hash


class NotProvable(Exception):
    """What the run was computed from is not here: never computed, or moved to the archive."""


@dataclass(frozen=True)
class Check:
    """One thing that was compared: what, whether it agrees, and the figures in words. `noted`: it holds, yet is not as
    it was then."""

    what: str
    holds: bool
    said: str
    noted: bool = False

    @property
    def sign(self) -> str:
        return "✗" if not self.holds else "!" if self.noted else "✓"


@dataclass(frozen=True)
class Replayed:
    """The rows a ledger is compared with. `as_then`: by the statement of then, so that they are equal byte by byte."""

    result: Result
    as_then: bool
    checks: tuple[Check, ...]


def same(what: str, kept: str, now: str) -> Check:
    said = now[:16] if kept == now else _("当时 %(a)s，现在 %(b)s") % {"a": kept[:16], "b": now[:16]}
    return Check(what, kept == now, said)


def computed_anew(run: Run, snapshot: Snapshot, folder: Path) -> Replayed:
    """Compute a run on its snapshot, into a folder. Raises NotProvable, EngineFailed, SnapshotChanged."""
    kept, found = _kept(run)
    checks = [found] if found else []
    try:
        today = _today(run, snapshot, checks)
    except (PolicyInvalid, ValueError, KeyError) as error:
        if kept is None:
            raise NotProvable(_("现在的程序读不懂当时的政策：%(why)s") % {"why": error}) from error
        checks.append(_noted(_("现在的程序读不懂当时的政策，按当时的语句重算：%(why)s") % {"why": error}))
        return Replayed(_run(kept, snapshot, folder / "kept"), as_then=True, checks=tuple(checks))
    if kept == today or kept is None:
        return _by_today(run, snapshot, folder, today, checks, kept)
    try:
        then = _run(kept, snapshot, folder / "kept")
    except (EngineFailed, Unsafe) as error:
        checks.append(_noted(_("当时的语句已不能运行，按现在的语句重算：%(why)s") % {"why": error}))
        return Replayed(_run(today, snapshot, folder / "today"), as_then=False, checks=tuple(checks))
    return Replayed(
        then, as_then=True, checks=(*checks, _beside(then, _run(today, snapshot, folder / "today")))
    )


def _kept(run: Run) -> tuple[Statement | None, Check | None]:
    """The statement that was kept, unless it is lost or was touched; runs of before kept none."""
    path = written.statement_file(run)
    if not run.statement_sha:
        return None, None
    if not path.is_file():
        said = _("%(file)s 不在；请从归档中取回") % {"file": path.name}
        return None, Check(_("留存的计算语句"), holds=False, said=said)
    found = same(_("留存的计算语句"), run.statement_sha, file_hash(path))
    return (Statement.read(path.read_text("utf-8")) if found.holds else None), found


def _today(run: Run, snapshot: Snapshot, checks: list[Check]) -> Statement:
    """What the frozen policies are compiled to now."""
    book = books.frozen_book(run)
    checks.insert(0, same(_("冻结的政策"), run.book_sha, book.sha256))
    statement = computing.statement_on(run, book, snapshot)
    if missing := set(statement.tables) - snapshot.all_tables.keys():
        raise ValueError(_("当时没有冻结 %(names)s") % {"names": "、".join(sorted(missing))})
    return statement


def _by_today(
    run: Run, snapshot: Snapshot, folder: Path, today: Statement, checks: list[Check], kept: Statement | None
) -> Replayed:
    """One computation: it is the statement of then, or that one is not here."""
    alike = kept is not None or run.sql_sha == today.sql_sha256
    said = today.sql_sha256[:16] if alike else _("与当时不同（程序已改版）；以逐条比对为准")
    found = Check(_("计算语句"), holds=True, said=said, noted=not alike)
    return Replayed(_run(today, snapshot, folder / "today"), as_then=alike, checks=(*checks, found))


def _beside(then: Result, today: Result) -> Check:
    """Today's statement is another: does it give the same rows?"""
    rows = difference(then.table(), today.table())
    if not rows:
        return _noted(_("与当时不同（程序已改版），两个语句算出的结果相同"))
    words = _("与当时不同，结果也不同：只在当时的结果里 %(a)s 条，只在现在的结果里 %(b)s 条") % {
        "a": len(rows.only_first),
        "b": len(rows.only_second),
    }
    return Check(_("计算语句"), holds=False, said=words)


def _noted(said: str) -> Check:
    return Check(_("计算语句"), holds=True, said=said, noted=True)


def _run(statement: Statement, snapshot: Snapshot, folder: Path) -> Result:
    return run_again(snapshot, statement, folder / written.LEDGER)
