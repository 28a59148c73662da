"""Text columns that are looked up by prefix: one lookup that compiles to a range and uses the index.

`startswith` is a trap on both databases (66 ms on SQLite, 250–1,800 ms on PostgreSQL at a million rows).
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models.lookups import BuiltinLookup

_LAST = "\U0010ffff"  # the last code point: sorts after every text in byte order


class PrefixField(models.CharField):
    """A CharField compared byte by byte on both databases, so that `__prefix` is an index range."""

    def db_parameters(self, connection: Any) -> Any:
        parameters = super().db_parameters(connection)
        if connection.vendor == "postgresql":
            parameters["collation"] = "C"
        return parameters


@PrefixField.register_lookup
class Prefix(BuiltinLookup):
    """`name__prefix="王"`: `name >= '王' AND name < '王…'`. An empty prefix matches all."""

    lookup_name = "prefix"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        lhs, lhs_params = self.process_lhs(compiler, connection)
        return f"({lhs} >= %s AND {lhs} < %s)", [*lhs_params, self.rhs, *lhs_params, f"{self.rhs}{_LAST}"]


def spelled(name: str) -> tuple[str, str]:
    """Pinyin and initials of a name of a place or body, in lower case, for finding it by what is typed.

    Names of people are read otherwise, see people.rules.names.
    """
    from pypinyin import (  # its dictionaries are a tenth of a start; few processes need them
        Style,
        lazy_pinyin,
    )

    initials = lazy_pinyin(name, style=Style.FIRST_LETTER)
    return "".join(lazy_pinyin(name)).lower(), "".join(initials).lower()
