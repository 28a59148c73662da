"""How what is known of a worker reaches his file's projection, and what he lacks."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Q
from django.utils import timezone

from yanglao.registers.workforce import kinds
from yanglao.registers.workforce.models import Certificate, CertificateGap, Employment, Worker
from yanglao.registers.workforce.packs import Rulebook
from yanglao.registers.workforce.rules import Days, Holding, Post, main_post, standing


def lock(worker: Worker) -> Worker:
    """The worker's row, held until the transaction ends: spells of one person are written one at a time."""
    return Worker._base_manager.select_for_update().get(pk=worker.pk)


def project(worker: Worker, day: dt.date | None = None) -> None:
    """Bring the projected columns, the main spell and the gaps of one worker up to date."""
    project_many([worker.pk], day)
    worker.refresh_from_db(fields=["division", "spell", "post", "level"])


def project_many(ids: Sequence[int], day: dt.date | None = None) -> int:
    """The same for many, in a fixed number of queries; returns how many files changed."""
    day = day or timezone.localdate()
    spells: dict[int, list[Employment]] = defaultdict(list)
    for spell in Employment._base_manager.filter(worker__in=ids, replaced_at=None).order_by("pk"):
        spells[spell.worker_id].append(spell)
    held: dict[int, list[Certificate]] = defaultdict(list)
    for row in Certificate._base_manager.filter(worker__in=ids, replaced_at=None).order_by("pk"):
        held[row.worker_id].append(row)
    changed = [
        worker
        for worker in Worker._base_manager.filter(pk__in=ids).order_by("pk")
        if _projected(worker, spells[worker.pk], held[worker.pk], day)
    ]
    _mark_main(spells, day)
    Worker._base_manager.bulk_update(changed, ["division", "spell", "post", "level"], batch_size=500)
    _gaps(ids, spells, held, day)
    return len(changed)


def _main(spells: Iterable[Employment], day: dt.date) -> Employment | None:
    by_key = {spell.pk: spell for spell in spells}
    posts = [Post(s.pk, Days(s.starts, s.ends), s.full_time) for s in by_key.values()]
    chosen = main_post(posts, day)
    return by_key[chosen.key] if chosen else None


def _projected(worker: Worker, spells: list[Employment], held: list[Certificate], day: dt.date) -> bool:
    main = _main(spells, day)
    before = (worker.division_id, worker.spell_id, worker.post, worker.level)
    worker.spell_id = main.pk if main else None
    worker.post = main.post if main and main.holds_on(day) else ""
    worker.division_id = main.division_id if main else worker.division_id
    worker.level = best_level(held, day)
    return before != (worker.division_id, worker.spell_id, worker.post, worker.level)


def best_level(held: Iterable[Certificate], day: dt.date) -> int | None:
    """The best skill level as a carer on a day, 1 the best; None without one."""
    levels = [c.level for c in held if c.kind == "carer" and c.level is not None and c.good_on(day)]
    return min(levels, default=None)


def _mark_main(spells: dict[int, list[Employment]], day: dt.date) -> None:
    chosen = {main.pk for rows in spells.values() if (main := _main(rows, day))}
    known = Employment._base_manager.filter(worker__in=list(spells))
    known.filter(main=True).filter(Q(replaced_at__isnull=False) | ~Q(pk__in=chosen)).update(main=False)
    known.filter(pk__in=chosen, main=False).update(main=True)


def holding(row: Certificate) -> Holding:
    return Holding(row.kind, row.issued_on, row.expires_on, row.revoked_on, row.level)


def _gaps(
    ids: Sequence[int],
    spells: dict[int, list[Employment]],
    held: dict[int, list[Certificate]],
    day: dt.date,
) -> None:
    book = Rulebook()
    CertificateGap._base_manager.filter(worker__in=ids).delete()
    made = [
        gap
        for worker_id, rows in spells.items()
        for spell in rows
        if spell.holds_on(day)
        for gap in gaps_of(spell, [holding(c) for c in held[worker_id]], book, day)
    ]
    CertificateGap._base_manager.bulk_create(made, batch_size=500)


def gaps_of(
    spell: Employment, holdings: list[Holding], book: Rulebook, day: dt.date
) -> Iterable[CertificateGap]:
    """What the holder of a post lacks on a day."""
    for demand in book.at(spell.division_id).of(spell.post):
        found = standing(demand.any_of, holdings, day, min_level=demand.min_level)
        if found.state == "good":
            continue
        yield CertificateGap(
            worker_id=spell.worker_id,
            spell_id=spell.pk,
            division_id=spell.division_id,
            post=spell.post,
            wanted="|".join(demand.any_of),
            must=demand.is_law,
            state=found.state,
            until=found.until,
        )


def employer_columns(employer: Any) -> dict[str, Any]:
    """The columns of a spell that name its employer."""
    name = type(employer).__name__.lower()
    return {
        "place": None,
        "operator": None,
        "organisation": None,
        name: employer,
        "division_id": employer.division_id,
    }


def certificate_until(kind: str, issued: dt.date, expires: dt.date | None) -> dt.date | None:
    """What a certificate says of its end, or else what its kind holds for."""
    from yanglao.registers.workforce.rules import expiry

    known = kinds.certificates().get(kind)
    return expires or (expiry(issued, known.months) if known else None)
