"""From a validated file to a policy: values in fen, trees of the expressions, the lints that need both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from django.utils.translation import gettext as _
from pydantic import ValidationError

from yanglao.kernel.packs.problems import Problem
from yanglao.kernel.packs.reading import Document as Read

from .cases import case_people, expected_months
from .check import Names, ParameterType, checked
from .figures import Figures, document_of
from .form import PolicyForm
from .functions import rounded
from .instalments import parts_of
from .lang import Refused
from .months import Month
from .policy import (
    Cap,
    Clause,
    Document,
    Parameter,
    Payee,
    Payer,
    Payment,
    Policy,
    Stacking,
    Standard,
    Text,
    Verification,
    moment_day,
)
from .schema import Fact, Schema, Subject, Type
from .start_stop import AGE_ON, due_text, rule_clauses
from .tree import Node

PAYEES = {"person", "place", "worker"}  # subjects that can receive money themselves


class Builder:
    """Builds one policy and gathers `problems` on the way."""

    def __init__(
        self, form: PolicyForm, read: Read, schema: Schema, standards: Mapping[str, Standard] | None = None
    ) -> None:
        self.form, self.read, self.schema = form, read, schema
        self.standards = standards or {}
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
        parameters = self.parameters()
        names = self.names(subject, parameters)
        clauses = self.clauses(names)
        unit = Type.MONEY if form.gives == "money" else Type.QUANTITY
        amount = self.tree(("amount",), form.amount, names, unit)
        caps = self.caps(subject, names, unit)
        self.check_days(subject, parameters)
        self.check_payer(subject)
        self.payee(subject)
        self.check_cases(subject)
        self.check_rhythm()
        if amount is None or self.problems:
            return None
        self.check_amount(amount)
        self.check_use(clauses, amount, *(c.limit for c in caps))
        self.check_divisors(parameters, (*(c.tree for c in clauses), amount))
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
            amount=self.in_parts(self.rounded(amount), names),
            amount_text=form.amount,
            payer=Payer(form.payer.fact, form.payer.level),
            payee=self.payee(subject),
            age_on=AGE_ON[form.start.age],
            values_on=self.values_on(),
            facts_on=self.facts_on(),
            stacking=self.stacking(),
            payment=Payment(form.payment.rhythm, form.payment.timing, form.payment.first_month),
            notes=tuple(form.notes),
            path=self.read.path,
            text="",
            sha256="",
            gives=form.gives,
            caps=caps,
            verification=self.verification(),
            instalments=tuple(p.after_months for p in form.instalments.plan) if form.instalments else (),
            cases=tuple(form.cases),
        )

    def rounded(self, amount: Node) -> Node:
        rule = self.form.rounding
        if rule is None:
            return amount
        op = {"half_up": "half_up", "up": "round_up", "down": "round_down"}[rule.how]
        return rounded(amount, op, {"yuan": 100, "jiao": 10, "fen": 1}[rule.to])

    def in_parts(self, amount: Node, names: Names) -> Node:
        """The part of the amount that falls due in a month, with the figures of the month it is counted from."""
        form = self.form.instalments
        if form is None:
            return amount
        months = [part.after_months for part in form.plan]
        due = [self.tree(("instalments",), due_text(form.since, m), names, Type.BOOL) for m in months]
        shares = [int(part.percent * 100) for part in form.plan]
        return parts_of(amount, [node for node in due if node], months, shares)

    def facts_on(self) -> dict[str, str]:
        """On which day each dated fact is looked at: as the file says, where a rule does not need another day."""
        rules = {rule.fact: rule.moment for rule in rule_clauses(self.form) if rule.moment}
        return {"default": "month_end", **self.form.facts_on, **rules}

    def verification(self) -> Verification | None:
        form = self.form.verification
        return Verification(form.every_months or 0, tuple(form.windows)) if form else None

    def check_rhythm(self) -> None:
        form = self.form
        if form.instalments is not None:
            months = [part.after_months for part in form.instalments.plan]
            whole = sum(part.percent for part in form.instalments.plan)
            exact = all(part.percent * 100 % 1 == 0 for part in form.instalments.plan)
            if whole != 100 or not exact or months != sorted(set(months)):
                how = _("百分数合计 100，最多两位小数；after_months 从小到大")
                self.problem(("instalments", "plan"), _("分期的比例或月份写得不对"), how)
        if (form.payment.rhythm == "once") != (form.payment.once is not None):
            how = _("写成 payment: {rhythm: once, once: {fact: opened_on}}")
            self.problem(("payment",), _("一次性发放要写明在哪个月"), how)
        if form.verification and bool(form.verification.every_months) == bool(form.verification.windows):
            how = _("写 every_months: 12，或 windows: [5, 11]")
            self.problem(("verification",), _("生存认证要写每几个月一次，或在哪几个月认证，只写一样"), how)

    def caps(self, subject: Subject, names: Names, unit: Type) -> tuple[Cap, ...]:
        found = []
        for index, form in enumerate(self.form.caps):
            path = ("caps", str(index))
            limit = self.tree((*path, "amount"), form.amount, names, unit)
            for word in filter(None, (form.per, form.order)):
                if word not in subject.facts and word not in {"subject", "policy"}:
                    how = _("写 subject、policy，或这些事实之一：%(k)s") % {
                        "k": "、".join(sorted(subject.facts))
                    }
                    self.problem(path, _("封顶按“%(n)s”算，没有这个事实") % {"n": word}, how)
            if limit is not None:
                label = Text(form.label.zh, form.label.en)
                line = self.read.line_of(path)
                found.append(Cap(form.per, form.period, limit, form.amount, label, form.order or "", line))
        return tuple(found)

    def document(self) -> Document:
        return document_of(self.form.document)

    def stacking(self) -> Stacking:
        s = self.form.stacking
        return Stacking(s.group, s.rule, tuple(s.excluded_by), tuple(s.reduced_by))

    def names(self, subject: Subject, parameters: Mapping[str, Parameter]) -> Names:
        facts: dict[str, Fact] = {name: fact for name, (_view, fact) in subject.facts.items()}
        kinds = {name: ParameterType(p.type, p.by) for name, p in parameters.items()}
        for name in sorted(kinds.keys() & facts.keys()):
            how = _("给参数换一个名称")
            self.problem(("parameters", name), _("参数“%(n)s”与事实同名") % {"n": name}, how)
        moments = ("verified_since",) if self.form.verification else ()
        return Names(facts, kinds, self.form.division, moments)

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

    def first_needed(self, name: str) -> date:
        """The first day on which a value is looked up: of the first month in which the policy is in force."""
        days = self.values_on()
        month = Month.of(self.form.effective.since)
        first = month if moment_day(days["default"], month) >= self.form.effective.since else month.next
        return moment_day(days.get(name, days["default"]), first)

    def values_on(self) -> dict[str, str]:
        return {"default": "month_end", **self.form.values_on}

    def parameters(self) -> dict[str, Parameter]:
        """The policy's own figures, and those it takes from shared standards."""
        since, reader = (
            self.form.effective.since,
            Figures(self.read, self.problem, self.form.document.confidence),
        )
        own = {
            name: reader.parameter(name, p, needed=(self.first_needed(name), since))
            for name, p in self.form.parameters.items()
        }
        return own | {name: p for name, ref in self.form.uses.items() if (p := self.used(name, ref))}

    def used(self, name: str, reference: str) -> Parameter | None:
        """A shared standard's parameter under the name this policy gives it."""
        file, _dot, wanted = reference.partition(".")
        standard = self.standards.get(file)
        path = ("uses", name)
        if standard is None or wanted not in standard.parameters:
            known = "、".join(f"{s.id}.{p}" for s in self.standards.values() for p in s.parameters)
            how = _("可以写：%(k)s") % {"k": known} if known else _("先写一个 kind: standard 的标准文件")
            self.problem(path, _("没有这个标准“%(r)s”") % {"r": reference}, how)
            return None
        if name in self.form.parameters:
            self.problem(path, _("“%(n)s”在 parameters 里已经有了") % {"n": name}, _("换一个名称"))
        found = standard.parameters[wanted]
        if found.values[0].start > self.first_needed(name):
            what = _("标准“%(n)s”从 %(a)s 才有值，政策从 %(b)s 起就要用") % {
                "n": reference,
                "a": found.values[0].start,
                "b": self.form.effective.since,
            }
            self.problem(path, what, _("在标准文件里补上更早的值，或把政策的 effective.from 改晚"))
        return replace(found, name=name, standard=reference)

    def check_days(self, subject: Subject, parameters: Mapping[str, Parameter]) -> None:
        for name in self.form.values_on:
            if name != "default" and name not in parameters:
                how = _("写参数的名称或 default")
                self.problem(("values_on", name), _("没有参数“%(n)s”") % {"n": name}, how)
        for name in self.form.facts_on:
            if name != "default" and name not in subject.facts:
                self.problem(
                    ("facts_on", name), _("不认识的事实“%(n)s”") % {"n": name}, _("写事实的名称或 default")
                )
        until = self.form.effective.until
        if until is not None and until < self.form.effective.since:
            self.problem(("effective", "to"), _("终止日期早于起始日期"), _("改正 effective 的日期"))

    def check_divisors(self, parameters: Mapping[str, Parameter], trees: Iterable[Node]) -> None:
        """Nothing is divided by a figure that is, or was once, zero."""
        divided = (n for t in trees for n in t.walk() if n.op in {"half_up", "round_down", "round_up"})
        names = {name for n in divided for name in n.args[1].parameters}
        for name in sorted(n for n in names if any(v.value == 0 for v in parameters[n].values)):
            path = ("parameters", name)
            self.problem(path, _("参数“%(n)s”作除数，不能是 0") % {"n": name}, _("改正这个数"))

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

    def check_use(self, clauses: tuple[Clause, ...], *amounts: Node) -> None:
        used = {name for node in (*(c.tree for c in clauses), *amounts) for name in node.parameters}
        for where, names in (("parameters", self.form.parameters), ("uses", self.form.uses)):
            for name in names:
                if name not in used:
                    how = _("删去，或在条件、金额里用上")
                    self.problem((where, name), _("参数“%(n)s”没有用到") % {"n": name}, how)
