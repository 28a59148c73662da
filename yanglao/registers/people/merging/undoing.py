"""Putting back what a merge moved, unless something later stands against it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from yanglao.registers.people.merging.facts import copy_of
from yanglao.registers.people.merging.identity import set_columns, write
from yanglao.registers.people.merging.trace import dump, load
from yanglao.registers.people.models import Circumstance, Merge, MergedRow, Person


def obstacles(merge: Merge) -> list[str]:
    """Why a merge cannot be undone now, in words; none when it can."""
    if merge.undone_at is not None:
        return [_("这次合并已经拆分过。")]
    if merge.kept.merged_into_id is not None:
        return [_("保留的档案后来又并入了另一份档案：请先拆分那一次合并。")]
    changed = {_words(row) for row in merge.rows.order_by("id") if _changed_since(row)}
    return [_("合并后又改动过：%(what)s。请先把它更正回去，再拆分。") % {"what": w} for w in sorted(changed)]


def _words(row: MergedRow) -> str:
    return str(apps.get_model(row.table)._meta.verbose_name)


def _changed_since(row: MergedRow) -> bool:
    """Whether the row is no longer as the merge left it."""
    found = _row(row)
    if found is None:
        return True
    if isinstance(found, Circumstance):
        return not row.before and found.replaced_at is not None
    after = row.columns("after")
    return dump(found, after) != after


def _row(row: MergedRow) -> Model | None:
    return apps.get_model(row.table)._base_manager.filter(pk=row.row_id).first()


def put_back(merge: Merge, kept: Person, dropped: Person) -> None:
    """Every row as it was; facts as known before are known again from now on. Raises ValidationError."""
    if found := obstacles(merge):
        raise ValidationError([ValidationError(text) for text in found])
    rows = list(merge.rows.order_by("-id"))
    _facts(row for row in rows if row.table == Circumstance._meta.label_lower)
    mine = {kept.pk: kept, dropped.pk: dropped}
    for row in rows:
        if row.table == Circumstance._meta.label_lower:
            continue
        model = apps.get_model(row.table)
        if model is Person and row.row_id in mine and "id_number" in row.columns("before"):
            set_columns(mine[row.row_id], load(Person, row.columns("before")))
        else:
            model._base_manager.filter(pk=row.row_id).update(**load(model, row.columns("before")))
    write(kept, dropped)


def _facts(rows: Iterable[MergedRow]) -> None:
    touched = list(rows)
    made = [row.row_id for row in touched if not row.before]
    closed = [row.row_id for row in touched if row.before]
    now = _moment(made)
    Circumstance._base_manager.filter(pk__in=made).update(replaced_at=now)
    for row in Circumstance._base_manager.filter(pk__in=closed).order_by("pk"):
        copy_of(row, row.person_id, now).save(force_insert=True)


def _moment(made: list[int]) -> dt.datetime:
    latest = Circumstance._base_manager.filter(pk__in=made).order_by("-recorded_at").first()
    now = timezone.now()
    return max(now, latest.recorded_at + dt.timedelta(microseconds=1)) if latest else now
