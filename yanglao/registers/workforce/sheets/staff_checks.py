"""Rows of a staff list against themselves, the register and the rights of the one who imports."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from yanglao.registers.people.rules import names
from yanglao.registers.people.rules.ages import age_on
from yanglao.registers.workforce.checks import Employer, looks_like_id
from yanglao.registers.workforce.models import Employment, Worker
from yanglao.registers.workforce.rules import WORKING_AGE, Days
from yanglao.registers.workforce.sheets import known
from yanglao.shell.sheets import CheckContext, Finding, Problem, at
from yanglao.shell.sheets import mark as _

SEX_DIFFERS = Problem(
    _("性别与身份证号不符"), _("身份证号第 17 位单数为男、双数为女"), _("核对性别和身份证号，改正错的一处")
)
TOO_YOUNG = Problem(_("入职时未满16周岁"), _("按身份证号和入职日期计算"), _("核对身份证号和入职日期"))
ENDS_EARLY = Problem(_("离职日期早于入职日期"), _("两个日期前后颠倒"), _("核对入职日期和离职日期"))
NO_REASON = Problem(
    _("缺少离职原因"), _("填了离职日期，没有填离职原因"), _("补上离职原因，不清楚的选“其他”"), "warning"
)
NO_DAY = Problem(
    _("缺少护理员发证日期"), _("填了护理员等级，没有填发证日期"), _("补上发证日期，证书才能登记")
)
ID_AS_NUMBER = Problem(
    _("证书编号是身份证号"), _("证书编号列不登记身份证号"), _("填写证书本身的编号，没有的留空")
)
NO_EMPLOYER = Problem(
    _("没有找到用人单位"),
    _("“{value}”不是您管理范围内登记的机构设施、运营方或单位"),
    _("核对全名；没有登记的先在机构设施中登记"),
)
SEVERAL = Problem(
    _("用人单位不止一处"), _("有 {number} 处都叫“{value}”"), _("改由所在街道导入，或先区分两处的名称")
)
OTHER_NAME = Problem(
    _("姓名与已有档案不符"),
    _("这个身份证号已有档案，姓名不同"),
    _("核对姓名和身份证号；确系改名的，先在档案中更正姓名再导入"),
)
ELSEWHERE = Problem(
    _("与另一段全职任职重叠"),
    _("他在“{where}”全职任职，{first} — {last}"),
    _("由原单位登记离职后再导入，或登记为兼职"),
)
TWICE = Problem(
    _("名册内两段全职任职重叠"),
    _("同一人在名册第 {other} 行也有全职任职，日期重叠"),
    _("核对日期，或把其中一处改为兼职"),
)
TAKEN = Problem(_("证书编号已登记在他人名下"), _("同一本证书只登记一次"), _("核对证书编号和持证人"))


def agrees(row: Any) -> Iterable[Finding]:
    """One row by itself."""
    if row.id_number is not None:
        if row.sex is not None and row.sex != row.id_number.sex:
            yield at(row, "sex", SEX_DIFFERS)
        if row.starts is not None and age_on(row.id_number.birth_date, row.starts) < WORKING_AGE:
            yield at(row, "starts", TOO_YOUNG)
    if row.ends is not None:
        if row.starts is not None and row.ends <= row.starts:
            yield at(row, "ends", ENDS_EARLY)
        if row.left is None:
            yield at(row, "left", NO_REASON)
    if row.level is not None and row.issued_on is None:
        yield at(row, "issued_on", NO_DAY)
    if row.number is not None and looks_like_id(row.number):
        yield at(row, "number", ID_AS_NUMBER)


def check_rows(rows: Sequence[Any], context: CheckContext) -> Iterable[Finding]:
    """Findings for a batch; see ImportTemplate.check_rows."""
    found = known.read(rows)
    places = known.employers((r.employer for r in rows if r.employer), context.actor)
    numbers = known.numbers(rows)
    for row in rows:
        employers = places.get(row.employer or "", [])
        if row.employer is not None and len(employers) != 1:
            problem = SEVERAL.with_params(number=len(employers)) if employers else NO_EMPLOYER
            yield at(row, "employer", problem)
        worker = found.of(row)
        if worker is not None:
            yield from _against(row, worker, found.spells[worker.pk], employers)
        holder = numbers.get(("carer", row.number or ""))
        if holder is not None and (worker is None or holder != worker.pk):
            yield at(row, "number", TAKEN)
    yield from _within(rows)


def _against(
    row: Any, worker: Worker, spells: list[Employment], employers: list[Employer]
) -> Iterable[Finding]:
    if row.name is not None and names.pinyin(row.name) != worker.pinyin:
        yield at(row, "name", OTHER_NAME)
    if row.starts is None or row.full_time is False:
        return
    mine = Days(row.starts, row.ends if row.ends is None or row.ends > row.starts else None)
    for spell in spells:
        if employers and same(spell, row, employers[0]):
            continue
        if spell.full_time and mine.meets(Days(spell.starts, spell.ends)):
            params = {"where": str(spell.employer), "first": spell.starts, "last": spell.ends or "…"}
            yield at(row, "starts", ELSEWHERE.with_params(**params))


def same(spell: Employment, row: Any, employer: Employer) -> bool:
    """Whether a row of the list is this very spell: the same employer from the same day."""
    return spell.employer == employer and spell.starts == row.starts


def _within(rows: Sequence[Any]) -> Iterable[Finding]:
    """Two full-time spells of one person in the same file."""
    seen: dict[str, list[tuple[int, Days]]] = defaultdict(list)
    for row in rows:
        if row.id_number is None or row.starts is None or row.full_time is False:
            continue
        days = Days(row.starts, row.ends)
        for other, earlier in seen[row.id_number.number]:
            if days.meets(earlier):
                yield at(row, "starts", TWICE.with_params(other=other))
        seen[row.id_number.number].append((row.row_number, days))
