"""The record of what a merge touches, row by row, so that it can be put back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Model

from yanglao.kernel.crypto.fields import EncryptedField
from yanglao.registers.people.models import Merge, MergedRow


def dump(row: Model, columns: Iterable[str]) -> dict[str, Any]:
    """Columns of a row as JSON-able data, personal ones in clear: to be sealed at once."""
    return {column: _said(row, column) for column in columns}


def _said(row: Model, column: str) -> Any:
    field: Any = row._meta.get_field(column)
    value = getattr(row, field.attname)
    if isinstance(field, EncryptedField):
        return value.reveal()
    return None if value is None else field.value_to_string(row)


def load(model: type[Model], columns: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of `dump` as values of the model."""
    return {
        name: value
        if value is None or isinstance(_field(model, name), EncryptedField)
        else _field(model, name).to_python(value)
        for name, value in columns.items()
    }


def _field(model: type[Model], name: str) -> Any:
    return model._meta.get_field(name)


class Trace:
    """Collects the rows of one merge."""

    def __init__(self, merge: Merge) -> None:
        self.merge = merge
        self.rows: list[MergedRow] = []

    def note(self, row: Model, before: dict[str, Any] | None, after: dict[str, Any] | None) -> None:
        """Remember a row with its columns before and after."""
        self.rows.append(
            MergedRow(
                merge=self.merge,
                table=row._meta.label_lower,
                row_id=row.pk,
                before=None if before is None else json.dumps(before),
                after=None if after is None else json.dumps(after),
            )
        )

    def change(self, row: Model, **values: Any) -> None:
        """Change columns of a row that holds no sealed ones among them. By-passes save(): some tables are
        append-only for everybody else."""
        before = dump(row, values)
        for column, value in values.items():
            setattr(row, column, value)
        type(row)._base_manager.filter(pk=row.pk).update(**values)
        self.note(row, before, dump(row, values))

    def flush(self) -> None:
        MergedRow.objects.bulk_create(self.rows, batch_size=500)
