"""Worked examples (案例) of policy files, run through the compiled query on any engine."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from .caps import GRANTED, shared
from .compile import Compiled, compile_policies
from .emit import Dialect, constant
from .form import CaseForm, SpellForm
from .lang import Refused
from .months import Month, month_range
from .policy import Policy
from .schema import AMOUNTS, Fact, Schema, Subject, Type, View

Row = tuple[Any, ...]
Execute = Callable[[str], Iterable[Row]]
LONG_AGO = date(1900, 1, 1)
KINDS: Mapping[Type, tuple[type, ...]] = {
    Type.QUANTITY: (int, float, Decimal),
    Type.BOOL: (bool,),
    Type.INT: (int,),
    Type.MONEY: (int, float, Decimal),
    Type.DATE: (date,),
    Type.TEXT: (str,),
    Type.DIVISION: (int,),
}


@dataclass(frozen=True)
class Spell:
    """A fact's value from `since` until the day before `until`."""

    value: Any
    since: date = LONG_AGO
    until: date | None = None


Facts = Mapping[str, tuple[Spell, ...]]  # of one subject


@dataclass(frozen=True)
class CaseResult:
    """Fen by month, as expected (None: only the total was given) and as computed."""

    policy: str
    case: CaseForm
    months: tuple[Month, ...]
    expected: tuple[int, ...] | None
    expected_total: int
    computed: tuple[int, ...]

    @property
    def right(self) -> bool:
        same = self.expected is None or self.expected == self.computed
        return same and sum(self.computed) == self.expected_total

    def __str__(self) -> str:
        got = "、".join(f"{m} {_yuan(c)}" for m, c in zip(self.months, self.computed, strict=True))
        return _("案例“%(n)s”：应得 %(w)s 元，算出 %(s)s 元（%(g)s）") % {
            "n": self.case.name,
            "w": _yuan(self.expected_total),
            "s": _yuan(sum(self.computed)),
            "g": got,
        }


def case_facts(case: CaseForm, subject: Subject) -> Facts:
    """The facts of a case (of its first group) in the types of the schema. Raises Refused."""
    return case_people(case, subject)[0][1]


def case_people(case: CaseForm, subject: Subject) -> list[tuple[int, Facts]]:
    """How many subjects of which facts: one, or the groups of a population. Raises Refused."""
    if bool(case.population) == bool(case.facts):
        raise Refused(
            _("案例里 facts 和 population 要写一样，也只写一样"), _("一个对象写 facts，一群人写 population")
        )
    if not case.population:
        return [(1, typed_facts(case.facts, subject))]
    return [(group.count, typed_facts(group.facts, subject)) for group in case.population]


def typed_facts(facts: Mapping[str, Any], subject: Subject) -> Facts:
    """Facts as written in a file, in the types of the schema. Raises Refused."""
    filled = {n: f.example for n, (_v, f) in subject.facts.items() if f.example is not None} | dict(facts)
    missing = [n for n, (_v, f) in subject.facts.items() if not f.nullable and n not in filled]
    if missing:
        raise Refused(_("案例缺少事实：%(n)s") % {"n": "、".join(missing)}, _("在 facts 里补上"))
    return {name: _spells(name, value, subject) for name, value in filled.items()}


def _spells(name: str, value: Any, subject: Subject) -> tuple[Spell, ...]:
    if name not in subject.facts:
        known = "、".join(sorted(subject.facts))
        raise Refused(_("案例里有不认识的事实“%(n)s”") % {"n": name}, _("可以写：%(k)s") % {"k": known})
    view, fact = subject.facts[name]
    if not isinstance(value, list):
        value = [{"value": value, "from": LONG_AGO}]
    elif view.shape == "fixed":
        raise Refused(_("“%(n)s”只有一个值，不分时段") % {"n": name}, _("直接写值"))
    forms = [SpellForm.model_validate(item) for item in value]
    return tuple(Spell(_typed(f.value, fact), f.since, f.until) for f in forms)


def _typed(value: Any, fact: Fact) -> Any:
    if value is None and fact.nullable:
        return None
    wrong_bool = isinstance(value, bool) and fact.type is not Type.BOOL
    if not isinstance(value, KINDS[fact.type]) or wrong_bool:
        raise Refused(
            _("“%(n)s”的值“%(v)s”类型不对") % {"n": fact.name, "v": value}, _("日期写 2026-01-31，文字加引号")
        )
    return int(Decimal(str(value)) * 100) if fact.type in AMOUNTS else value


def expected_months(case: CaseForm) -> tuple[tuple[Month, ...], tuple[int, ...] | None, int]:
    """Months, fen by month (None if only a total is given) and the total. Raises Refused."""
    months = month_range(*case.months)
    given = [x for x in (case.expect.total, case.expect.monthly, case.expect.months) if x is not None]
    if not months:
        raise Refused(_("案例的月份写得不对"), _("写 2024-01..2024-12，先写早的"))
    if len(given) != 1:
        what = _("案例的结果写了 %(n)s 种，要写一种") % {"n": len(given)}
        raise Refused(what, _("expect 里写 total、monthly、months 之一；逐月写了就不再写 total"))
    if case.expect.total is not None:
        return months, None, _fen(case.expect.total)
    if case.expect.monthly is not None:
        amounts = tuple(_fen(x) for x in case.expect.monthly)
    else:
        assert case.expect.months is not None
        amounts = tuple(_fen(case.expect.months.get(str(m), Decimal(0))) for m in months)
    if len(amounts) != len(months):
        raise Refused(
            _("案例有 %(m)s 个月，结果写了 %(n)s 个") % {"m": len(months), "n": len(amounts)}, _("逐月写全")
        )
    return months, amounts, sum(amounts)


def _yuan(fen: int) -> str:
    """All its figures and no idle ones: 3850200, 12.5."""
    return f"{Decimal(fen) / 100:f}"


def _fen(yuan: Decimal) -> int:
    return int(yuan * 100)


def run_cases(
    policy: Policy, schema: Schema, execute: Execute, dialect: Dialect = "duckdb"
) -> list[CaseResult]:
    """All cases of a policy, on the engine that `execute` runs SQL on.

    In one query; one query each where what one subject gets depends on the others (caps of a household, a budget).
    """
    wanted = [expected_months(case) for case in policy.cases]
    everything = range(len(policy.cases))
    batches = [[i] for i in everything] if shared([policy]) else [list(everything)]
    paid: dict[tuple[int, int], int] = defaultdict(int)
    for batch in batches:
        months = sorted({m for i in batch for m in wanted[i][0]})
        _pay(paid, policy, batch, months, schema, execute, dialect)
    return [
        CaseResult(policy.id, case, each, expected, total, tuple(paid[i, int(m)] for m in each))
        for i, (case, (each, expected, total)) in enumerate(zip(policy.cases, wanted, strict=True))
    ]


def _pay(
    paid: dict[tuple[int, int], int],
    policy: Policy,
    batch: Sequence[int],
    months: Sequence[Month],
    schema: Schema,
    execute: Execute,
    dialect: Dialect,
) -> None:
    """Adds what the cases of a batch get, by case and month."""
    if not any(policy.in_force(month) for month in months):
        return  # nothing is due before it begins or after it ends
    people = [(i, *group) for i in batch for group in case_people(policy.cases[i], policy.subject)]
    facts, counts = [f for _i, _count, f in people], [count for _i, count, _f in people]
    compiled = compile_for(policy, months, schema, facts, dialect, counts)
    for month, group, amount in execute(sums_sql(compiled, len(people))):
        paid[people[group][0], month] += int(amount)


def sums_sql(compiled: Compiled, groups: int) -> str:
    """What each group gets in each month."""
    return (
        f"SELECT month, subject_id % {groups}, SUM(amount_fen + COALESCE(quantity, 0)) FROM ({compiled.sql}) AS every_row "
        f"GROUP BY month, subject_id % {groups}"
    )


def compile_for(
    policy: Policy,
    months: Sequence[Month],
    schema: Schema,
    subjects: Sequence[Facts],
    dialect: Dialect,
    counts: Sequence[int] = (),
) -> Compiled:
    """The query over made-up subjects instead of snapshot tables.

    Their ids are 0, 1 …; with `counts` there are so many of each, and `id % len(subjects)` says which it is.
    """
    made = on_made_up(policy)
    counted = any(count != 1 for count in counts)
    tables = numbers_sql(counts) if counted else {}
    for view in policy.subject.views:
        columns = ", ".join(view_columns(view))
        values = values_sql(view, view_rows(view, subjects, months), dialect)
        if counted:
            tables[f"one_{view.name}({columns})"] = values
            values = repeated_sql(view, len(subjects))
        tables[f"made_{view.name}({columns})"] = values
    # who is made up was granted nothing before
    known = Schema(schema.subjects, {name: t for name, t in schema.tables.items() if name != GRANTED})
    return compile_policies([made], months, known, dialect, tables=tables)


def numbers_sql(counts: Sequence[int]) -> dict[str, str]:
    """`numbers(n)`: 0, 1 … as far as the largest count needs, and `counts(kind, how_many)`; no engine's own words."""
    places = range(len(str(max(counts))))
    digits = ", ".join(f"digits AS d{p}" for p in places)
    value = " + ".join(f"d{p}.digit * {10**p}" for p in places)
    return {
        "digits(digit)": "VALUES " + ", ".join(f"({d})" for d in range(10)),
        "numbers(n)": f"SELECT {value} FROM {digits}",
        "counts(kind, how_many)": "VALUES " + ", ".join(f"({k}, {c})" for k, c in enumerate(counts)),
    }


def repeated_sql(view: View, kinds: int) -> str:
    """The rows of a view, once for every subject of the kind."""
    rest = ", ".join(f"o.{name}" for name in view_columns(view)[1:])
    return (
        f"SELECT o.subject_id + numbers.n * {kinds}, {rest} FROM one_{view.name} AS o "
        "JOIN counts ON counts.kind = o.subject_id JOIN numbers ON numbers.n < counts.how_many"
    )


def on_made_up(policy: Policy) -> Policy:
    """The policy with its views reading tables `made_<view>`."""
    views = tuple(
        replace(v, sql=f"SELECT {', '.join(view_columns(v))} FROM made_{v.name}")
        for v in policy.subject.views
    )
    return replace(policy, subject=replace(policy.subject, views=views))


def view_columns(view: View) -> list[str]:
    dates = {"fixed": [], "dated": ["valid_from", "valid_to", "source"], "monthly": ["month"]}[view.shape]
    return ["subject_id", *dates, *view.by_name]


def view_rows(view: View, subjects: Sequence[Facts], months: Sequence[Month] = ()) -> list[Row]:
    """The rows a view has for made-up subjects; a monthly one for each of `months`."""
    return [(number, *row) for number, facts in enumerate(subjects) for row in _rows(view, facts, months)]


def _rows(view: View, facts: Facts, months: Sequence[Month]) -> Iterator[Row]:
    values = [facts.get(name, (Spell(None),)) for name in view.by_name]
    if view.shape == "fixed":
        yield tuple(spells[0].value for spells in values)
    elif view.shape == "monthly":
        said = [{int(m): s.value for s in spells for m in _months_of(s, months)} for spells in values]
        for month in sorted(set().union(*said)):
            yield (month, *(by_month.get(month) for by_month in said))
    else:
        yield from _pieces(view, values)


def _months_of(spell: Spell, months: Sequence[Month]) -> Sequence[Month]:
    """A number of a month, said from a day on without an end, is said of that day's month alone."""
    if spell.value is None or spell.since == LONG_AGO:
        return () if spell.value is None else months
    last = spell.until - timedelta(days=1) if spell.until else spell.since
    return month_range(Month.of(spell.since), Month.of(last))


def _pieces(view: View, values: Sequence[Sequence[Spell]]) -> Iterator[Row]:
    """The time cut at every day on which one of the facts changes."""
    days = sorted({day for spells in values for s in spells for day in _bounds(s)})
    for since, until in zip(days, [*days[1:], None][: len(days)], strict=True):
        row = tuple(_on(spells, since) for spells in values)
        if any(value is not None for value in row):
            first = next(iter(view.facts))
            alone = len(values) == 1 and first.type is Type.DATE and since == LONG_AGO
            yield (
                row[0] if alone else since,
                until,
                "",
                *row,
            )  # a fact that is itself the day since when it holds


def _bounds(spell: Spell) -> tuple[date, ...]:
    return (spell.since, spell.until) if spell.until else (spell.since,)


def _on(spells: Sequence[Spell], day: date) -> Any:
    return next((s.value for s in spells if s.since <= day and (s.until is None or day < s.until)), None)


def values_sql(view: View, rows: Sequence[Row], dialect: Dialect) -> str:
    """VALUES of the rows; a row of nulls that no subject matches when there are none."""
    types = [column_type(view, name) for name in view_columns(view)]
    rows = rows or [(None,) * len(types)]
    return "VALUES " + ", ".join(
        "(" + ", ".join(constant(v, t, dialect).sql(dialect) for v, t in zip(row, types, strict=True)) + ")"
        for row in rows
    )


def column_type(view: View, name: str) -> Type:
    if name in view.by_name:
        return view.by_name[name].type
    return {"valid_from": Type.DATE, "valid_to": Type.DATE, "source": Type.TEXT}.get(name, Type.INT)
