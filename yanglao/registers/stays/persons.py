"""The people of the register as this room needs them: looked up, entered, and told about a stay.

A home's manager holds no right in the register of people. What an action of this room has admitted, it records there
itself: the right to admit is what suffices, the entry bears the manager's name and the source says "入住登记".
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.scope import everything
from yanglao.registers.people import actions as people
from yanglao.registers.people import queries
from yanglao.registers.people.rules import names

ADMITTED, LEFT = "入住登记", "退住登记"  # i18n: data
UNDONE = "撤销入住名单导入"  # i18n: data
LOOKED = "入住登记：按公民身份号码查找档案"  # i18n: data


def for_the_register(actor: Actor) -> Actor:
    """The same person, entering in the register of people what an action of this room has established."""
    return replace(actor, is_system=True)


def everybody() -> QuerySet[Any]:
    """All persons of the city. Call it in a scope of everything."""
    return apps.get_model("people", "Person").objects.all()  # type: ignore[no-any-return]


def unscoped() -> QuerySet[Any]:
    """All persons, for a condition inside a query that has its own bounds."""
    return apps.get_model("people", "Person")._base_manager.all()


def find(actor: Actor, *, name: str, id_number: str) -> Any | None:
    """Whoever has that resident id, wherever in the city; the reading is recorded. The name must agree.

    Raises ValidationError; the answer never says the name that stands in the file.
    """
    with everything("a person is admitted wherever his file is kept"):
        found = queries.by_id_number(everybody(), id_number).first() if len(id_number.strip()) >= 15 else None
    if found is None:
        return None
    people.reveal(for_the_register(actor), found, field="id_number", purpose=LOOKED)
    if names.normalise_name(name) != found.name:
        raise ValidationError(
            {
                "name": _(
                    "这个公民身份号码已有档案，姓名与档案不符：请核对身份证；改过名的请先由街道更正档案。"
                )
            }
        )
    if found.death_date is not None:
        raise ValidationError({"id_number": _("档案中已登记死亡：如系误报，请先由街道撤销死亡登记。")})
    return found


def find_or_add(actor: Actor, *, name: str, id_number: str, hukou: int | None = None, phone: str = "") -> Any:
    """The person's file, opened if there is none; then `hukou` is needed. Raises ValidationError."""
    found = find(actor, name=name, id_number=id_number)
    if found is not None:
        return found
    if hukou is None:
        raise ValidationError(
            {"hukou": _("全市没有他的档案，要新建：请填写户籍地；号码填错了的，请先改正号码。")}
        )
    return people.add(
        for_the_register(actor),
        name=name,
        id_number=id_number,
        hukou=hukou,
        residence=hukou,
        source=ADMITTED,
        phone=phone,
    )


def moved_in(actor: Actor, person: Any, *, on: dt.date, residence: int | None) -> None:
    """He lives in an institution from that day; with `residence`, his residence is there too."""
    speaker = for_the_register(actor)
    people.record(speaker, person, kind="living", value="institution", valid_from=on, source=ADMITTED)
    if residence is not None and residence != person.residence_id:
        people.move(speaker, person, on=on, source=ADMITTED, residence=residence)


def moved_out(actor: Actor, person: Any, *, on: dt.date, residence: int | None) -> None:
    """He lives in the institution no longer; with `residence`, he is back where he lived before."""
    speaker = for_the_register(actor)
    people.end(speaker, person, kind="living", value="institution", on=on, source=LEFT)
    if residence is not None and residence != person.residence_id:
        people.move(speaker, person, on=on, source=LEFT, residence=residence)


def lived(actor: Actor, person: Any, *, since: dt.date, until: dt.date) -> None:
    """He lived in an institution from a day up to, not including, another; a past stay entered afterwards."""
    people.record(
        for_the_register(actor),
        person,
        kind="living",
        value="institution",
        valid_from=since,
        valid_to=until,
        source=ADMITTED,
    )


def take_back(actor: Actor, person: Any, *, since: dt.date, residence: int | None) -> None:
    """What `moved_in` or `lived` said from that day was never so."""
    speaker = for_the_register(actor)
    with everything("the person an action holds"):
        rows = person.circumstances.filter(
            kind="living", value="institution", valid_from=since, replaced_at=None, source=ADMITTED
        )
        said = list(rows.order_by("pk"))
    for row in said:
        people.withdraw(speaker, row, reason=UNDONE)
    if residence is not None and residence != person.residence_id:
        people.move(speaker, person, on=since, source=UNDONE, residence=residence)


def facts_of(person_ids: Iterable[int], day: dt.date) -> dict[int, dict[str, set[str]]]:
    """kind → values that hold on a day, by person."""
    found: dict[int, dict[str, set[str]]] = {}
    with everything("the waiting list ranks by circumstances, wherever the file is kept"):
        rows = apps.get_model("people", "Circumstance").objects.filter(
            queries.true_on(day), person_id__in=list(person_ids), replaced_at=None
        )
        known = rows.order_by("person_id", "kind").values_list("person_id", "kind", "value")
        for person_id, kind, value in known:
            found.setdefault(person_id, {}).setdefault(kind, set()).add(value)
    return found


def abilities(person_ids: QuerySet[Any], day: dt.date) -> dict[int, str]:
    """Ability levels on a day by person, as assessed. Call it in a scope of everything."""
    rows = apps.get_model("people", "Circumstance").objects.filter(
        queries.true_on(day), kind="ability", person__in=person_ids, replaced_at=None
    )
    return dict(rows.order_by("valid_from", "pk").values_list("person_id", "value"))
