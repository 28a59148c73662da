"""Taking an import back: its rows count no more, what they had replaced is known again, its files go."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone

from yanglao.kernel.bulk import in_chunks
from yanglao.kernel.scope import everything
from yanglao.registers.workforce.models import (
    Award,
    Certificate,
    CertificateGap,
    Employment,
    PoolMember,
    Studio,
    Worker,
    WorkerLooked,
)
from yanglao.registers.workforce.recording import project_many
from yanglao.shell.sheets import Problem, UndoRefused
from yanglao.shell.sheets import mark as _

LATER = Problem(
    _("已经不能撤销"),
    _("导入之后，其中{number}人的档案又有了新的登记或查阅"),
    _("请逐人更正；或先撤销那些后来的登记"),
)


def staff(source: str) -> None:
    """A staff list. Raises UndoRefused when later entries rest on it."""
    with everything("an import is taken back whole"):
        added = list(Worker.objects.filter(source=source).order_by("pk").values_list("pk", flat=True))
        spells = list(Employment.objects.filter(source=source).order_by("pk"))
        certificates = list(Certificate.objects.filter(source=source).order_by("pk"))
        _refuse(_later(added, source) | {r.worker_id for r in (*spells, *certificates) if r.replaced_at})
        _close(spells, certificates, set(added))
        _remove(added)
        _project({s.worker_id for s in spells} | {c.worker_id for c in certificates}, set(added))


def certificates(source: str) -> None:
    """A list of certificates. Raises UndoRefused when one was corrected since."""
    with everything("an import is taken back whole"):
        rows = list(Certificate.objects.filter(source=source).order_by("pk"))
        _refuse({r.worker_id for r in rows if r.replaced_at is not None})
        _close([], rows, set())
        _project({r.worker_id for r in rows}, set())


def _refuse(workers: set[int]) -> None:
    if workers:
        raise UndoRefused(LATER.with_params(number=len(workers)))


def _later(added: list[int], source: str) -> set[int]:
    """New files on which something else rests by now: the database would refuse to let them go."""
    found: set[int] = set()
    for chunk in in_chunks(added):
        for model in (Employment, Certificate):
            rows = model.objects.filter(worker__in=chunk).exclude(source=source)
            found.update(rows.order_by("pk").values_list("worker_id", flat=True))
        for other in (Award, PoolMember, Studio, WorkerLooked):
            found.update(
                other.objects.filter(worker__in=chunk).order_by("pk").values_list("worker_id", flat=True)
            )
    return found


def _close(spells: list[Employment], certificates: list[Certificate], gone: set[int]) -> None:
    """Rows of known workers stay to be asked for, but count no more; what they replaced is entered anew."""
    now = timezone.now()
    kept = [s for s in spells if s.worker_id not in gone]
    for chunk in in_chunks([s.pk for s in kept]):
        Employment.objects.filter(pk__in=chunk).update(replaced_at=now, main=False)
    for chunk in in_chunks([c.pk for c in certificates if c.worker_id not in gone]):
        Certificate.objects.filter(pk__in=chunk).update(replaced_at=now)
    before = [row for spell in kept for row in _replaced_by(spell)]
    for row in before:
        row.pk, row.recorded_at, row.replaced_at, row.main = None, now, None, False
    Employment._base_manager.bulk_create(before, batch_size=500)


def _replaced_by(spell: Employment) -> Iterable[Employment]:
    """The row a correction took the place of: the same employer from the same day, until that moment."""
    return Employment.objects.filter(
        worker=spell.worker_id, place=spell.place_id, operator=spell.operator_id,
        organisation=spell.organisation_id, starts=spell.starts, replaced_at=spell.recorded_at,
    ).order_by("pk")  # fmt: skip


def _remove(added: list[int]) -> None:
    for chunk in in_chunks(added):
        Worker.objects.filter(pk__in=chunk).update(spell=None)
        CertificateGap.objects.filter(worker__in=chunk).delete()
        for model in (Employment, Certificate):
            model.objects.filter(worker__in=chunk).delete()
        Worker.objects.filter(pk__in=chunk).delete()


def _project(touched: set[int], gone: set[int]) -> None:
    for chunk in in_chunks(sorted(touched - gone)):
        project_many(chunk)
