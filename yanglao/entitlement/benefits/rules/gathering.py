"""Facts that several views take row by row from one table, looked up in one pass over it instead of one join each.

Only for one month: over several a row would stand for many. And only in DuckDB: the registers' databases find the few
rows of a subject by an index. Two rows of one view that hold on the same day are a contradiction, for which a subject
is withheld; so the largest of what holds is what holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

import sqlglot
from sqlglot import exp

from .emit import Constants, constant
from .facts_sql import FactColumns, Look, column_name
from .policy import moment_day
from .schema import Type, View

# what a view that takes rows one by one does not have
OTHERS = ("joins", "group", "having", "qualify", "windows", "limit", "distinct", "laterals", "with_")


@dataclass(frozen=True)
class Selection:
    """A view's SELECT: its table, the columns it gives, and the values that its rows have in some columns."""

    table: str
    columns: Mapping[str, exp.Expr]
    where: tuple[exp.Expr, ...]

    @property
    def values(self) -> Mapping[str, str]:
        """Columns that are one text in all its rows."""
        same = (w for w in self.where if isinstance(w, exp.EQ) and isinstance(w.this, exp.Column))
        return {w.this.name: w.expression.this for w in same if w.expression.is_string}


@cache
def selection(view: View) -> Selection | None:
    """None unless the view takes rows of one table one by one."""
    tree = sqlglot.parse_one(view.sql, read="duckdb")
    if view.shape != "dated" or not isinstance(tree, exp.Select) or any(tree.args.get(n) for n in OTHERS):
        return None
    source = tree.args["from_"].this
    nested = len(list(tree.find_all(exp.Select))) > 1 or tree.find(exp.AggFunc, exp.Window)
    if not isinstance(source, exp.Table) or source.alias or nested:
        return None
    where = tree.args.get("where")
    parts = tuple(where.this.flatten()) if where and isinstance(where.this, exp.And) else ()
    return Selection(
        source.name,
        {column.alias_or_name: column.unalias() for column in tree.expressions},
        parts or ((where.this,) if where else ()),
    )


@cache
def over(view: View, table: str) -> View:
    """Such a view over another table with the same columns."""
    tree = sqlglot.parse_one(view.sql, read="duckdb")
    tree.args["from_"].this.set("this", exp.to_identifier(table))
    return replace(view, sql=tree.sql("duckdb"))


@dataclass(frozen=True)
class Gathering:
    """Looks into views over one table whose rows name the subject in the same way, told apart by one column."""

    name: str
    by: str
    looks: tuple[Look, ...]
    table: str
    subject: str

    @property
    def rows(self) -> str:
        """The common table expression of the table's rows."""
        return f"rows_{self.name}"


def gatherings(columns: FactColumns, looks: Sequence[Look], step: str) -> list[Gathering]:
    """What can be gathered of these looks, two or more at a time."""
    found: dict[tuple[str, str, str], list[Look]] = {}
    for look in looks:
        one = selection(_view(columns, look))
        if one is not None and one.values:
            key = one.table, one.columns["subject_id"].sql(), min(one.values)
            found.setdefault(key, []).append(look)
    return [
        Gathering(f"{step}_{table}", column, tuple(several), table, subject)
        for (table, subject, column), several in found.items()
        if len(several) > 1
    ]


def gathered(gathering: Gathering, columns: FactColumns, constants: Constants, among: str) -> exp.Select:
    """One row for each subject of the table `among` that has one of the facts."""
    views = {look: _view(columns, look) for look in gathering.looks}
    chosen = {look: selection(view) for look, view in views.items()}
    first = next(iter(chosen.values()))
    assert first is not None
    subject = first.columns["subject_id"]
    query = (
        exp.select(exp.alias_(subject.copy(), "subject_id")).from_(gathering.rows).group_by(subject.copy())
    )
    days = [moment_day(moment, constants.months[0]) for _view_name, moment in gathering.looks]
    values = sorted({one.values[gathering.by] for one in chosen.values() if one})
    query = query.where(
        exp.or_(  # not IN: of more than five values DuckDB makes a join
            *(exp.EQ(this=exp.column(gathering.by), expression=exp.Literal.string(v)) for v in values)
        ),
        _holds(first, constant(max(days), Type.DATE, "duckdb"), constant(min(days), Type.DATE, "duckdb")),
    )
    asked = exp.Subquery(this=exp.select("subject_id").from_(among))
    query = query.where(exp.In(this=subject.copy(), query=asked))
    for look, one in chosen.items():
        assert one is not None
        day = constant(moment_day(look[1], constants.months[0]), Type.DATE, "duckdb")
        holds = exp.and_(*(w.copy() for w in one.where), _holds(one, day, day))
        for fact in _facts(columns, look, views[look]):
            value = exp.Case().when(holds, one.columns[fact].copy())
            query = query.select(exp.alias_(exp.Max(this=value), column_name(fact, look[1])))
    return query


def facts_of(gathering: Gathering, columns: FactColumns) -> Iterable[str]:
    """The columns it gives beside `subject_id`."""
    for look in gathering.looks:
        yield from (column_name(f, look[1]) for f in _facts(columns, look, _view(columns, look)))


def _facts(columns: FactColumns, look: Look, view: View) -> list[str]:
    return [fact for fact, moment in columns.facts if fact in view.by_name and moment == look[1]]


def _view(columns: FactColumns, look: Look) -> View:
    return next(v for v in columns.subject.views if v.name == look[0])


def _holds(one: Selection, begun_by: exp.Expr, still_after: exp.Expr) -> exp.Expr:
    since, until = one.columns["valid_from"], one.columns["valid_to"]
    still = exp.or_(
        exp.Is(this=until.copy(), expression=exp.Null()),
        exp.GT(this=until.copy(), expression=still_after.copy()),
    )
    return exp.and_(exp.LTE(this=since.copy(), expression=begun_by.copy()), still)
