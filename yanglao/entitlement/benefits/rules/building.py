"""From a validated file to a policy: values in fen, trees of the expressions, the lints that need both."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import cast

from django.utils.translation import gettext as _
from pydantic import ValidationError

from yanglao.kernel.packs.problems import Problem
from yanglao.kernel.packs.reading import Document as Read

from .cases import case_people, expected_months
from .check import Names, ParameterType, checked
from .form import ParameterForm, PolicyForm, ValueForm
from .lang import Refused
from .months import Month
from .policy import (
    Clause,
    Document,
    Moment,
    Parameter,
    ParameterValue,
    Payee,
    Payer,
    Policy,
    Stacking,
    Text,
    moment_day,
)
from .schema import Fact, Schema, Subject, Type
from .start_stop import AGE_ON, rule_clauses
from .tree import Node

UNIT_TYPES: Mapping[str, Type] = {
    "yuan": Type.MONEY,
    "percent": Type.PERCENT,
    "years": Type.INT,
    "count": Type.INT,
    "days": Type.INT,
    "months": Type.INT,
    "date": Type.DATE,
}
SCALES = {"yuan": 100, "percent": 100}
LOOKUP_TYPES: Mapping[str | None, Type | None] = {
    None: None,
    "age": Type.AGE,
    "int": Type.INT,
    "text": Type.TEXT,
}
PAYEES = {"person", "place", "worker"}  # subjects that can receive money themselves
MAX_YUAN = Decimal(10**9)


class Builder:
    """Builds one policy and gathers `problems` on the way."""

    def __init__(self, form: PolicyForm, read: Read, schema: Schema) -> None:
        self.form, self.read, self.schema = form, read, schema
        self.problems: list[Problem] = []

    def problem(self, path: tuple[str, ...], what: str, how: str) -> None:
        self.problems.append(Problem(self.read.path, self.read.line_of(path), what, how))

    def policy(self) -> Policy | None:
        """The policy; None when its subject is unknown. Complete only if `problems` is empty."""
        form = self.form
        subject = self.schema.subjects.get(form.subject)
        if subject is None:
            known = "、".join(sorted(self.schema.subjects))
            self.problem(
                ("subject",),
                _("不认识的对象“%(s)s”") % {"s": form.subject},
                _("可以写：%(k)s") % {"k": known},
            )
            return None
        parameters = {name: self.parameter(name, p) for name, p in form.parameters.items()}
        names = self.names(subject, parameters)
        clauses = self.clauses(names)
        amount = self.tree(("amount",), form.amount, names, Type.MONEY)
        self.check_days(subject)
        self.check_payer(subject)
        self.payee(subject)
        self.check_cases(subject)
        if amount is None or self.problems:
            return None
        self.check_amount(amount)
        self.check_use(clauses, amount)
        return Policy(
            id=form.id,
            kind=form.kind,
            title=Text(form.title.zh, form.title.en),
            document=self.document(),
            division=form.division,
            since=form.effective.since,
            until=form.effective.until,
            subject=subject,
            parameters=parameters,
            clauses=clauses,
            amount=amount,
            amount_text=form.amount,
            payer=Payer(form.payer.fact, form.payer.level),
            payee=self.payee(subject),
            age_on=cast(Moment, AGE_ON[form.start.age]),
            values_on=form.values_on,
            facts_on={"default": "month_end", **form.facts_on},
            stacking=self.stacking(),
            rhythm=form.payment.rhythm,
            notes=tuple(form.notes),
            path=self.read.path,
            text="",
            sha256="",
            cases=tuple(form.cases),
        )

    def document(self) -> Document:
        d = self.form.document
        return Document(d.title, d.number or "", d.issuer or "", d.source, d.url or "", d.confidence)

    def stacking(self) -> Stacking:
        s = self.form.stacking
        return Stacking(s.group, s.rule, tuple(s.excluded_by), tuple(s.reduced_by))

    def names(self, subject: Subject, parameters: Mapping[str, Parameter]) -> Names:
        facts: dict[str, Fact] = {name: fact for name, (_view, fact) in subject.facts.items()}
        kinds = {name: ParameterType(p.type, p.by) for name, p in parameters.items()}
        for name in sorted(kinds.keys() & facts.keys()):
            how = _("给参数换一个名称")
            self.problem(("parameters", name), _("参数“%(n)s”与事实同名") % {"n": name}, how)
        return Names(facts, kinds, self.form.division)

    def clauses(self, names: Names) -> tuple[Clause, ...]:
        written = []
        seen: set[str] = set()
        for index, form in enumerate(self.form.eligibility):
            path = ("eligibility", str(index), "when")
            tree = self.tree(path, form.when, names, Type.BOOL)
            if form.id in seen:
                self.problem(path[:2], _("条件编号“%(i)s”写了两次") % {"i": form.id}, _("换一个编号"))
            seen.add(form.id)
            if tree is not None:
                line = self.read.line_of(path)
                label = Text(form.label.zh, form.label.en)
                written.append(
                    Clause(form.id, label, form.when, tree, since=form.since, until=form.until, line=line)
                )
        return (*written, *self.rules(names))

    def rules(self, names: Names) -> list[Clause]:
        """The clauses that the start and stop rules stand for."""
        found = []
        for rule in rule_clauses(self.form):
            tree = self.tree(rule.path, rule.text, names, Type.BOOL)
            if tree is not None:
                line = self.read.line_of(rule.path)
                found.append(Clause(rule.id, rule.label, rule.text, tree, rule.origin, line=line))
        return found

    def tree(self, path: tuple[str, ...], text: str, names: Names, expect: Type) -> Node | None:
        try:
            return checked(text, names, expect)
        except Refused as refused:
            self.problem(path, refused.what, refused.how)
            return None

    def parameter(self, name: str, form: ParameterForm) -> Parameter:
        values = [self.value(name, index, v, form) for index, v in enumerate(form.values)]
        starts = [v.start for v in values]
        path = ("parameters", name, "values")
        if starts != sorted(set(starts)):
            self.problem(
                path, _("参数“%(n)s”的日期没有按先后排列，或有重复") % {"n": name}, _("按 from 从早到晚排")
            )
        if starts[0] > self.first_needed():
            what = _("参数“%(n)s”从 %(a)s 才有值，政策从 %(b)s 起就要用") % {
                "n": name,
                "a": starts[0],
                "b": self.form.effective.since,
            }
            self.problem(path, what, _("补上更早的值，或把政策的 effective.from 改晚"))
        label = Text(form.label.zh, form.label.en)
        by = LOOKUP_TYPES[form.by]
        return Parameter(
            name, label, form.unit, UNIT_TYPES[form.unit], by, tuple(sorted(values, key=lambda v: v.start))
        )

    def first_needed(self) -> date:
        """The first day on which a value is looked up: of the first month in which the policy is in force."""
        month = Month.of(self.form.effective.since)
        day = moment_day(self.form.values_on, month)
        return day if day >= self.form.effective.since else moment_day(self.form.values_on, month.next)

    def value(self, name: str, index: int, form: ValueForm, parameter: ParameterForm) -> ParameterValue:
        path = ("parameters", name, "values", str(index))
        single: int | date | None = None
        if (form.table is None) == (form.value is None) or (parameter.by is None) != (form.table is None):
            how = _("有 by 的参数写 table，没有 by 的写 value")
            self.problem(path, _("参数“%(n)s”的这一条写得不对") % {"n": name}, how)
        elif isinstance(form.value, date) != (parameter.unit == "date") and form.value is not None:
            self.problem(
                path, _("参数“%(n)s”的值和单位不符") % {"n": name}, _("单位 date 写日期，其余写数字")
            )
        elif form.value is not None:
            single = (
                form.value if isinstance(form.value, date) else self.scaled(form.value, parameter.unit, path)
            )
        table = self.table(form, parameter, path) if form.table is not None else None
        confidence = form.confidence or self.form.document.confidence
        return ParameterValue(form.since, single, table, form.source or form.note, confidence)

    def table(self, form: ValueForm, parameter: ParameterForm, path: tuple[str, ...]) -> dict[int | str, int]:
        assert form.table is not None
        found: dict[int | str, int] = {}
        for key, value in form.table.items():
            here = (*path, "table", key)
            if parameter.by == "text":
                found[key] = self.scaled(value, parameter.unit, here)
            elif key.isascii() and key.isdigit():
                found[int(key)] = self.scaled(value, parameter.unit, here)
            else:
                self.problem(here, _("档次“%(k)s”不是整数") % {"k": key}, _("写起始的数，例如 80: 60"))
        if parameter.by == "text" and "*" not in found:
            self.problem(path, _("表里没有写其余情形"), _('加一行 "*": 0，写明其余的人是多少'))
        return found

    def scaled(self, value: Decimal, unit: str, path: tuple[str, ...]) -> int:
        """Yuan to fen, percent to ten-thousandths; whole numbers only."""
        exact = value * SCALES.get(unit, 1)
        if exact != exact.to_integral_value() or abs(value) > MAX_YUAN:
            how = _("金额最多两位小数（到分），百分数最多两位小数，其余写整数")
            self.problem(path, _("数值“%(v)s”不对") % {"v": value}, how)
        return int(exact)

    def check_days(self, subject: Subject) -> None:
        for name in self.form.facts_on:
            if name != "default" and name not in subject.facts:
                self.problem(
                    ("facts_on", name), _("不认识的事实“%(n)s”") % {"n": name}, _("写事实的名称或 default")
                )
        until = self.form.effective.until
        if until is not None and until < self.form.effective.since:
            self.problem(("effective", "to"), _("终止日期早于起始日期"), _("改正 effective 的日期"))

    def check_payer(self, subject: Subject) -> None:
        _view, fact = subject.facts.get(self.form.payer.fact, (None, None))
        if fact is None or fact.type is not Type.DIVISION:
            what = _("出资方的事实“%(n)s”不是区划") % {"n": self.form.payer.fact}
            self.problem(("payer",), what, _("写一个区划类的事实，例如 hukou"))

    def payee(self, subject: Subject) -> Payee:
        """Who receives it, with the problem when nobody can be found by what is written."""
        form = self.form.payee
        kind, fact = (form.kind, form.fact or "") if form else (subject.name, "")
        _view, found = subject.facts.get(fact, (None, None))
        how = _("写成 payee: {kind: place, fact: place}，fact 是这一对象里指明收款方的事实")
        if fact and (found is None or found.type is not Type.INT):
            self.problem(("payee",), _("收款方的事实“%(n)s”不能指明是谁") % {"n": fact}, how)
        elif not fact and (kind != subject.name or kind not in PAYEES):
            self.problem(
                ("payee",), _("没有写明钱付给谁：对象“%(s)s”自己不能收款") % {"s": subject.name}, how
            )
        return Payee(kind, fact)

    def check_cases(self, subject: Subject) -> None:
        for index, case in enumerate(self.form.cases):
            try:
                case_people(case, subject)
                expected_months(case)
            except Refused as refused:
                self.problem(("cases", str(index)), refused.what, refused.how)
            except ValidationError:
                how = _("写成列表，每项有 value、from，可以有 to")
                self.problem(("cases", str(index), "facts"), _("案例里分时段的事实写得不对"), how)

    def check_amount(self, amount: Node) -> None:
        if amount.nullable:
            self.problem(
                ("amount",), _("金额可能算不出来（用到可能为空的事实）"), _("用 coalesce(名称, 0) 补上")
            )

    def check_use(self, clauses: tuple[Clause, ...], amount: Node) -> None:
        used = {name for node in (*(c.tree for c in clauses), amount) for name in node.parameters}
        for name in self.form.parameters:
            if name not in used:
                how = _("删去，或在条件、金额里用上")
                self.problem(("parameters", name), _("参数“%(n)s”没有用到") % {"n": name}, how)
