"""Change of the data key: every value is sealed anew, in batches, while the site runs.

Each batch and its progress are one transaction, so a killed rotation goes on where it was. A value that
somebody saves meanwhile is left alone (compare-and-set) and looked at again in the closing sweep.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connection, models, transaction
from django.db.models.functions import Substr
from django.utils import timezone
from django.utils.translation import gettext as _

from . import keyring
from .cipher import HEADER_SIZE, header, key_id_of
from .errors import Tampered
from .fields import EncryptedField
from .models import DataKey, Rotation, RotationProgress

BATCH = 2000

Progress = Callable[[str, int], None]
Row = tuple[Any, UUID, tuple[bytes | None, ...]]


@dataclass
class Report:
    """What a rotation did: values sealed anew by table, and the key that is active now."""

    key_id: int
    resumed: bool
    tables: dict[str, int] = field(default_factory=dict)


def encrypted_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if encrypted_fields(model)]


def encrypted_fields(model: type[models.Model]) -> list[EncryptedField]:
    return [f for f in model._meta.local_concrete_fields if isinstance(f, EncryptedField)]


def begin() -> Rotation:
    """The rotation under way, or a new one with a new data key that is used from now on."""
    with transaction.atomic():
        running = Rotation.objects.select_for_update().filter(finished_at=None).first()
        if running:
            return running
        data_keys = DataKey.objects.filter(purpose=DataKey.Purpose.DATA)
        data_keys.filter(state=DataKey.State.ACTIVE).update(state=DataKey.State.RETIRING)
        rotation = Rotation.objects.create(key=keyring.new_key(DataKey.Purpose.DATA))
    keyring.forget()
    return rotation


def run(
    tables: Iterable[type[models.Model]] | None = None,
    *,
    batch: int = BATCH,
    progress: Progress | None = None,
) -> Report:
    """Begin a rotation or go on with the one that was cut off; returns when every value has the new key."""
    resumed = Rotation.objects.filter(finished_at=None).exists()
    rotation = begin()
    report = Report(rotation.key_id, resumed)
    chosen = list(tables) if tables is not None else encrypted_models()
    for model in chosen:
        report.tables[model._meta.db_table] = _table(rotation, model, batch, progress)
    for model in chosen:
        _sweep(rotation, model, batch)
    _finish(rotation)
    return report


def _table(rotation: Rotation, model: type[models.Model], batch: int, progress: Progress | None) -> int:
    state = RotationProgress.objects.get_or_create(rotation=rotation, table=model._meta.db_table)[0]
    while state.finished_at is None:
        rows = list(_rows(model, _after(model, state.last_pk), batch))
        with transaction.atomic():
            state.done += _reseal(model, rows)
            state.last_pk = str(rows[-1][0]) if rows else state.last_pk
            state.finished_at = None if rows else timezone.now()
            state.save()
        if progress:
            progress(state.table, state.done)
    return state.done


def _sweep(rotation: Rotation, model: type[models.Model], batch: int) -> None:
    """Seal what was saved with the old key after its batch had passed, until nothing is left."""
    while rows := list(_rows(model, stale(model, rotation.key_id), batch)):
        with transaction.atomic():
            _reseal(model, rows)


def _finish(rotation: Rotation) -> None:
    now = timezone.now()
    with transaction.atomic():
        old = DataKey.objects.filter(purpose=DataKey.Purpose.DATA, state=DataKey.State.RETIRING)
        old.update(state=DataKey.State.RETIRED, retired_at=now)
        Rotation.objects.filter(pk=rotation.pk).update(finished_at=now)
    keyring.forget()


def _after(model: type[models.Model], last_pk: str) -> models.Q:
    return models.Q(pk__gt=model._meta.pk.to_python(last_pk)) if last_pk else models.Q()


def stale(model: type[models.Model], key_id: int) -> models.Q:
    """Rows in which some value was not sealed with this key."""
    wrong = models.Q()
    for f in encrypted_fields(model):
        wrong |= models.Q(**{f"{f.name}__isnull": False}) & ~models.Q(_key_is(f.name, key_id))
    return wrong


def _key_is(name: str, key_id: int) -> Any:
    start = Substr(models.F(name), 1, HEADER_SIZE, output_field=models.BinaryField())
    return models.lookups.Exact(start, models.Value(header(key_id), output_field=models.BinaryField()))


def _rows(model: type[models.Model], where: models.Q, batch: int) -> Iterator[Row]:
    # a plain QuerySet, not the model's manager: a rotation sees all divisions
    names = [f.name for f in encrypted_fields(model)]
    rows: Any = models.QuerySet(model).filter(where).order_by("pk").values_list("pk", "uid", *names)
    for pk, uid, *values in rows[:batch]:
        yield pk, uid, tuple(None if value is None else value.blob for value in values)


def _reseal(model: type[models.Model], rows: list[Row]) -> int:
    """Number of values sealed anew with the active key."""
    done = 0
    for position, f in enumerate(encrypted_fields(model)):
        changes = list(_changes(model, f, ((pk, uid, values[position]) for pk, uid, values in rows)))
        _update(model, f, changes)
        done += len(changes)
    return done


def _changes(
    model: type[models.Model], f: EncryptedField, rows: Iterable[tuple[Any, UUID, bytes | None]]
) -> Iterator[tuple[bytes, Any, bytes]]:
    active = keyring.current().active.id
    for pk, uid, old in rows:
        if old is not None and key_id_of(old) != active:
            new = keyring.seal(f.path, uid, _opened(f, pk, uid, old))
            yield new, model._meta.pk.get_db_prep_value(pk, connection), old


def _opened(f: EncryptedField, pk: Any, uid: UUID, old: bytes) -> str:
    try:
        return keyring.unseal(f.path, uid, old)
    except Tampered as error:
        message = _("轮换停在主键为 %(pk)s 的行：%(why)s修复后再次执行即可接着完成。")
        raise Tampered(message % {"pk": pk, "why": error}) from error


def _update(model: type[models.Model], f: EncryptedField, changes: list[tuple[bytes, Any, bytes]]) -> None:
    quote = connection.ops.quote_name
    table, column, key = (
        quote(name) for name in (model._meta.db_table, str(f.column), str(model._meta.pk.column))
    )
    with connection.cursor() as cursor:
        # executemany: one prepared statement for the batch, six times faster than bulk_update
        cursor.executemany(f"UPDATE {table} SET {column} = %s WHERE {key} = %s AND {column} = %s", changes)
