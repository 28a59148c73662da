"""Many rows at once: executemany on SQLite, COPY on PostgreSQL.

`bulk_create` of wide rows is ten to forty times slower (measured), and it builds an object per row; loads of
a hundred thousand rows go through here instead. Nothing is validated here: callers hand over what the same
checks as everywhere else have passed, and the database's constraints hold as always.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any
from uuid import UUID

import pyarrow as pa
import pyarrow.csv
from django.db import connection, models

_BATCH = 5_000
Row = Sequence[Any]


def insert(model: type[models.Model], columns: Sequence[str], rows: Iterable[Row]) -> int:
    """Insert rows given as values in the order of `columns` (attribute names, `person_id`); returns how many.

    Values are plain Python ones: aware datetimes, dates, UUIDs, bytes, bool, int, str, None. Columns that are
    not named take no default. Call it inside a transaction.
    """
    if connection.vendor == "postgresql":
        return _copy(model, columns, rows)
    return _insert_many(model, columns, rows)


def insert_columns(model: type[models.Model], columns: pa.Table, same: Mapping[str, Any]) -> int:
    """Insert whole columns of integers and texts, named as the model's attributes; returns how many rows.

    `same`: attributes that have one value, not null, in all rows. Two to three times as fast as `insert` on SQLite
    (see `columnar.inserting`). Rows in the order of the largest unique index are quickest.
    """
    if connection.vendor == "postgresql":
        return _copy_columns(model, columns, same)
    from yanglao.kernel.columnar.inserting import insert_portions  # readers of columns come with it

    quoted = {name: _quoted(model, name) for name in (*columns.column_names, *same)}
    with connection.cursor() as cursor:
        insert_portions(cursor.execute, _table(model), quoted, columns, same)
    return int(columns.num_rows)


def _copy_columns(model: type[models.Model], columns: pa.Table, same: Mapping[str, Any]) -> int:
    names = ", ".join(_quoted(model, name) for name in (*columns.column_names, *same))
    for name, value in same.items():
        text = str(value)
        columns = columns.append_column(name, pa.repeat(pa.scalar(text), columns.num_rows))
    statement = f"COPY {_table(model)} ({names}) FROM STDIN (FORMAT csv)"
    with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(statement) as copy:
        for start in range(0, columns.num_rows, _BATCH):  # the server takes in one while the next is written
            copy.write(_csv(columns.slice(start, _BATCH)))
    return int(columns.num_rows)


def _csv(columns: pa.Table) -> bytes:
    written = pa.BufferOutputStream()
    # null is the empty field
    form = pyarrow.csv.WriteOptions(include_header=False, quoting_style="all_valid")
    pyarrow.csv.write_csv(columns, written, form)
    return bytes(written.getvalue())


def update(model: type[models.Model], columns: Sequence[str], rows: Iterable[Row]) -> int:
    """Set `columns` of existing rows: each row is the new values, then the primary key. Returns how many."""
    names = ", ".join(f"{_quoted(model, name)} = %s" for name in columns)
    statement = f"UPDATE {_table(model)} SET {names} WHERE {_quoted(model, model._meta.pk.attname)} = %s"
    return _many(statement, _adapted(model, [*columns, model._meta.pk.attname], rows))


def new_ids(model: type[models.Model], number: int) -> list[int]:
    """`number` primary keys nobody else gets. Call it inside the transaction that uses them."""
    if number == 0:
        return []
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
                [model._meta.db_table, model._meta.pk.column, number],
            )
            return [row[0] for row in cursor.fetchall()]
        # One writer at a time, and AUTOINCREMENT remembers the highest key ever given.
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [model._meta.db_table])
        row = cursor.fetchone()
        first = (row[0] if row else 0) + 1
        return list(range(first, first + number))


def refresh_statistics(*tables: type[models.Model]) -> None:
    """Tell the database how its tables look now. Without it SQLite guesses, and after a large load guesses badly:
    counting who lives alone in a city of 20,000 took minutes by the wrong index, 0.2 s by the right one."""
    with connection.cursor() as cursor:
        for model in tables:
            cursor.execute(f"ANALYZE {_table(model)}")


def in_chunks(values: Iterable[Any], size: int = 500) -> Iterator[list[Any]]:
    """Lists of at most `size`: SQLite takes a bounded number of parameters."""
    iterator = iter(values)
    while chunk := list(islice(iterator, size)):
        yield chunk


def _table(model: type[models.Model]) -> str:
    return connection.ops.quote_name(str(model._meta.db_table))


def _quoted(model: type[models.Model], attname: str) -> str:
    field = next(f for f in model._meta.concrete_fields if f.attname == attname)
    return connection.ops.quote_name(str(field.column))


def _insert_many(model: type[models.Model], columns: Sequence[str], rows: Iterable[Row]) -> int:
    names = ", ".join(_quoted(model, c) for c in columns)
    marks = ", ".join(["%s"] * len(columns))
    statement = f"INSERT INTO {_table(model)} ({names}) VALUES ({marks})"
    return _many(statement, _adapted(model, columns, rows))


def _many(statement: str, rows: Iterator[Row]) -> int:
    count = 0
    with connection.cursor() as cursor:
        while batch := list(islice(rows, _BATCH)):
            cursor.executemany(statement, batch)
            count += len(batch)
    return count


def _copy(model: type[models.Model], columns: Sequence[str], rows: Iterable[Row]) -> int:
    names = ", ".join(_quoted(model, c) for c in columns)
    count = 0
    statement = f"COPY {_table(model)} ({names}) FROM STDIN"
    with (
        connection.wrap_database_errors,
        connection.cursor() as cursor,
        cursor.copy(statement) as copy,
        connection.execute_wrapper(_refuse),
    ):
        for row in rows:
            copy.write_row(row)
            count += 1
    return count


def _refuse(*args: Any) -> Any:
    """The connection is busy taking in rows: a query in between would wait for ever."""
    raise RuntimeError(
        "a query while rows are streamed into the database: read what the rows need beforehand"
    )


def _adapted(model: type[models.Model], columns: Sequence[str], rows: Iterable[Row]) -> Iterator[Row]:
    if connection.vendor == "postgresql":
        yield from rows
        return
    fields = {f.attname: f for f in model._meta.concrete_fields}
    converters = [(i, c) for i, name in enumerate(columns) if (c := _converter(fields[name]))]
    for row in rows:
        values = list(row)
        for place, convert in converters:
            if values[place] is not None:
                values[place] = convert(values[place])
        yield values


def _converter(field: models.Field[Any, Any]) -> Callable[[Any], Any] | None:
    """How SQLite keeps a value as Django reads it back."""
    if isinstance(field, models.DateTimeField):
        return _utc
    if isinstance(field, models.DateField):
        return dt.date.isoformat
    return _hex if isinstance(field, models.UUIDField) else None


def _utc(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).replace(tzinfo=None).isoformat(" ")


def _hex(uid: UUID) -> str:
    return uid.hex
