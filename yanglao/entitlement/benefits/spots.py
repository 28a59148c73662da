"""Spot-checks 抽查 and objections to the public list 公示异议: drawn, looked at, decided. Called inside actions."""

from __future__ import annotations

from itertools import groupby
from secrets import randbelow

from django.db.models import Min, Sum

from yanglao.entitlement.benefits import cycle
from yanglao.entitlement.benefits.approval import approval_of
from yanglao.entitlement.benefits.models import LedgerLine, Run, SpotCheck, SpotReason
from yanglao.kernel.scope import Level, everything
from yanglao.kernel.scope.spans import ancestor

Subject = tuple[int, str, int, int]  # village, kind, id, fen


def draw(run: Run) -> int:
    """Draw each street's sample from the run's lines, with a seed that is kept; returns how many in all.

    Anybody can prove the draw: the same seed on the same ledger gives the same persons.
    """
    sample = approval_of(run.division_id).spot_check
    run.spot_seed = randbelow(2**48)
    run.save(update_fields=["spot_seed"])
    with everything("a draw from the whole run"):
        SpotCheck.objects.filter(run=run).delete()
        SpotReason.objects.filter(run=run).delete()
        made = [
            SpotCheck(run=run, division_id=village, subject_kind=kind, subject_id=pk, amount_fen=fen)
            for village, kind, pk, fen in drawn(run, sample.percent, sample.least, sample.most)
        ]
        SpotCheck.objects.bulk_create(made, batch_size=2000)
    return len(made)


def drawn(run: Run, percent: int, least: int, most: int) -> list[Subject]:
    """Whom the run's seed draws, by street; one pass over the lines, one street in memory at a time."""
    assert run.spot_seed is not None
    lines = (
        LedgerLine.objects.filter(run=run, live=True, amount_fen__gt=0)
        .order_by()
        .values("subject_kind", "subject_id")
        # once, also who has arrears from the street he left beside what is due where he lives
        .annotate(village=Min("division_id"), fen=Sum("amount_fen"))
        .order_by("village", "subject_kind", "subject_id")
        .values_list("village", "subject_kind", "subject_id", "fen")
    )
    found: list[Subject] = []
    for street, group in groupby(lines.iterator(), key=lambda line: ancestor(line[0], Level.STREET)):
        by_subject = {(kind, pk): (village, kind, pk, fen) for village, kind, pk, fen in group}
        size = cycle.sample_size(len(by_subject), percent, least, most)
        found += [
            by_subject[subject] for subject in cycle.draw(list(by_subject), run.spot_seed, street, size)
        ]
    return found
