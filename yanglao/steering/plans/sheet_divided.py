# i18n: data (a workbook speaks Chinese in either language of the interface)
"""The filled-in table of tasks (任务分解表) read back: all its errors at once, marked in the user's own file."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.divisions.models import Division
from yanglao.shell.sheets import Column, ImportTemplate, Problem, at
from yanglao.shell.sheets.book import open_book
from yanglao.shell.sheets.check import Reader
from yanglao.shell.sheets.declare import CheckContext
from yanglao.shell.sheets.header import find_table
from yanglao.shell.sheets.marked import write_marked
from yanglao.shell.sheets.parsers import NumberParser, as_text
from yanglao.shell.sheets.problems import Finding
from yanglao.shell.sheets.problems import mark as _
from yanglao.steering.indicators.rules import shown
from yanglao.steering.plans.models import Breakdown, Plan, Target
from yanglao.steering.plans.queries.breakdown import districts_of, divisible, numbers_in
from yanglao.steering.plans.rules import parse_number
from yanglao.steering.plans.sheet_breakdown import KEY, WHY

GOAL = "目标值"
NOT_A_NUMBER = Problem(_("不是数"), _("“{value}”读不成一个数"), _("只填数字，不带单位和文字；没有任务的填 0"))
STRANGER = Problem(
    _("不是这个计划的目标"), _("计划里没有代号“{value}”"), _("不要改动“代号”列；重新导出任务分解表再填")
)
NO_KEY = Problem(_("没有代号"), _("这一行没有代号，不知道是哪个目标"), _("重新导出任务分解表再填"))
LEFT_OUT = Problem(_("漏了区县"), _("其他区县都填了，这里没有填"), _("没有任务的填 0"))
OUTSIDE = Problem(_("不承担这个目标"), _("这个目标不分给该地"), _("清空这一格"))
NEGATIVE = Problem(_("是负数"), _("分解数不能是负数"), _("改成 0 或正数"))
DECIMALS = Problem(_("小数位太多"), _("这一项最多 {digits} 位小数"), _("按计量单位四舍五入后填写"))
SHORT = Problem(_("合计不足"), _("各地合计 {sum}，比目标 {total} 少 {less}"), _("补足各地的数"))
OVER = Problem(
    _("合计超出"), _("各地合计 {sum}，比目标 {total} 多 {more}"), _("改正，或在“多下达的原因”列写明原因")
)
CHANGED = Problem(_("目标值变了"), _("表里是 {value}，计划里现在是 {total}"), _("重新导出任务分解表再填"))


@dataclass
class Divided:
    """What the workbook said: numbers and the reason by target key, of those that differ from what is in force."""

    numbers: dict[str, dict[int, Fraction]] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    same: int = 0
    marked: bytes = b""


def _number() -> NumberParser:
    def parse(value: Any) -> Fraction | Problem:
        plain = as_text(round(value, 6) if isinstance(value, float) else value)
        if isinstance(plain, Problem):
            return plain
        digits = re.sub(r"[,\s]", "", plain)
        return Fraction(digits) if re.fullmatch(r"-?\d{1,12}(\.\d{1,6})?", digits) else NOT_A_NUMBER

    return NumberParser(parse, "General")


def template(districts: Sequence[Division]) -> ImportTemplate:
    """The columns that are read; a row is told by its 代号. The sum is not: it is a formula, added up here again."""
    return ImportTemplate(
        name="plans.breakdown",
        label="任务分解表",
        right="plans.manage",
        columns=[
            Column("目标", "name"),
            Column(GOAL, "goal"),
            *(Column(one.name, f"d{one.code}", parse=_number()) for one in districts),
            Column(WHY, "why"),
            Column(KEY, "key"),
        ],
        unique=("key",),
        commit=_no_commit,
    )


def _no_commit(batches: Iterable[Sequence[Any]], context: Any) -> None:
    raise NotImplementedError("the table of tasks is read by read_divided and saved by plans.divide_sheet")


def read_divided(
    path: Path,
    name: str,
    plan: Plan,
    targets: Sequence[Target],
    districts: Sequence[Division],
    known: Mapping[str, Breakdown],
    actor: Actor,
) -> Divided:
    """Read the table. Raises FileRefused when the file as a whole cannot be read."""
    shape, read = template(districts), Divided()
    by_key = {target.key: target for target in targets}
    table = find_table(open_book(path, name), shape)
    reader = Reader(table, shape, CheckContext(actor, table.present, timezone.localdate()))
    for rows in reader.batches():
        for row in rows:
            numbers = {one.code: getattr(row, f"d{one.code}") for one in districts}
            reader.findings.extend(_take(row, numbers, plan, by_key, known, read))
    if any(finding.problem.severity == "error" for finding in reader.findings):
        made = io.BytesIO()
        write_marked(made, table, shape, reader.findings, gettext)
        return Divided(marked=made.getvalue())
    return read


def _take(
    row: Any,
    numbers: Mapping[int, Fraction | None],
    plan: Plan,
    targets: Mapping[str, Target],
    known: Mapping[str, Breakdown],
    read: Divided,
) -> list[Finding]:
    """Take a row over, or say all that is wrong with it."""
    if all(number is None for number in numbers.values()):
        return []
    target = targets.get(str(row.key))
    if target is None:
        strange = NO_KEY if row.key is None else STRANGER
        return [at(row, "key" if row.key else "name", strange)._replace(value=str(row.key or ""))]
    asked = [one.code for one in districts_of(plan, target)]
    if found := [*_cells(row, target, numbers, asked), *_goal(row, target)]:
        return found
    given = {code: numbers[code] or Fraction(0) for code in asked}
    if found := _whole(row, target, sum(given.values(), Fraction(0))):
        return found
    before = known.get(target.key)
    if before and before.total == target.number and numbers_in(before) == given:
        read.same += 1
        return []
    read.numbers[target.key] = given
    read.reasons[target.key] = str(row.why or "")[:400]
    return []


def _cells(
    row: Any, target: Target, numbers: Mapping[int, Fraction | None], asked: Sequence[int]
) -> list[Finding]:
    step = Fraction(1, 10**target.indicator.digits)
    found = []
    for code, number in numbers.items():
        if code not in asked:
            problem = OUTSIDE if number else None
        elif number is None:
            problem = LEFT_OUT
        elif number < 0:
            problem = NEGATIVE
        elif (number / step).denominator != 1 and divisible(target):
            problem = DECIMALS.with_params(digits=target.indicator.digits)
        else:
            problem = None
        if problem:
            found.append(at(row, f"d{code}", problem))
    return found


def _goal(row: Any, target: Target) -> list[Finding]:
    """A table made before the plan was changed is out of date."""
    written = re.sub(r"[,\s]", "", str(row.goal if row.goal is not None else ""))
    total = parse_number(target.number)
    try:
        same = not written or Fraction(written) == total
    except ValueError:
        same = False
    return (
        [] if same else [at(row, "goal", CHANGED.with_params(total=shown(total, 4)))._replace(value=written)]
    )


def _whole(row: Any, target: Target, given: Fraction) -> list[Finding]:
    if not divisible(target):
        return []
    total = parse_number(target.number)
    words = {"sum": shown(given, 2), "total": shown(total, 2)}
    if given < total:
        return [at(row, "goal", SHORT.with_params(**words, less=shown(total - given, 2)))]
    if given > total and not row.why:
        return [at(row, "why", OVER.with_params(**words, more=shown(given - total, 2)))]
    return []
