"""Who can be due in any of several months, asked of the subjects once, before each of them stands for every month.

What must hold in a month must hold in one of the months; so each condition is weakened to the loosest of what it is in
them (the latest day of birth, the first day of death). A condition on one fact that singles few out becomes one on all
spells of the fact that reach into the months. The rows that are due stay the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from sqlglot import exp

from .emit import Constants, Emitter, constant
from .facts_sql import view_name
from .gathering import selection
from .months import Month
from .narrowing import Condition, conditions, singles_out
from .policy import Policy, moment_day
from .schema import Type, View

if TYPE_CHECKING:
    from .compile import Chain

AT_LEAST, AT_MOST = (exp.GT, exp.GTE), (exp.LT, exp.LTE)
LONG = 12  # alternatives that cost more to plan than they spare
CONNECTED = (exp.Paren, exp.And, exp.Or, exp.Not)


def possible(chain: Chain) -> list[exp.Expr]:
    """Conditions on the columns of the subjects' own rows; none when some policy is possible for everybody."""
    standing = [policy for policy in chain.policies if _months(chain, policy)]
    if not standing:
        return [exp.false()]
    asked = [{sql.sql("duckdb"): sql for sql in _asked(chain, policy)} for policy in standing]
    common = set.intersection(*map(set, asked))
    found = [sql for text, sql in asked[0].items() if text in common]
    others = {tuple(each): [s for t, s in each.items() if t not in common] for each in asked}
    if all(others.values()):
        found.append(exp.or_(*(exp.and_(*each) for each in others.values())))
    return found


def _months(chain: Chain, policy: Policy) -> list[Month]:
    """The months for which anything may be due by a policy."""
    return [month for month in chain.constants.months if policy.in_force(month)]


def _asked(chain: Chain, policy: Policy) -> Iterator[exp.Expr]:
    months = _months(chain, policy)
    for condition in conditions(policy, chain.columns):
        if not condition.looks:
            sql = loosest([_in_month(chain, policy, condition, m) for m in months])
            if len(list(sql.find_all(exp.Or))) < LONG:
                yield sql
        elif view := _one_view(chain, condition):
            spells = _ever(chain, policy, condition, view, months)
            yield exp.In(this=exp.column("subject_id"), query=exp.Subquery(this=spells))


def _in_month(chain: Chain, policy: Policy, condition: Condition, month: Month) -> exp.Expr:
    """The condition with the constants of one month, on columns called as the facts are."""
    emitter = Emitter(chain.dialect, Constants((month,)), policy, lambda fact: fact)
    return chain.condition(emitter, condition.clause, condition.weakened)


def loosest(variants: Sequence[exp.Expr]) -> exp.Expr:
    """What holds where one of these conditions does. Of days that a date is compared with the outermost is enough."""
    distinct = {variant.sql("duckdb"): variant for variant in variants}
    days = [_day(variant) for variant in distinct.values()]
    known = [day for day in days if day is not None]
    if len(known) < len(days) or len({(masked, latest) for masked, latest, _day in known}) > 1:
        return exp.or_(*distinct.values())
    chosen = (max if known[0][1] else min)(day for _masked, _latest, day in known)
    return list(distinct.values())[[day for _masked, _latest, day in known].index(chosen)]


def _day(condition: exp.Expr) -> tuple[str, bool, str] | None:
    """The condition without its one day, whether a later day makes it looser, and the day."""
    casts = [cast for cast in condition.find_all(exp.Cast) if cast.this.is_string and cast.is_type("date")]
    if len(casts) != 1 or len(list(condition.find_all(exp.Literal))) != 1:
        return None
    day = casts[0]
    compared, *above = _ancestors(day)
    if compared.args.get("expression") is not day or not isinstance(compared, (*AT_LEAST, *AT_MOST)):
        return None
    if not all(isinstance(each, CONNECTED) for each in above):
        return None
    turned = sum(isinstance(each, exp.Not) for each in above) % 2 == 1
    text = day.this.this
    return condition.sql("duckdb").replace(f"'{text}'", "?"), isinstance(compared, AT_MOST) ^ turned, text


def _ancestors(part: exp.Expr) -> Iterator[exp.Expr]:
    while part.parent is not None:
        part = part.parent
        yield part


def _one_view(chain: Chain, condition: Condition) -> View | None:
    """Where the one fact is found that it compares with figures, if nobody without the fact can satisfy it."""
    tree, clause = condition.tree, condition.clause
    if len(condition.looks) != 1 or not singles_out(condition) or clause.since or clause.until:
        return None
    compared = tree.args[0].args if tree.op == "not" else tree.args
    if compared[0].op != "fact" or not all(arg.fixed for arg in compared[1:]):
        return None
    ((name, _moment),) = condition.looks
    view = next(view for view in chain.subject.views if view.name == name)
    return view if selection(view) else None  # it is gone through twice


def _ever(
    chain: Chain, policy: Policy, condition: Condition, view: View, months: Sequence[Month]
) -> exp.Select:
    """Those of whom the fact was such on one of the days."""
    ((_name, moment),) = condition.looks
    days = [moment_day(moment, month) for month in months]
    first, last = (constant(day, Type.DATE, chain.dialect) for day in (min(days), max(days)))
    ended = exp.column("valid_to")
    still = exp.or_(exp.Is(this=ended, expression=exp.Null()), exp.GT(this=ended.copy(), expression=first))
    begun = exp.LTE(this=exp.column("valid_from"), expression=last)
    such = loosest([_in_month(chain, policy, condition, month) for month in months])
    return exp.select("subject_id").from_(view_name(view)).where(such, begun, still)
