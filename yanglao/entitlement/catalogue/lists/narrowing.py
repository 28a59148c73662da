"""Items of which a policy decides here: the loader lets them stand only when nobody of the wider list is left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from yanglao.entitlement.benefits.rules.months import Month
from yanglao.entitlement.benefits.rules.policy import Policy
from yanglao.entitlement.benefits.rules.schema import Fact
from yanglao.kernel.packs import Pack, PackFile, PackInvalid, Problem
from yanglao.registers.people.groups_file import groups

from .compiling import Unsaid, decided_by, item_text, policies_of, who_clauses
from .form import Item, ListFile
from .reading import Listing
from .width import Left, Unproved, left_out


def narrowing(
    pack: Pack, file: PackFile[ListFile], found: Listing, above: Listing | None
) -> Iterator[Problem]:
    """Who is on the wider list and gets nothing by the policies of this place."""
    texts = {
        path.relative_to(pack.folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted((pack.folder / "policies").rglob("*.yaml"))
    }
    for at, form in enumerate(file.model.items):
        here, there = found.item(form.id), above.item(form.id) if above else None
        if here is None or there is None or not here.who.policies or there.who.elsewhere:
            continue
        if said := _narrower(texts, file.model, here, there):
            how = _("删去 who：对象沿用上级清单，政策只说明由什么发放；或放宽政策的条件")
            yield file.problem(["items", at, "who"], said, how)


def _narrower(texts: dict[str, str], file: ListFile, here: Item, there: Item) -> str:
    """Why the item cannot stand; "" when nobody is left out."""
    if there.who.policies and set(there.fulfilled_by.policies) <= set(here.fulfilled_by.policies):
        return ""  # the same policies and perhaps more
    division, month = file.division, Month.of(file.since)
    try:
        mine = _deciding(texts, here)
        for wide in _wide(texts, there, division):
            if left := left_out(wide, mine, division, month):
                said = {"item": here.title, "who": _in_words(left), "ids": "、".join(p.id for p in mine)}
                return _("“%(item)s”的对象比上级清单少：%(who)s的人，上级清单有，按政策 %(ids)s 没有") % said
    except (Unproved, Unsaid, PackInvalid):
        return _("不能证明“%(item)s”的对象不少于上级清单：两边的条件无法逐一比较") % {"item": here.title}
    return ""


def _deciding(texts: dict[str, str], item: Item) -> list[Policy]:
    """The policies of the folder that decide on an item, as if everybody had applied. Raises Unproved."""
    found = [p for p in policies_of(decided_by([item], texts)) if p.id in item.fulfilled_by.policies]
    if len(found) < len(item.fulfilled_by.policies):
        raise Unproved
    return found


def _wide(texts: dict[str, str], there: Item, division: int) -> Sequence[Policy]:
    """Whom the wider list has, as policies: its own conditions, or the policies it names."""
    if there.who.policies:
        return _deciding(texts, there)
    clauses = who_clauses(there, groups([]))
    return policies_of({"wider.yaml": item_text("wider", division, there, clauses)})


def _in_words(left: Left) -> str:
    return "、".join(f"{fact.label} {_shown(fact, value)}" for fact, value in left.facts)


def _shown(fact: Fact, value: Any) -> str:
    named = fact.values() if fact.values else {}
    return value.isoformat() if isinstance(value, date) else str(named.get(str(value), value))
