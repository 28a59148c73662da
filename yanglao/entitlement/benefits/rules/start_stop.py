# i18n: data — labels stand here in both languages, as in the policy files
"""Start and stop rules (起发、停发) as data: each stands for a clause of the same language, with its label."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from .form import ApplicationForm, LateForm, PolicyForm, VerificationForm
from .policy import Text

AGE_ON: Mapping[str, str] = {
    "birthday_month": "month_end",  # 达到年龄的当月起
    "month_after": "previous_month_end",  # 达到年龄的次月起
    "first_day": "month_start",  # 每月1日已达到年龄
    "half_month": "month_middle",  # 15日前达到的当月起，15日后的次月起
}
DEATHS: Mapping[str, tuple[str, Text]] = {
    "death_month_paid": (
        "death_date is null or death_date >= month_start",
        Text("健在（去世当月照发，次月停发）", "Alive (the month of death is paid, the next is not)"),
    ),
    "death_month_not_paid": (
        "death_date is null or death_date > month_end",
        Text("健在（去世当月停发）", "Alive (the month of death is not paid)"),
    ),
    "month_after_death_paid": (
        "death_date is null or death_date >= previous_month_start",
        Text("健在（发至去世次月）", "Alive (paid through the month after death)"),
    ),
}
COUNTED: Mapping[str, tuple[str, Text]] = {
    "same_month": ("month_end", Text("已申请（申请当月起）", "Applied (paid from the month of application)")),
    "month_after": (
        "previous_month_end",
        Text("已申请（申请次月起）", "Applied (paid from the month after the application)"),
    ),
    "half_month": (
        "month_middle",
        Text(
            "已申请（15日前申请的当月起，以后的次月起）",
            "Applied (by the 15th: from that month, later: from the next)",
        ),
    ),
}
NEXT_DAY = {"month_end": "add_days(month_end, 1)", "previous_month_end": "month_start"}
LATE: Mapping[str, Text] = {
    "this_year": Text("已申请（补发当年）", "Applied (the year of the application is paid back)"),
    "full": Text(
        "已申请（从符合条件起全部补发）", "Applied (paid back to when the conditions were first met)"
    ),
}


@dataclass(frozen=True)
class RuleClause:
    """`moment`: on which day the rule looks at its fact; "" leaves it to the policy."""

    id: str
    label: Text
    text: str
    path: tuple[str, ...]
    origin: Literal["start", "stop"]
    fact: str = ""
    moment: str = ""


def rule_clauses(form: PolicyForm) -> Iterator[RuleClause]:
    if form.start.application is not None:
        yield _applied(form.start.application)
    if form.instalments is not None:
        after = [part.after_months for part in form.instalments.plan]
        label = Text("本月是发放月（分期）", "An instalment falls due this month")
        yield _due(form.instalments.since, after, label, ("instalments", "from"))
    if form.payment.once is not None:
        once = form.payment.once
        label = Text("本月是发放月（一次性）", "The one-off payment falls due this month")
        after = [once.after_years * 12 + once.after_months]
        yield _due(once.fact, after, label, ("payment", "once"))
    if form.verification is not None:
        yield _verified(form.verification)
    if form.stop is not None:
        text, label = DEATHS[form.stop.death]
        yield RuleClause("alive", label, text, ("stop", "death"), "stop")


def _applied(form: ApplicationForm) -> RuleClause:
    """Which months an application pays for: looked at on the last day on which it could still be made for them."""
    day, label = COUNTED[form.counted]
    text, moment = f"{form.fact} is not null and {form.fact} <= {day}", ""
    if isinstance(form.late, LateForm):
        months = form.late.months
        after = NEXT_DAY.get(day, f"add_days({day}, 1)")
        text = f"{form.fact} is not null and {form.fact} < add_months({after}, {months})"
        moment = f"{day}_plus_{months}"
        label = Text(f"已申请（最多补发{months}个月）", f"Applied (up to {months} months are paid back)")
    elif form.late == "this_year":
        text, moment = f"{form.fact} is not null and {form.fact} <= year_end", "year_end"
    elif form.late == "full":
        text, moment = f"{form.fact} is not null", "ever"
    label = LATE.get(str(form.late), label)
    return RuleClause("applied", label, text, ("start", "application"), "start", form.fact, moment)


def _due(fact: str, after: Sequence[int], label: Text, path: tuple[str, ...]) -> RuleClause:
    text = " or ".join(f"({due_text(fact, months)})" for months in after)
    return RuleClause("falls_due", label, text, path, "start")


def due_text(fact: str, months: int) -> str:
    """The month that is computed is so many months after that of the day."""
    return (
        f"{fact} >= add_months(month_start, -{months}) "
        f"and {fact} < add_months(add_days(month_end, 1), -{months})"
    )


def _verified(form: VerificationForm) -> RuleClause:
    fact = form.fact
    text = f"{fact} is not null and {fact} >= verified_since"
    if form.never == "paid":
        text = f"{fact} is null or {fact} >= verified_since"
    label = Text(
        "已按期认证" + ("（补认证后补发）" if form.back_pay else "（未认证的月份不补发）"),
        "Verified in time" + (" (paid back once verified)" if form.back_pay else " (not paid back)"),
    )
    moment = "ever" if form.back_pay else ""
    return RuleClause("verified", label, text, ("verification",), "stop", fact, moment)
