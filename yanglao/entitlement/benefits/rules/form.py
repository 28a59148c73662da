"""The shape of a policy file, as pydantic models. See docs/write-a-policy.md for the clerk's view of it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from yanglao.kernel.packs.schema import Strict

from .months import Month
from .policy import Confidence, Gives, Level, Moment, Period, Timing

Unit = Literal["yuan", "quantity", "percent", "years", "count", "days", "months", "date"]
TableKey = Literal["age", "int", "yuan", "date", "text", "bool", "division"]
Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,40}$")]
Reference = Annotated[
    str, Field(pattern=r"^[a-z0-9-]+\.[a-z][a-z0-9_]*$")
]  # a standard's figure: file.parameter
PolicyId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=80)]


class TextForm(Strict):
    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)


class DocumentForm(Strict):
    """The paper: 文件名称、文号、发文机关、出处."""

    title: str
    number: str | None = None
    issuer: str | None = None
    source: str = Field(min_length=1)
    url: str | None = None
    confidence: Confidence


class EffectiveForm(Strict):
    since: dt.date = Field(alias="from")
    until: dt.date | None = Field(default=None, alias="to")


def _text_keys(value: Any) -> Any:
    """YAML reads `80: 60` with a number as key; here keys are text until the builder knows what they mean."""
    if not isinstance(value, dict):
        return value
    return {str(k).lower() if isinstance(k, bool) else str(k): _text_keys(v) for k, v in value.items()}


def _one_or_more(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _default_day(value: Any) -> Any:
    return {"default": value} if isinstance(value, str) else value


class ValueForm(Strict):
    since: dt.date = Field(alias="from")
    value: Decimal | dt.date | None = None
    table: Annotated[dict[str, Any], BeforeValidator(_text_keys)] | None = None
    source: str = ""
    confidence: Confidence | None = None
    note: str = ""


class ParameterForm(Strict):
    label: TextForm
    unit: Unit
    by: Annotated[list[TableKey], BeforeValidator(_one_or_more), Field(max_length=3)] = []
    values: list[ValueForm] = Field(min_length=1)


class ClauseForm(Strict):
    id: Identifier
    label: TextForm
    when: str
    since: dt.date | None = Field(default=None, alias="from")
    until: dt.date | None = Field(default=None, alias="to")


class LateForm(Strict):
    """Up to so many months before the application are paid as well."""

    months: int = Field(ge=1, le=240)


class ApplicationForm(Strict):
    """On application only: `fact` is the day applied, `counted` when the first month is, `late` what a late one gets."""

    fact: Identifier
    counted: Literal["same_month", "month_after", "half_month"]
    late: Literal["none", "this_year", "full"] | LateForm = "none"


class VerificationForm(Strict):
    """Regular proof of life (生存认证): who is not verified in time is suspended, and paid later if `back_pay`."""

    fact: Identifier
    every_months: int | None = Field(default=None, ge=1, le=60)
    windows: list[Annotated[int, Field(ge=1, le=12)]] = []
    back_pay: bool
    never: Literal["suspended", "paid"] = "suspended"


class InstalmentForm(Strict):
    after_months: int = Field(ge=0, le=360)
    percent: Decimal = Field(gt=0, le=100)


class InstalmentsForm(Strict):
    """A sum paid in parts, counted in months from the day the fact `from` names; the last part takes the rest."""

    since: Identifier = Field(alias="from")
    plan: list[InstalmentForm] = Field(min_length=1, max_length=12)


class StartForm(Strict):
    """From which month: of the birthday, the month after, or by the first or the 15th of the month."""

    age: Literal["birthday_month", "month_after", "first_day", "half_month"] = "birthday_month"
    application: ApplicationForm | None = None


class StopForm(Strict):
    death: Literal["death_month_paid", "death_month_not_paid", "month_after_death_paid"]


class StackingForm(Strict):
    group: str = ""
    rule: Literal["add", "highest"] = "add"
    excluded_by: list[PolicyId] = []
    reduced_by: list[PolicyId] = []
    overrides: list[PolicyId] = []


class PayerForm(Strict):
    fact: Identifier = "hukou"
    level: Level = "county"


class ShareForm(Strict):
    """What a level bears of the cost: a percentage, an expression, or (the last) what the others leave."""

    level: Level
    percent: Decimal | str | None = None


class PayeeForm(Strict):
    """Who receives it; left out, the subject itself (a person, place or worker)."""

    kind: Literal["person", "place", "worker", "operator"]
    fact: Identifier | None = None


class OnceForm(Strict):
    """The one month of a one-off payment: that of a day, or so many years and months after it."""

    fact: Identifier
    after_years: int = Field(default=0, ge=0, le=120)
    after_months: int = Field(default=0, ge=0, le=360)


class PaymentForm(Strict):
    """How often it is paid, when in relation to the period, and in which month the (half) year begins."""

    rhythm: Literal["monthly", "quarterly", "half_yearly", "yearly", "once"] = "monthly"
    timing: Timing = "current"
    first_month: int = Field(default=1, ge=1, le=12)
    once: OnceForm | None = None
    channel: str = ""


class RoundingForm(Strict):
    """How the amount is rounded in the end: to whole yuan, jiao (角) or fen."""

    to: Literal["yuan", "jiao", "fen"] = "fen"
    how: Literal["half_up", "up", "down"] = "half_up"


def _written(value: Any) -> Any:
    """A bare number is an expression too."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


class CapForm(Strict):
    """A running total that is not passed: per subject, per fact that names whose total it is, or of the policy.

    `and`: a second fact, whose total is kept for each value apart (每户每项). Either `amount` or `times` says how much.
    """

    label: TextForm
    per: Identifier
    also: Identifier | None = Field(default=None, alias="and")
    period: Period
    amount: str | None = None
    times: Annotated[str, BeforeValidator(_written)] | None = None
    order: Identifier | None = None


def _months(value: Any) -> Any:
    """`2024-05` or `2024-05..2024-08` as a pair of months."""
    if not isinstance(value, str):
        return value
    first, _, last = value.partition("..")
    try:
        return Month.of(first.strip()), Month.of((last or first).strip())
    except ValueError:
        return value


MonthsForm = Annotated[tuple[Month, Month], BeforeValidator(_months)]


class SpellForm(Strict):
    """A fact that held from a day until the day before another."""

    value: Any
    since: dt.date = Field(alias="from")
    until: dt.date | None = Field(default=None, alias="to")


class ExpectForm(Strict):
    """Yuan: the sum over all months, one figure per month in order, or by month named."""

    total: Decimal | None = None
    monthly: list[Decimal] | None = None
    months: dict[str, Decimal] | None = None


class GroupForm(Strict):
    """So many subjects of whom the same is true, as reports count them: 80至89岁 14,363 人."""

    count: int = Field(ge=0, le=10_000_000)
    facts: dict[str, Any]


class CaseForm(Strict):
    """A worked example: facts of one subject, or of many counted by group, months, and what must come out."""

    name: str = Field(min_length=1)
    origin: Literal["published", "reported", "derived", "design"]
    facts: dict[str, Any] = {}
    population: list[GroupForm] = []
    months: MonthsForm
    expect: ExpectForm
    note: str = ""


class PolicyForm(Strict):
    id: PolicyId
    kind: Identifier
    title: TextForm
    document: DocumentForm
    division: int = Field(ge=110000000000, le=999999999999)
    effective: EffectiveForm
    subject: Identifier = "person"
    uses: dict[Identifier, Reference] = {}
    parameters: dict[Identifier, ParameterForm] = {}
    start: StartForm = StartForm()
    stop: StopForm | None = None
    verification: VerificationForm | None = None
    values_on: Annotated[dict[Identifier, Moment], BeforeValidator(_default_day)] = {}
    facts_on: dict[Identifier, Moment] = {}
    eligibility: list[ClauseForm] = Field(min_length=1)
    amount: str
    gives: Gives = "money"
    rounding: RoundingForm | None = None
    instalments: InstalmentsForm | None = None
    caps: list[CapForm] = []
    payer: PayerForm = PayerForm()
    payee: PayeeForm | None = None
    shares: list[ShareForm] = []
    floors: dict[Identifier, Reference] = {}
    stacking: StackingForm = StackingForm()
    payment: PaymentForm = PaymentForm()
    notes: list[str] = []
    cases: list[CaseForm] = Field(min_length=1)


class StandardForm(Strict):
    """Figures that several policies share: 低保标准、最低工资、护理补贴标准……"""

    id: PolicyId
    kind: Literal["standard"]
    title: TextForm
    document: DocumentForm
    division: int = Field(ge=110000000000, le=999999999999)
    parameters: dict[Identifier, ParameterForm] = Field(min_length=1)
    notes: list[str] = []
