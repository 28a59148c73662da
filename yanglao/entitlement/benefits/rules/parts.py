"""The statement of one kind of subject, as text: what the whole statement is made of, and what DuckDB runs of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .emit import Constants
from .facts_sql import months_sql, used_tables, used_views, view_name, views_sql
from .gathering import over, selection
from .schema import Schema, View

if TYPE_CHECKING:
    from .compile import Chain

ASKED = "asked"
FIRST, LAST = "first_subject", "last_subject"
WITHIN = f"{{}} BETWEEN getvariable('{FIRST}') AND getvariable('{LAST}')"


@dataclass(frozen=True)
class Part:
    """The rows about one kind of subject, for DuckDB.

    `base`: SELECT of the subjects (`subject_id`) when they may be computed a range of ids at a time, by its variables
    FIRST and LAST; "" when what one gets hangs on others. `tables`: those `base` reads.
    """

    sql: str
    base: str
    tables: tuple[str, ...]


class Written:
    """The stages of a chain as text, for the whole statement and for one of its own."""

    def __init__(self, chain: Chain, constants: Constants, schema: Schema) -> None:
        self.chain, self.constants, self.schema = chain, constants, schema
        self.bodies, self.rows = chain.parts(), chain.rows()

    def sources(self, within: str = "") -> list[str]:
        """Tables whose rows are gathered. `within`: a condition on the subject's column, written as {}."""
        return [
            f"{name} AS NOT MATERIALIZED (SELECT * FROM {table}{within and f' WHERE {within.format(column)}'})"
            for name, table, column in self.chain.facts.sources
        ]

    def asked(self) -> tuple[list[str], list[View]]:
        """Tables with the rows of those in the list, each gone through once, and the views, over these where they can."""
        found, tables = [], dict[str, str]()
        for view in used_views([self.chain.columns]):
            if one := selection(view):
                name = f"{ASKED}_{self.chain.subject.name}_{one.table}"
                subject = one.columns["subject_id"].sql("duckdb")
                sql = f"SELECT * FROM {one.table} WHERE {subject} IN (SELECT subject_id FROM {ASKED})"
                if tables.setdefault(name, sql) == sql:
                    view = over(view, name)
            found.append(view)
        return [f"{name} AS MATERIALIZED ({sql})" for name, sql in tables.items()], found

    def constants_used(self) -> set[str]:
        """Columns of `months` that this kind of subject looks at."""
        return {name for text in (*self.bodies, *self.rows) for name in re.findall(r"\bk\d+\b", text)}

    def part(self) -> Part:
        chain, base = self.chain, self.chain.subject.base
        apart = chain.only is None and not chain.shared
        within = WITHIN if apart else ""
        tables, views = (
            self.asked() if chain.listed and not chain.shared else ([], used_views([chain.columns]))
        )
        views = [view for view in views if re.search(rf"\b{view_name(view)}\b", " ".join(self.bodies))]
        read = [*tables, *views_sql(views, {}, chain.dialect, within=within), *self.sources(within)]
        own = months_sql(self.constants, chain.dialect, only=self.constants_used())
        with_ = [own, *read, *self.bodies]
        sql = f"WITH {', '.join(with_)} {' UNION ALL '.join(self.rows)}"
        return Part(sql, chain.columns.base.sql if apart else "", used_tables([base], self.schema))
