"""From a validated file to a policy: values in fen, trees of the expressions, the lints that need both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from .check import Names, ParameterType
from .checks import Checks
from .figures import Figures, document_of
from .form import ShareForm
from .functions import rounded
from .instalments import parts_of
from .months import Month
from .policy import (
    Cap,
    Clause,
    Document,
    Parameter,
    Payer,
    Payment,
    Policy,
    Share,
    Stacking,
    Text,
    Verification,
    moment_day,
)
from .schema import Fact, Subject, Type
from .start_stop import AGE_ON, due_text, rule_clauses
from .tree import Node, literal


class Builder(Checks):
    """Builds one policy and gathers `problems` on the way."""

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
        shares = self.shares(names)
        percents = (s.percent for s in shares if s.percent)
        self.check_use(clauses, amount, *(c.limit for c in caps), *percents)
        self.check_floors(parameters)
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
            shares=shares,
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

    def shares(self, names: Names) -> tuple[Share, ...]:
        """Who bears how much: all but the last say it, the last bears the rest."""
        forms = self.form.shares
        if not forms:
            return ()
        found = [Share(form.level, self.percent(i, form, names)) for i, form in enumerate(forms)]
        fixed = sum(form.percent for form in forms if isinstance(form.percent, Decimal))
        open_ended = forms[-1].percent is None and all(f.percent is not None for f in forms[:-1])
        whole = fixed == 100 and all(isinstance(f.percent, Decimal) for f in forms)
        levels = {form.level for form in forms}
        if not (open_ended or whole) or fixed > 100 or len(levels) < len(forms) or self.form.gives != "money":
            how = _("每级一行，写 percent；最后一级不写，承担其余；合计不超过 100")
            self.problem(("shares",), _("各级分担写得不对"), how)
        return (*found[:-1], Share(found[-1].level))

    def percent(self, index: int, form: ShareForm, names: Names) -> Node | None:
        path = ("shares", str(index), "percent")
        if isinstance(form.percent, str):
            return self.tree(path, form.percent, names, Type.PERCENT)
        if form.percent is None:
            return None
        if form.percent * 100 % 1 or not 0 <= form.percent <= 100:
            self.problem(path, _("数值“%(v)s”不对") % {"v": form.percent}, _("写 0 到 100，最多两位小数"))
        return literal(int(form.percent * 100), Type.PERCENT)

    def caps(self, subject: Subject, names: Names, unit: Type) -> tuple[Cap, ...]:
        found = []
        for index, form in enumerate(self.form.caps):
            path = ("caps", str(index))
            self.check_cap(path, form, subject)
            key, text = ("amount", form.amount) if form.times is None else ("times", form.times)
            limit = (
                self.tree((*path, key), text, names, unit if key == "amount" else Type.INT) if text else None
            )
            if text and limit is not None:
                label, per = Text(form.label.zh, form.label.en), tuple(filter(None, (form.per, form.also)))
                line, times = self.read.line_of(path), key == "times"
                found.append(Cap(per, form.period, limit, text, label, form.order or "", line, times))
        return tuple(found)

    def document(self) -> Document:
        return document_of(self.form.document)

    def stacking(self) -> Stacking:
        s = self.form.stacking
        return Stacking(s.group, s.rule, tuple(s.excluded_by), tuple(s.reduced_by), tuple(s.overrides))

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
