"""The facts table of a query: one row per month and subject, with every fact on the days the policies look at it."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from typing import Any

import sqlglot
from sqlglot import exp

from .emit import Constants, Dialect, constant, constant_text
from .latest import Spell, Spells, latest_table
from .months import Month
from .policy import Policy, moment_day
from .schema import Schema, Subject, Type, View

MONTH_DAYS = ("first_day", "last_day")
Column = tuple[Type, tuple[Any, ...]]  # a constant of the months, in each of them
Look = tuple[str, str]  # a view and the moment it is looked at ("" unless dated)


@dataclass
class FactColumns:
    """Which columns the facts table of one subject must have; filled while the policies are translated.

    `spells`: the views that stand in the subject's own row; `decided`: a condition on those without earlier spells may
    be asked of that row as it is, which holds where a row stands for one month.
    """

    subject: Subject
    spells: Spells = field(default_factory=dict)
    decided: bool = True
    wanted: dict[Look, None] = field(default_factory=dict)  # in order of use
    facts: dict[tuple[str, str], None] = field(default_factory=dict)  # (fact, moment)

    @cached_property
    def base(self) -> View:
        """The subjects' own rows."""
        base = self.subject.base
        return replace(base, sql=f"SELECT * FROM {latest_table(self.subject.name)}") if self.spells else base

    def alone(self, view: str) -> bool:
        """Whether the subject's own row decides what the view says."""
        return view in self.spells and not self.spells[view].earlier

    def name(self, policy: Policy, fact: str) -> str:
        """The column of `fact` for `policy`: looked at on the policy's day when the fact is dated."""
        view, _ = self.subject.facts[fact]
        moment = policy.fact_day(fact) if view.shape == "dated" else ""
        self.wanted[view.name, moment] = None
        self.facts[fact, moment] = None
        return column_name(fact, moment)

    def looks(self, policy: Policy, names: Iterable[str]) -> set[Look]:
        """Where these facts of a policy are found, beside the subject's own row."""
        views = {name: self.subject.facts[name][0] for name in names}
        return {
            (view.name, policy.fact_day(name) if view.shape == "dated" else "")
            for name, view in views.items()
            if view is not self.subject.base and not (self.decided and self.alone(view.name))
        }


def column_name(fact: str, moment: str) -> str:
    return f"{fact}__{moment}" if moment else fact


def facts_select(
    columns: FactColumns,
    constants: Constants,
    dialect: Dialect,
    *,
    dates: bool = False,
    who: Sequence[exp.Expr] = (),
    near: str = "",
) -> exp.Select:
    """SELECT of the facts table. `dates`: also since when, until when and by what source each dated fact holds.

    `near`: a table of the own rows of the only subjects to look at.
    """
    query, subject, months = own_select(columns, constants, dialect, who, near), "b", "m"
    if columns.spells:  # what stands in the subject's own row has its name first
        query, subject, months = exp.select("n.*").from_(query.subquery("n")), "n", "n"
    query = look_up(
        query, columns, looks_of(columns), constants, dialect, subject=subject, months=months, among=near
    )
    return _with_dates(query, columns) if dates else query


def own_row(columns: FactColumns, who: Sequence[exp.Expr]) -> exp.Select:
    """The subjects and what of their own rows is used."""
    spells = [columns.spells[view] for view, _moment in columns.wanted if view in columns.spells]
    beside = dict.fromkeys(column for spell in spells for column in spell.columns)
    chosen = ["subject_id", *_own_facts(columns), *beside]
    return exp.select(*chosen).from_(view_name(columns.subject.base)).where(*who)


def _own_facts(columns: FactColumns) -> list[str]:
    return [fact for fact, _moment in columns.facts if columns.subject.facts[fact][0] is columns.subject.base]


def own_select(
    columns: FactColumns,
    constants: Constants,
    dialect: Dialect,
    who: Sequence[exp.Expr] = (),
    near: str = "",
) -> exp.Select:
    """Every month and subject, with the facts on the subject's own row. `who`: conditions on `subject_id`.

    What stands there as the latest spell is null on days it does not hold; where there are earlier ones, it goes by
    the name `latest_name` until these are joined.
    """
    table = near or view_name(columns.subject.base)
    subjects: exp.Expr = exp.to_table(table, alias="b")
    if who:  # asked of a subject once, not in every month
        subjects = exp.select("*").from_(table).where(*who).subquery("b")
    # the months stand second: DuckDB keeps those in memory and goes through the first with all its threads
    query = exp.select("m.*", "b.subject_id").from_(subjects)
    query = query.join(exp.to_table("months", alias="m"), join_type="cross")
    query = query.select(*(exp.alias_(exp.column(fact, "b"), fact) for fact in _own_facts(columns)))
    for view, fact, moment in _beside(columns):
        spell = columns.spells[view]
        holds = _holds("b", spell.since, spell.until, _day(moment, constants, dialect, "m"))
        now = exp.Case().when(holds, exp.column(spell.facts[fact], "b"))
        query = query.select(
            exp.alias_(now, latest_name(fact, moment) if spell.earlier else column_name(fact, moment))
        )
    return query


def _beside(columns: FactColumns) -> Iterator[tuple[str, str, str]]:
    """View, fact and moment of what stands on the subject's own row as its latest spell."""
    for fact, moment in columns.facts:
        view, _fact = columns.subject.facts[fact]
        if view.name in columns.spells:
            yield view.name, fact, moment


def latest_name(fact: str, moment: str) -> str:
    return f"{column_name(fact, moment)}__latest"


def looks_of(columns: FactColumns) -> list[Look]:
    """All looks into views beside the subject's own row."""
    return [
        look for look in columns.wanted if look[0] != columns.subject.base.name and not columns.alone(look[0])
    ]


def more_facts(
    source: str,
    columns: FactColumns,
    looks: Sequence[Look],
    constants: Constants,
    dialect: Dialect,
    *,
    among: str = "",
) -> exp.Select:
    """The rows of a facts table with the facts of further looks; `among`: a table of the only subjects to look at."""
    query = exp.select("n.*").from_(exp.to_table(source, alias="n"))
    return look_up(query, columns, looks, constants, dialect, subject="n", months="n", among=among)


def look_up(
    query: exp.Select,
    columns: FactColumns,
    looks: Sequence[Look],
    constants: Constants,
    dialect: Dialect,
    *,
    subject: str,
    months: str,
    among: str = "",
) -> exp.Select:
    """The query with these views joined and their facts chosen; `subject`, `months`: its tables with their columns."""
    for key, moment in looks:
        view = next(v for v in columns.subject.views if v.name == key)
        at, spell = alias(view, moment), columns.spells.get(key)
        table = spell.table if spell else view_name(view)
        query = query.join(
            _some_of(table, at, among) if among else exp.to_table(table, alias=at),
            on=_on(view, moment, constants, dialect, subject, months),
            join_type="left",
        )
        for fact, looked_at in columns.facts:
            if columns.subject.facts[fact][0] is view and looked_at == moment:
                found = _found(spell, fact, moment, at, subject)
                query = query.select(exp.alias_(found, column_name(fact, moment)))
    return query


def _found(spell: Spell | None, fact: str, moment: str, at: str, subject: str) -> exp.Expr:
    """The fact in the row that was joined; of a spell on the subject's own row, that one or an earlier one."""
    if spell is None:
        return exp.column(fact, at)
    column = "valid_from" if spell.facts[fact] == spell.since else fact
    return exp.Coalesce(
        this=exp.column(latest_name(fact, moment), subject), expressions=[exp.column(column, at)]
    )


def _some_of(table: str, at: str, among: str) -> exp.Subquery:
    """The rows of the subjects in a table: the join is made with them alone."""
    asked = exp.Subquery(this=exp.select("subject_id").from_(among))
    rows = exp.select("*").from_(table).where(exp.In(this=exp.column("subject_id"), query=asked))
    return rows.subquery(at)


def _with_dates(query: exp.Select, columns: FactColumns) -> exp.Select:
    for view_key, moment in columns.wanted:
        view = next(v for v in columns.subject.views if v.name == view_key)
        if view.shape == "dated":
            for name in ("valid_from", "valid_to", "source"):
                query = query.select(
                    exp.alias_(exp.column(name, alias(view, moment)), f"{alias(view, moment)}__{name}")
                )
    return query


def alias(view: View, moment: str) -> str:
    return f"{view.name}__{moment}" if moment else f"{view.name}__m"


def view_name(view: View) -> str:
    return f"v_{view.name}"


def _on(
    view: View, moment: str, constants: Constants, dialect: Dialect, subject: str, months: str
) -> exp.Expr:
    at = alias(view, moment)
    same = exp.EQ(this=exp.column("subject_id", at), expression=exp.column("subject_id", subject))
    if view.shape == "monthly":
        return exp.and_(same, exp.EQ(this=exp.column("month", at), expression=exp.column("month", months)))
    if view.shape == "fixed":
        return same
    return exp.and_(same, _holds(at, "valid_from", "valid_to", _day(moment, constants, dialect, months)))


def _day(moment: str, constants: Constants, dialect: Dialect, months: str) -> exp.Expr:
    """The day of each month a policy looks at."""
    one, column = constants.place([moment_day(moment, m) for m in constants.months], Type.DATE)
    return exp.column(column, months) if column else constant(one, Type.DATE, dialect)


def _holds(table: str, since: str, until: str, day: exp.Expr) -> exp.Expr:
    """That a spell holds on the day."""
    begun = exp.LTE(this=exp.column(since, table), expression=day)
    still = exp.or_(
        exp.Is(this=exp.column(until, table), expression=exp.Null()),
        exp.GT(this=exp.column(until, table), expression=day.copy()),
    )
    return exp.and_(begun, still)


def months_sql(constants: Constants, dialect: Dialect, *, only: Container[str] | None = None) -> str:
    """`months(month, first_day, last_day, k0 …) AS (VALUES …)`: one row per month asked for.

    `only`: the constants to give.
    """
    kept = {key: name for key, name in constants.columns.items() if only is None or name in only}
    rows = ", ".join(_month_row(i, m, kept, dialect) for i, m in enumerate(constants.months))
    return f"months({', '.join(['month', *MONTH_DAYS, *kept.values()])}) AS (VALUES {rows})"


def _month_row(index: int, month: Month, columns: Iterable[Column], dialect: Dialect) -> str:
    cells: list[tuple[Type, Any]] = [
        (Type.INT, int(month)),
        (Type.DATE, month.first),
        (Type.DATE, month.last),
    ]
    cells += [(type_, values[index]) for type_, values in columns]
    return f"({', '.join(constant_text(value, type_, dialect) for type_, value in cells)})"


def views_sql(
    views: Iterable[View],
    tables: Mapping[str, str],
    dialect: Dialect,
    *,
    within: str = "",
    few: Collection[str] = (),
) -> list[str]:
    """The common table expressions of the fact views, after those of the snapshot tables given as SQL.

    `within`: a condition on the subject's column, written as {}, that all rows of the views meet. `few`: tables of
    which these are some rows, each read once and kept.
    """
    # a table named twice would be copied whole, even to explain one person; Spark has no such word
    how = "" if dialect == "spark" else "NOT MATERIALIZED "
    parts = [f"{name} AS {'MATERIALIZED ' if name in few else how}({sql})" for name, sql in tables.items()]
    return parts + [f"{view_name(v)} AS {how}({_within(translated(v.sql, dialect), within)})" for v in views]


def _within(sql: str, condition: str) -> str:
    return f"SELECT * FROM ({sql}) AS v WHERE {condition.format('subject_id')}" if condition else sql


@cache
def translated(sql: str, dialect: Dialect) -> str:
    """DuckDB's SQL in the dialect."""
    return sqlglot.transpile(sql, read="duckdb", write=dialect)[0]


def used_views(columns: Sequence[FactColumns]) -> list[View]:
    """Base views and all views some policy looks into, each once."""
    found: dict[str, View] = {}
    for each in columns:
        found.setdefault(each.subject.base.name, each.base)
        for key, _ in each.wanted:
            found.setdefault(key, next(v for v in each.subject.views if v.name == key))
    return list(found.values())


def used_tables(views: Iterable[View], schema: Schema) -> tuple[str, ...]:
    """The snapshot tables the views read."""
    names = frozenset().union(*(_tables(view.sql) for view in views))
    return tuple(sorted(names & schema.tables.keys()))


def beside(columns: Iterable[FactColumns]) -> Iterator[str]:
    """The tables of a snapshot in which facts stand side by side."""
    for each in columns:
        if each.spells:
            yield latest_table(each.subject.name)
            looks = dict.fromkeys(view for view, _moment in looks_of(each) if view in each.spells)
            yield from dict.fromkeys(each.spells[view].table for view in looks)


@cache
def _tables(sql: str) -> frozenset[str]:
    return frozenset(table.name for table in sqlglot.parse_one(sql, read="duckdb").find_all(exp.Table))


def overlaps_sql(
    view: View, dialect: Dialect = "duckdb", tables: Mapping[str, str] | None = None, *, only: str = ""
) -> str:
    """SELECT of the subjects for whom two spells of a dated view hold on the same day.

    `only`: a table whose column subject_id names those to look at.
    """
    name = view_name(view)
    # a view is DuckDB's SQL as it stands; rewriting it would load sqlglot's dialect while a run waits
    own = dialect == "duckdb" and not tables
    with_ = [f"{name} AS NOT MATERIALIZED ({view.sql})"] if own else views_sql([view], tables or {}, dialect)
    # nearly everybody has one spell: the window runs over the others only
    among = f"WHERE subject_id IN (SELECT subject_id FROM {only}) " if only else ""
    several = f"SELECT subject_id FROM {name} {among}GROUP BY subject_id HAVING COUNT(*) > 1"
    follows = "LEAD(valid_from) OVER (PARTITION BY subject_id ORDER BY valid_from)"
    spells = (
        f"SELECT subject_id, valid_to, {follows} AS next_from FROM {name} WHERE subject_id IN ({several})"
    )
    return (
        f"WITH {', '.join(with_)} SELECT DISTINCT subject_id FROM ({spells}) AS spells "
        "WHERE next_from IS NOT NULL AND (valid_to IS NULL OR next_from < valid_to)"
    )
