# i18n: data — labels stand here in both languages, as in the policy files
"""Start and stop rules (起发、停发) as data: each stands for a clause of the same language, with its label."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from .form import PolicyForm
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
APPLICATIONS: Mapping[str, tuple[str, Text]] = {
    "same_month": ("month_end", Text("已申请（申请当月起）", "Applied (paid from the month of application)")),
    "month_after": (
        "previous_month_end",
        Text("已申请（申请次月起）", "Applied (paid from the month after the application)"),
    ),
}


@dataclass(frozen=True)
class RuleClause:
    id: str
    label: Text
    text: str
    path: tuple[str, ...]
    origin: Literal["start", "stop"]


def rule_clauses(form: PolicyForm) -> Iterator[RuleClause]:
    if form.start.application is not None:
        day, label = APPLICATIONS[form.start.application.counted]
        fact = form.start.application.fact
        text = f"{fact} is not null and {fact} <= {day}"
        yield RuleClause("applied", label, text, ("start", "application"), "start")
    if form.stop is not None:
        text, label = DEATHS[form.stop.death]
        yield RuleClause("alive", label, text, ("stop", "death"), "stop")
