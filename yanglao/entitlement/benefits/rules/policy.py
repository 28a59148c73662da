"""A policy as the engine holds it: typed trees, dated parameters, rules of stacking. Made by `book`, never by hand."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from .months import Month
from .schema import Subject, Type
from .tables import Table
from .tree import Node

Confidence = Literal["verified", "seen", "reported", "derived", "inferred", "recalled", "placeholder"]
TENTATIVE: frozenset[str] = frozenset({"inferred", "recalled", "placeholder"})
Moment = Literal[
    "month_start", "month_middle", "month_end", "previous_month_end", "year_start", "previous_year_end"
]
Period = Literal["day", "month", "quarter", "year", "ever"]
Timing = Literal["prepaid", "current", "arrears", "ahead"]
Gives = Literal["money", "hours", "times", "meals", "days"]
Rule = Literal["add", "highest"]
Level = Literal["nation", "province", "city", "county", "street", "village"]


@dataclass(frozen=True)
class Text:
    """A text in Chinese and English."""

    zh: str
    en: str

    def __str__(self) -> str:
        return self.zh

    def in_language(self, language: str) -> str:
        return self.en if language.startswith("en") else self.zh


@dataclass(frozen=True)
class ParameterValue:
    """A value in force from `start` until the next one begins. Money in fen, percent in ten-thousandths.

    `table`: for parameters looked up in a table: by its steps, by text or division ("*": others); with several keys
    a table of tables, in the order of the parameter's `by` (`tables.figures` gives them one by one).
    """

    start: date
    value: int | date | None = None
    table: Table | None = None
    source: str = ""
    confidence: Confidence = "seen"


@dataclass(frozen=True)
class Parameter:
    """`by`: what a table of figures is looked up with, key by key; empty for a single value.

    `standard`: where it comes from, as `file.parameter`, when it is shared by several policies.
    """

    name: str
    label: Text
    unit: str
    type: Type
    by: tuple[Type, ...]
    values: tuple[ParameterValue, ...]
    standard: str = ""

    def at(self, day: date) -> ParameterValue:
        """The value in force on `day`. Raises LookupError before the first one."""
        index = bisect_right([v.start for v in self.values], day)
        if not index:
            raise LookupError(self.name)
        return self.values[index - 1]


@dataclass(frozen=True)
class Clause:
    """One condition. `origin`: written by the clerk, or made of the start and stop rules. Dates: when it applies."""

    id: str
    label: Text
    text: str
    tree: Node
    origin: Literal["written", "start", "stop"] = "written"
    since: date | None = None
    until: date | None = None
    line: int = 0

    def applies(self, day: date) -> bool:
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


@dataclass(frozen=True)
class Stacking:
    """`highest`: of the policies of one `group` the highest is paid (of equals the first by id).

    `excluded_by`: nothing is paid to whom one of these policies pays; `reduced_by`: what these pay is taken off.
    `overrides`: inside this policy's division those do not apply while this one is in force.
    """

    group: str = ""
    rule: Rule = "add"
    excluded_by: tuple[str, ...] = ()
    reduced_by: tuple[str, ...] = ()
    overrides: tuple[str, ...] = ()


WHOSE = frozenset({"subject", "policy"})  # words for whose total it is that are no facts


@dataclass(frozen=True)
class Cap:
    """A running total that must not be passed (封顶、预算): what is paid for one `per` in one `period` stays within
    `limit`; what goes beyond is not paid.

    `per`: "subject" (this very subject), "policy" (everybody together: a budget), or a fact of the subject that
    names whose total it is (person, household, place, …); two of them: their total together (每户每项).
    `period`: day · month · quarter · year · ever. `limit`: in the type of the amount, or with `times` how often
    something is paid at most (次数); may depend on facts. `order`: the fact by which rows come first, then the id.
    """

    per: tuple[str, ...]
    period: Period
    limit: Node
    limit_text: str
    label: Text
    order: str = ""
    line: int = 0
    times: bool = False

    @property
    def alone(self) -> bool:
        """Whether no subject bears on another's."""
        return "subject" in self.per

    @property
    def facts(self) -> tuple[str, ...]:
        """The facts it looks at, besides those in the limit."""
        return tuple(name for name in (*self.per, self.order) if name and name not in WHOSE)


@dataclass(frozen=True)
class Standard:
    """Figures that several policies share (低保标准、最低工资……): dated parameters, and the paper they stand on."""

    id: str
    title: Text
    document: Document
    division: int
    parameters: Mapping[str, Parameter]
    path: str
    text: str
    sha256: str


@dataclass(frozen=True)
class Document:
    """The paper a policy stands on."""

    title: str
    number: str
    issuer: str
    source: str
    url: str
    confidence: Confidence


@dataclass(frozen=True)
class Payer:
    """Whose budget pays: the division of `level` that the division fact lies in."""

    fact: str
    level: Level


@dataclass(frozen=True)
class Share:
    """What the division of a level bears of each amount; without `percent` what the levels before leave."""

    level: Level
    percent: Node | None = None


@dataclass(frozen=True)
class Payee:
    """Who receives it: `kind` person, place, worker or operator; `fact` names which one, "" the subject itself."""

    kind: str = "person"
    fact: str = ""


@dataclass(frozen=True)
class Payment:
    """How often, and when in relation to the period: `prepaid` in its first month, `current` in its last, `arrears`
    in the month after it, `ahead` in the month before it. `first_month`: of the year the periods are counted from.
    """

    rhythm: str = "monthly"
    timing: Timing = "current"
    first_month: int = 1

    def months_paid_in(self, month: Month) -> tuple[Month, ...]:
        """The months of entitlement that the run of `month` pays: a whole period, or none."""
        size = PERIODS[self.rhythm]
        gone = (month.number - self.first_month) % size
        first, last = month.plus(-gone), gone == size - 1
        begins = {
            "prepaid": first if gone == 0 else None,
            "current": first if last else None,
            "arrears": first.plus(-size) if gone == 0 else None,
            "ahead": first.plus(size) if last else None,
        }[self.timing]
        return tuple(begins.plus(n) for n in range(size)) if begins else ()


PERIODS = {"monthly": 1, "once": 1, "quarterly": 3, "half_yearly": 6, "yearly": 12}


@dataclass(frozen=True)
class Verification:
    """Proof of life: within so many months, or in the last of the months named (生存认证月份)."""

    every_months: int = 0
    windows: tuple[int, ...] = ()

    def since(self, month: Month) -> date:
        """Whoever was verified on this day or later is paid in `month`."""
        if self.every_months:
            return month.plus(-self.every_months).first
        return next(m.first for n in range(1, 13) if (m := month.plus(-n)).number in self.windows)


@dataclass(frozen=True)
class Policy:
    """One policy, ready to be compiled. `sha256` is the hash of what it means (not of comments or cases)."""

    id: str
    kind: str
    title: Text
    document: Document
    division: int
    since: date
    until: date | None
    subject: Subject
    parameters: Mapping[str, Parameter]
    clauses: tuple[Clause, ...]
    amount: Node
    amount_text: str
    payer: Payer
    payee: Payee
    age_on: str
    values_on: Mapping[str, str]
    facts_on: Mapping[str, str]
    stacking: Stacking
    payment: Payment
    notes: tuple[str, ...]
    path: str
    text: str
    sha256: str
    gives: Gives = "money"
    caps: tuple[Cap, ...] = ()
    shares: tuple[Share, ...] = ()
    verification: Verification | None = None
    instalments: tuple[int, ...] = ()  # months after the day they are counted from, of each part
    shift: int | None = None  # figures are those of so many months later (earlier: negative)
    cases: tuple[Any, ...] = field(default=(), compare=False, hash=False)

    def day(self, moment: str, month: Month) -> date:
        return moment_day(moment, month)

    def fact_day(self, fact: str) -> str:
        """On which day of the month a dated fact is looked at."""
        return self.facts_on.get(fact, self.facts_on["default"])

    def values_day(self, month: Month) -> date:
        """The day by which the policy itself, its clauses and most figures count in a month."""
        return moment_day(self.values_on["default"], month)

    def parameter_day(self, name: str, month: Month) -> date:
        return moment_day(self.values_on.get(name, self.values_on["default"]), month.plus(self.shift or 0))

    def in_force(self, month: Month) -> bool:
        """Whether anything may be due for `month`; of parts paid later, whether it was when they were earned."""
        if self.shift is not None:
            return self.began(month.plus(self.shift))
        return any(self.began(month.plus(-months)) for months in self.instalments or (0,))

    def began(self, month: Month) -> bool:
        """In force on the day that counts in `month` itself."""
        day = self.values_day(month)
        return self.since <= day and (self.until is None or day <= self.until)

    @property
    def rhythm(self) -> str:
        return self.payment.rhythm

    def months_paid_in(self, month: Month) -> tuple[Month, ...]:
        """The months of entitlement that the run of `month` pays; () when its turn has not come."""
        return self.payment.months_paid_in(month)

    @property
    def version(self) -> str:
        """The short form of the hash, for people."""
        return self.sha256[:12]

    @property
    def tentative(self) -> bool:
        """Figures nobody here has seen in a published text: to be shown as 示例/待核实, never as law."""
        values = (v for p in self.parameters.values() for v in p.values)
        return self.document.confidence in TENTATIVE or any(v.confidence in TENTATIVE for v in values)


def moment_day(moment: str, month: Month) -> date:
    """The day a moment of the language stands for in `month`; `month_end_plus_3`: that of three months later."""
    base, _plus, months = moment.partition("_plus_")
    month = month.plus(int(months or 0))
    return {
        "month_start": month.first,
        "month_end": month.last,
        "month_middle": month.first.replace(day=15),
        "previous_month_start": month.previous.first,
        "previous_month_end": month.previous.last,
        "year_start": date(month.year, 1, 1),
        "year_end": date(month.year, 12, 31),
        "previous_year_end": date(month.year - 1, 12, 31),
        "ever": EVER,
    }[base]


EVER = date(9999, 12, 31)  # as it is known last
