"""The checks of one policy file that need more than its form: facts, figures, examples; each tells what and how."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _
from pydantic import ValidationError

from yanglao.kernel.packs.problems import Problem
from yanglao.kernel.packs.reading import Document as Read

from .cases import case_people, expected_months
from .check import Names, checked
from .floors import below
from .form import CapForm, PolicyForm
from .lang import Refused
from .policy import WHOSE, Clause, Parameter, Payee, Standard
from .schema import Schema, Subject, Type
from .tables import key_text
from .tree import Node

PAYEES = {"person", "place", "worker"}  # subjects that can receive money themselves


class Checks:
    """A file that is being read, and the `problems` found in it so far."""

    def __init__(
        self, form: PolicyForm, read: Read, schema: Schema, standards: Mapping[str, Standard] | None = None
    ) -> None:
        self.form, self.read, self.schema = form, read, schema
        self.standards = standards or {}
        self.problems: list[Problem] = []

    def problem(self, path: tuple[str, ...], what: str, how: str) -> None:
        self.problems.append(Problem(self.read.path, self.read.line_of(path), what, how))

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

    def tree(self, path: tuple[str, ...], text: str, names: Names, expect: Type) -> Node | None:
        try:
            return checked(text, names, expect)
        except Refused as refused:
            self.problem(path, refused.what, refused.how)
            return None

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

    def check_cap(self, path: tuple[str, ...], form: CapForm, subject: Subject) -> None:
        """It says how much, or how often, and whose total it is."""
        if (form.amount is None) == (form.times is None):
            how = _("限金额写 amount: 参数名，限次数写 times: 次数")
            self.problem(path, _("封顶要写限额（amount）或次数（times），只写一样"), how)
        if form.times is not None and form.times.strip() == "0":
            self.problem((*path, "times"), _("封顶 0 次，永远不发"), _("写 1 或更大的数"))
        for word in filter(None, (form.per, form.also, form.order)):
            if word not in subject.facts and word not in WHOSE:
                how = _("写 subject、policy，或这些事实之一：%(k)s") % {"k": "、".join(sorted(subject.facts))}
                self.problem(path, _("封顶按“%(n)s”算，没有这个事实") % {"n": word}, how)
        if form.also and ("policy" in {form.per, form.also} or form.per == form.also):
            how = _("per 和 and 写两个不同的事实，例如 per: household、and: item；policy 是全部合计，单独写")
            self.problem(path, _("封顶的 per 和 and 合不到一起"), how)

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

    def check_floors(self, parameters: Mapping[str, Parameter]) -> None:
        """No figure is below the floor a higher level has set for it (省定底线)."""
        for name, reference in self.form.floors.items():
            file, _dot, wanted = reference.partition(".")
            standard, local = self.standards.get(file), parameters.get(name)
            if standard is None or wanted not in standard.parameters or local is None:
                how = _("写成 floors: {参数: 标准文件.参数}")
                self.problem(
                    ("floors", name), _("没有这个底线或参数：%(n)s") % {"n": f"{name}, {reference}"}, how
                )
                continue
            self.compare(local, standard.parameters[wanted], reference)

    def compare(self, local: Parameter, floor: Parameter, reference: str) -> None:
        effective = self.form.effective
        try:
            lower = list(below(local, floor, effective.since, effective.until))
        except ValueError:
            how = _("底线的单位要与参数相同，它的每个键参数表里都要有")
            self.problem(("floors", local.name), _("“%(n)s”不能与底线比较") % {"n": local.name}, how)
            return
        for found in lower:
            what = _("“%(n)s” %(k)s 从 %(d)s 起是 %(a)s，低于“%(r)s”的底线 %(b)s") % {
                "n": local.name,
                "k": "/".join(key_text(k) for k in found.keys),
                "d": found.day,
                "a": f"{found.local / 100:g}",
                "b": f"{found.floor / 100:g}",
                "r": reference,
            }
            where = (
                ("uses", local.name)
                if local.standard
                else ("parameters", local.name, "values", str(found.index))
            )
            self.problem(where, what, _("提高到底线，或核对底线标准"))
