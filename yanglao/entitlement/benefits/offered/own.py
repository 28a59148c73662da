"""Policies that a neighbour keeps in files of its own, outside the city's book, over the facts of the house."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils import timezone

from yanglao.entitlement.benefits.engine.inplace import compute_in_place, explain_now
from yanglao.entitlement.benefits.explaining import Told, told
from yanglao.entitlement.benefits.facts.schema import schema
from yanglao.entitlement.benefits.rules.book import load_texts
from yanglao.entitlement.benefits.rules.months import Month
from yanglao.entitlement.benefits.rules.policy import Policy


def own_policies(texts: Mapping[str, str]) -> Sequence[Policy]:
    """Policies of a neighbour's own files (name → text). Raises PolicyInvalid."""
    return load_texts(texts, schema()).policies


def due_now(policies: Sequence[Policy], month: Month) -> list[tuple[int, int | None, int]]:
    """(subject, place, fen) of all to whom the policies give something in a month, as the registers are now."""
    rows = compute_in_place(policies, [month], schema(), known_at=timezone.now())
    columns = (rows.column(name).to_pylist() for name in ("subject_id", "place", "amount_fen"))
    return sorted(zip(*columns, strict=True))


def told_now(policies: Sequence[Policy], month: Month, subject_id: int) -> list[Told]:
    """What each of the policies gives or refuses a subject in a month, clause by clause, as known now."""
    found = explain_now(policies, [month], schema(), subject_id, known_at=timezone.now())
    return [told(each) for each in found]
