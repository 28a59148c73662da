"""Writing a checked staff list, all or nothing, and taking it back."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from yanglao.kernel.bulk import in_chunks
from yanglao.kernel.rooms import publish
from yanglao.registers.people.rules import names
from yanglao.registers.workforce.checks import Employer
from yanglao.registers.workforce.events import WorkersImported
from yanglao.registers.workforce.models import Certificate, Employment, Worker
from yanglao.registers.workforce.recording import certificate_until, employer_columns, project_many
from yanglao.registers.workforce.sheets import known, taking_back
from yanglao.registers.workforce.sheets.staff_checks import same
from yanglao.shell.sheets import CommitContext, UndoContext
from yanglao.shell.sheets import mark as _

ADDED, HIRED, CHANGED, SAME, CERTIFIED = (
    _("新建档案"), _("登记任职"), _("更正任职"), _("没有变化"), _("登记证书")
)  # fmt: skip
TERMS = ("post", "title", "full_time", "ends", "left", "contract", "contract_until", "insured", "pay")
FILLED = ("phone", "education", "school", "major", "graduated_on", "entered_trade_on", "note")


@dataclass
class Writing:
    """What a batch will write."""

    source: str
    now: dt.datetime
    replaced: list[int] = field(default_factory=list)
    spells: list[Employment] = field(default_factory=list)
    certificates: list[Certificate] = field(default_factory=list)
    filled: list[Worker] = field(default_factory=list)
    touched: set[int] = field(default_factory=set)

    def flush(self) -> None:
        for chunk in in_chunks(self.replaced):
            Employment._base_manager.filter(pk__in=chunk).update(replaced_at=self.now, main=False)
        Employment._base_manager.bulk_create(self.spells, batch_size=500)
        Certificate._base_manager.bulk_create(self.certificates, batch_size=500)
        for worker in self.filled:
            worker.save()
        for chunk in in_chunks(sorted(self.touched)):
            project_many(chunk)


def commit(batches: Iterable[Sequence[Any]], context: CommitContext) -> Mapping[str, int]:
    """Write all rows; see ImportTemplate.commit."""
    counts: Counter[str] = Counter({ADDED: 0, HIRED: 0, CHANGED: 0, SAME: 0, CERTIFIED: 0})
    now, done = timezone.now(), 0
    for rows in batches:
        counts.update(_batch(rows, context, now))
        done += len(rows)
        context.progress(done)
    publish(WorkersImported(context.source))
    return dict(counts)


def _batch(rows: Sequence[Any], context: CommitContext, now: dt.datetime) -> Counter[str]:
    found = known.read(rows, lock=True)
    places = known.employers((row.employer for row in rows), context.actor)
    writing = Writing(context.source, now)
    counts: Counter[str] = Counter()
    counts[ADDED] = _open_files(rows, found, places, context.source)
    for row in rows:
        worker, employer = found.of(row), places[row.employer][0]
        assert worker is not None
        counts[_spell(row, worker, employer, found, writing)] += 1
        counts[CERTIFIED] += _certificate(row, worker, found, writing)
        _fill(row, worker, writing)
        writing.touched.add(worker.pk)
    writing.flush()
    return counts


def _open_files(
    rows: Sequence[Any], found: known.Known, places: Mapping[str, list[Employer]], source: str
) -> int:
    """Files for those who have none yet; returns how many."""
    fresh: dict[bytes, Worker] = {}
    for row in rows:
        key = known.index(row)
        if key is not None and key not in found.workers and key not in fresh:
            fresh[key] = _worker(row, places[row.employer][0], source)
    made = Worker._base_manager.bulk_create(fresh.values(), batch_size=500)
    found.workers.update(zip(fresh, made, strict=True))
    return len(fresh)


def _worker(row: Any, employer: Employer, source: str) -> Worker:
    worker = Worker(
        name=row.name,
        pinyin=names.pinyin(row.name),
        initials=names.initials(row.name),
        sex=row.id_number.sex,
        birth_date=row.id_number.birth_date,
        division_id=employer.division_id,
        hukou_id=row.hukou,
        source=source,
        **{name: getattr(row, name) or "" for name in ("phone", "education", "school", "major", "note")},
        **{name: getattr(row, name) for name in ("graduated_on", "entered_trade_on")},
    )
    worker.set_id_number(row.id_number.number)
    return worker


def _fill(row: Any, worker: Worker, writing: Writing) -> None:
    """What the file does not say yet; what it says stays."""
    missing = [name for name in FILLED if getattr(row, name) and not getattr(worker, name)]
    for name in missing:
        setattr(worker, name, getattr(row, name))
    if row.hukou and worker.hukou_id is None:
        worker.hukou_id = row.hukou
        missing.append("hukou")
    if missing and worker.source != writing.source:
        writing.filled.append(worker)


def _said(row: Any) -> dict[str, Any]:
    """What the row says of the post's terms."""
    return {name: value for name in TERMS if (value := getattr(row, name)) is not None}


def _spell(row: Any, worker: Worker, employer: Employer, found: known.Known, writing: Writing) -> str:
    said = _said(row)
    before = next((s for s in found.spells[worker.pk] if same(s, row, employer)), None)
    if before is not None and all(getattr(before, name) == value for name, value in said.items()):
        return SAME
    kept = {name: getattr(before, name) for name in TERMS} if before else {}
    terms = {**kept, **said}
    if terms.get("ends") is None:
        terms["left"] = ""
    elif not terms.get("left"):
        terms["left"] = Employment.Left.OTHER
    fresh = Employment(
        worker=worker,
        starts=row.starts,
        source=writing.source,
        recorded_at=writing.now,
        **employer_columns(employer),
        **terms,
    )
    writing.spells.append(fresh)
    if before is None:
        return HIRED
    writing.replaced.append(before.pk)
    return CHANGED


def _certificate(row: Any, worker: Worker, found: known.Known, writing: Writing) -> int:
    if row.level is None or row.issued_on is None:
        return 0
    held = found.certificates[worker.pk]
    if any(
        c.kind == "carer" and (c.level == row.level or (row.number and c.number == row.number)) for c in held
    ):
        return 0
    fresh = Certificate(
        worker=worker,
        kind="carer",
        level=row.level,
        number=row.number or "",
        issued_on=row.issued_on,
        expires_on=certificate_until("carer", row.issued_on, None),
        source=writing.source,
        recorded_at=writing.now,
    )
    held.append(fresh)
    writing.certificates.append(fresh)
    return 1


def undo(context: UndoContext) -> None:
    """Take the import back; see ImportTemplate.undo. Raises UndoRefused."""
    taking_back.staff(context.source)
