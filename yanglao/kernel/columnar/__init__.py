"""Rows of the database as Arrow batches, for what works on whole columns."""

import pyarrow as pa

from .processes import Task, Written
from .reading import Reader, nearby, reader
from .writing import BATCH_ROWS, file_hash, write_parquet

__all__ = ["BATCH_ROWS", "Reader", "Task", "Written", "file_hash", "nearby", "reader", "write_parquet"]

pa.set_memory_pool(pa.system_memory_pool())  # see `processes.MEMORY`
