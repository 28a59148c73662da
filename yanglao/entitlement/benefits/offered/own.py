"""Policies that a neighbour keeps in files of its own, outside the city's book, over the facts of the house."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from django.utils import timezone

from yanglao.entitlement.benefits.engine.inplace import (
    compute_in_place,
    dialect_of,
    explain_now,
    few_of_one,
    query,
    tables_of_one,
)
from yanglao.entitlement.benefits.explaining import Told, told
from yanglao.entitlement.benefits.facts.schema import schema
from yanglao.entitlement.benefits.rules.book import load_texts
from yanglao.entitlement.benefits.rules.compile import compile_policies
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


_WHOM = 919_919_919_919  # stands for the subject in a statement that is kept
_ALWAYS = datetime(9000, 1, 1, tzinfo=UTC)  # a cut-off that leaves nothing out: what is known now
_KEPT: dict[tuple[object, ...], tuple[str, int]] = {}


def due_of(policies: Sequence[Policy], month: Month, person_id: int) -> list[tuple[str, int | None, int]]:
    """(policy, place, fen) of what the policies give one person in a month, as the registers are now.

    The statement is made once and kept: asked again, it costs the database a few look-ups.
    """
    if not any(p.in_force(month) for p in policies):
        return []
    dialect = dialect_of()
    key = (dialect, month, *((p.id, p.version) for p in policies))
    if key not in _KEPT:
        if len(_KEPT) > 30:
            _KEPT.clear()
        whom = str(_WHOM)
        made = compile_policies(
            policies,
            [month],
            schema(),
            dialect,
            tables=tables_of_one(schema(), _ALWAYS, whom),
            only=[_WHOM],
            few=few_of_one(schema()),
        )
        sql = f"SELECT policy, place, amount_fen FROM ({made.sql}) AS due".replace("%", "%%")
        _KEPT[key] = sql.replace(whom, "%s"), sql.count(whom)
    # a parameter, not a number in the text: the database reads fifty thousand characters once, not for everybody
    sql, times = _KEPT[key]
    return [(row[0], row[1], row[2]) for row in query(sql, values=[person_id] * times)]
