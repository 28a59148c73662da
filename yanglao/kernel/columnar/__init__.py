"""Rows of the database as Arrow batches, for what works on whole columns."""

from .reading import BATCH_ROWS, Reader, reader

__all__ = ["BATCH_ROWS", "Reader", "reader"]
