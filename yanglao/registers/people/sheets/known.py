"""Rows that name an older person by his resident id: the checks and columns they share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings

from yanglao.kernel.crypto.keyring import blind_index
from yanglao.registers.people.models import ID_PATH, Person
from yanglao.registers.people.roster import existing
from yanglao.shell.sheets import CheckContext, Column, Finding, Problem, at, resident_id
from yanglao.shell.sheets import mark as _

NO_FILE = Problem(_("没有这位老年人的档案"), _("这个身份证号还没有档案"), _("先用花名册建档，再导入这一行"))
NOT_YOURS = Problem(
    _("不在您的管理范围"), _("这位老年人的户籍地和居住地都不在您可以导入的区划内"), _("请由当地导入")
)
OTHER_NAME = Problem(_("姓名与档案不符"), _("这个身份证号的档案是另一个姓名"), _("核对姓名和身份证号"))
CLOSED = Problem(_("档案已关闭"), _("这位老年人去世后已经关档"), _("删去这一行"))


def id_column(title: str, field: str, *, required: bool, synonyms: tuple[str, ...] = ()) -> Column:
    """A column of resident ids."""
    return Column(
        title,
        field,
        parse=resident_id(allow_test=settings.TEST_ID_NUMBERS),
        required=required,
        sensitive=True,
        synonyms=synonyms,
        note=_("18 位，请把这一列设为文本格式"),
    )


def persons(numbers: Iterable[Any], *, lock: bool = False) -> dict[str, Person]:
    """Resident id → the file that stands, of parsed ids (None among them)."""
    hashes = {n.number: blind_index(ID_PATH, n.number) for n in numbers if n is not None}
    found = existing.of(hashes.values(), lock=lock, facts=False).persons
    return {number: found[key] for number, key in hashes.items() if key in found}


def findings(
    row: Any, field: str, name: str | None, person: Person | None, context: CheckContext
) -> Iterator[Finding]:
    """What is wrong with naming this person in a row."""
    if person is None:
        yield at(row, field, NO_FILE)
    elif not context.actor.can("people.import", *person.scope_codes()):
        yield at(row, field, NOT_YOURS)
    elif person.closed_on is not None:
        yield at(row, field, CLOSED)
    elif name is not None and name != person.name:
        yield at(row, field, OTHER_NAME)
