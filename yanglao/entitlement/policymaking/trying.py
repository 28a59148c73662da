"""A draft tried on an invented subject: facts typed into a form that the fact schema makes, month by month."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from yanglao.entitlement.benefits.offered.queries import Told, told
from yanglao.entitlement.benefits.rules.cases import LONG_AGO, Spell
from yanglao.entitlement.benefits.rules.months import Month, month_range
from yanglao.entitlement.benefits.rules.policy import Policy
from yanglao.entitlement.benefits.rules.schema import AMOUNTS, Fact, Type
from yanglao.entitlement.policymaking import made_up
from yanglao.entitlement.policymaking.prospects import named_values, value_word
from yanglao.registers.people.kinds import kinds
from yanglao.shell.fields import DivisionField
from yanglao.shell.filters import DayInput

MOST_MONTHS = 36


def facts_in(policies: Sequence[Policy]) -> list[str]:
    """The facts that policies look at, in the order of the schema."""
    used = {p.payer.fact for p in policies} | {
        name for p in policies for tree in (*(c.tree for c in p.clauses), p.amount) for name in tree.facts
    }
    return [name for name in policies[0].subject.facts if name in used]


class FactsForm(forms.Form):
    """The facts of an invented subject: each with a value and, where it may change, another from a day on."""

    first = forms.CharField(label=gettext_lazy("从哪个月"), widget=forms.TextInput(attrs={"type": "month"}))
    last = forms.CharField(label=gettext_lazy("到哪个月"), widget=forms.TextInput(attrs={"type": "month"}))

    def __init__(self, *args: Any, policies: Sequence[Policy], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.policies, self.subject = policies, policies[0].subject
        today = timezone.localdate()
        self.fields["first"].initial = f"{today.year}-01"
        self.fields["last"].initial = f"{today.year}-12"
        for name in facts_in(policies):
            view, fact = self.subject.facts[name]
            self.fields[f"fact_{name}"] = _field(fact, policies, required=not fact.nullable)
            if view.shape == "dated" and fact.type is not Type.DATE:
                self.fields[f"then_{name}"] = _field(fact, policies, later=True)
                self.fields[f"when_{name}"] = forms.DateField(
                    label=_("从哪天起"), required=False, widget=DayInput()
                )

    def rows(self) -> list[tuple[Any, Any, Any]]:
        """Per fact: its field, the one for its later value, the one for the day of the change."""
        names = [n.removeprefix("fact_") for n in self.fields if n.startswith("fact_")]
        return [
            (
                self[f"fact_{n}"],
                self[f"then_{n}"] if f"then_{n}" in self.fields else None,
                self[f"when_{n}"] if f"when_{n}" in self.fields else None,
            )
            for n in names
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        try:
            months = month_range(Month.of(data.get("first", "")), Month.of(data.get("last", "")))
        except ValueError:
            raise ValidationError(_("月份写成 2026-01 的样子。")) from None
        if not 0 < len(months) <= MOST_MONTHS:
            raise ValidationError(_("一次最多看 %(n)s 个月，且后一个月不早于前一个月。") % {"n": MOST_MONTHS})
        data["months"] = months
        return data

    def facts(self) -> Any:
        values: dict[str, Any] = {}
        for name in facts_in(self.policies):
            fact = self.subject.facts[name][1]
            value = _typed(self.cleaned_data.get(f"fact_{name}"), fact)
            later = _typed(self.cleaned_data.get(f"then_{name}"), fact)
            day: date | None = self.cleaned_data.get(f"when_{name}")
            if later is None or day is None:
                values[name] = value
            else:
                before = () if value is None else (Spell(value, LONG_AGO, day),)
                values[name] = (*before, Spell(later, day))
        return made_up.facts_of(values, self.subject)


def _label(fact: Fact) -> str:
    return fact.label_en if (get_language() or "").startswith("en") and fact.label_en else fact.label


def _field(
    fact: Fact, policies: Sequence[Policy], *, required: bool = False, later: bool = False
) -> forms.Field:
    """`later`: what the fact becomes from a day on; nothing chosen means that it stays."""
    label = _("后来改为") if later else _label(fact)
    if fact.name == "sex":
        choices = [("2", _("女")), ("1", _("男"))]
        return forms.ChoiceField(label=_("性别"), choices=choices, required=required)
    if fact.type is Type.DATE:
        return forms.DateField(label=label, required=required, widget=DayInput())
    if fact.type is Type.DIVISION:
        here = None if later else policies[0].division
        return DivisionField(label=label, required=required, initial=here)
    if fact.type is Type.BOOL:
        truths = [("", _("不变") if later else "—"), ("1", _("是")), ("0", _("否"))]
        return forms.ChoiceField(label=label, choices=truths, required=required)
    if fact.type in AMOUNTS:
        return forms.DecimalField(label=label, required=required, decimal_places=2)
    if fact.type is Type.INT:
        return forms.IntegerField(label=label, required=required)
    known = kinds().get(fact.name)
    if known is None or not known.values:
        return forms.CharField(label=label, required=required, max_length=60)
    first = named_values(fact.name, policies)
    order = [*first, *(v for v in known.values if v not in first)]
    values = [
        ("", _("不变") if later else _("没有登记")),
        *((v, value_word(fact.name, v, fact.type)) for v in order),
    ]
    return forms.ChoiceField(label=label, choices=values, required=required)


def _typed(value: Any, fact: Fact) -> Any:
    if value in (None, ""):
        return None
    if fact.type in AMOUNTS:
        try:
            return int(Decimal(str(value)) * 100)
        except InvalidOperation:
            return None
    if fact.type is Type.BOOL:
        return value == "1"
    return int(value) if fact.type is Type.INT else value


@dataclass(frozen=True)
class MonthTold:
    """One month of a trial: what the draft gives, what all policies give together, and why."""

    month: str
    fen: int
    told: Told
    others: tuple[tuple[str, int], ...]
    same: bool  # as the month before


def tried(policy: Policy, policies: Sequence[Policy], months: Sequence[Month], facts: Any) -> list[MonthTold]:
    """Month by month what the draft's policy gives, with the others of its city beside it."""
    found = made_up.explained(policies, months, facts)
    by_month: dict[Month, list[Any]] = {}
    for e in found:
        by_month.setdefault(e.month, []).append(e)
    rows: list[MonthTold] = []
    last: Mapping[str, Any] = {}
    for month in months:
        here = {e.policy.id: e for e in by_month.get(month, [])}
        if policy.id not in here:
            continue
        mine = here[policy.id]
        clauses = {"fen": mine.amount_fen, **{c.clause.id: c.holds for c in mine.clauses}}
        others = tuple(
            (e.policy.title.in_language(get_language() or "zh"), e.amount_fen)
            for e in here.values()
            if e.policy.id != policy.id and e.amount_fen
        )
        rows.append(MonthTold(str(month), mine.amount_fen, told(mine), others, clauses == last))
        last = clauses
    return rows
