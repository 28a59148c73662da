"""Rows of a roster against the register and against the rights of the one who imports."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from yanglao.kernel.scope.spans import Level, ancestor
from yanglao.registers.people.models import Person
from yanglao.registers.people.roster import existing
from yanglao.registers.people.rules import names
from yanglao.shell.sheets import CheckContext, Finding, Problem, at
from yanglao.shell.sheets import mark as _

NOT_YOURS = Problem(
    _("不在您的管理范围"),
    _("户籍地和居住地都不在您可以导入的区划内"),
    _("核对两处区划；确属外区的，请由当地导入"),
)
OTHER_NAME = Problem(
    _("姓名与已有档案不符"),
    _("这个身份证号已有档案，姓名不同"),
    _("核对姓名和身份证号；确系同一人改名的，先在档案中更正姓名再导入"),
)
NAME_SPELT_OTHERWISE = Problem(
    _("姓名用字与已有档案不同"),
    _("读音相同而用字不同，按已有档案的写法保留"),
    _("核对用字，需要时在档案中更正"),
    "warning",
)
ALREADY_DEAD = Problem(
    _("档案中已登记死亡"), _("名册把他列为健在"), _("核实后，如确系误报请在档案中撤销死亡登记"), "warning"
)
CLOSED = Problem(
    _("档案已关闭"), _("去世后已经关档，这一行不会写入"), _("确需补登的，请在档案页办理"), "warning"
)
CLAIMED = Problem(
    _("两地报送"),
    _("他的档案在别的区县，所报{what}与档案不同；导入后列为两地报送，不直接改动"),
    _("与对方区县核实后在“两地报送”中处理"),
    "warning",
)


def check_rows(rows: Sequence[Any], context: CheckContext) -> Iterable[Finding]:
    """Findings for a batch; see ImportTemplate.check_rows."""
    hashes = existing.indexes(rows)
    known = existing.of(hashes.values(), facts=False).persons
    for row in rows:
        yield from _rights(row, context)
        person = known.get(hashes.get(row.row_number, b""))
        if person is not None:
            yield from _against(row, person)


def _rights(row: Any, context: CheckContext) -> Iterable[Finding]:
    codes = [code for code in (row.hukou, row.residence) if code is not None]
    if codes and not context.actor.can("people.import", *codes):
        yield at(row, "hukou", NOT_YOURS)


def _against(row: Any, person: Person) -> Iterable[Finding]:
    if row.name is not None and row.name != person.name:
        same = names.pinyin(row.name) == person.pinyin
        yield at(row, "name", NAME_SPELT_OTHERWISE if same else OTHER_NAME)
    if person.closed_on is not None:
        yield at(row, "name", CLOSED)
    elif person.death_date is not None and row.dead_on is None:
        yield at(row, "dead_on", ALREADY_DEAD)
    if row.hukou is not None and elsewhere(person.hukou_id, row.hukou):
        yield at(row, "hukou", CLAIMED.with_params(what=_("户籍地")))
    if row.residence is not None and elsewhere(person.residence_id, row.residence):
        yield at(row, "residence", CLAIMED.with_params(what=_("居住地")))


def elsewhere(known: int, said: int) -> bool:
    """Whether a place contradicts the known one so far that two counties must talk: another county."""
    return ancestor(known, Level.COUNTY) != ancestor(said, Level.COUNTY)
