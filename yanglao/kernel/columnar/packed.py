"""Rows of SQLite in one row: every column as one text, put together by the database and taken apart by Arrow.

Handing a value to Python costs more than SQLite needs to find it. The 22,000 circumstances that change in a month of
a large city take a third of the time so, and other threads of Python run meanwhile.
"""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from .writing import ABSENT

BETWEEN = "\x02"  # never typed by anybody; a text that holds it is noticed by the number of values
PACKABLE = (pa.types.is_integer, pa.types.is_date, pa.types.is_string)


def packable(schema: pa.Schema) -> bool:
    return all(any(fits(field.type) for fits in PACKABLE) for field in schema)


def packed(select: str, schema: pa.Schema) -> str:
    """The SELECT whose one row holds the number of rows and a text for every column."""
    absent, between = f"char({ord(ABSENT)})", f"char({ord(BETWEEN)})"
    texts = (f"group_concat(COALESCE({field.name}, {absent}), {between})" for field in schema)
    return f"SELECT COUNT(*), {', '.join(texts)} FROM ({select}) AS rows_to_pack"


def unpacked(row: Sequence[int | str | None], schema: pa.Schema) -> pa.RecordBatch | None:
    """The rows again; None when a value held what stands between the values."""
    count, *texts = row
    if not count:
        return pa.RecordBatch.from_pylist([], schema=schema)
    columns = [pc.split_pattern(pa.array([text], pa.large_string()), BETWEEN).values for text in texts]
    if any(len(column) != count for column in columns):
        return None
    arrays = [_typed(column, field.type) for column, field in zip(columns, schema, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _typed(column: pa.Array, wanted: pa.DataType) -> pa.Array:
    absent = pc.equal(column, ABSENT)
    if pc.any(absent).as_py():
        column = pc.if_else(absent, pa.scalar(None, column.type), column)
    return column.cast(wanted)
