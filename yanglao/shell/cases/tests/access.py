"""Who may open what. Who may perform is decided by the desk: the street's worker, for a case at its first step."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from tests.harness.access import Access, change, listing, public, record
from tests.harness.house import House
from yanglao.kernel.accounts.roles import roles
from yanglao.kernel.cases import actions
from yanglao.kernel.cases.models import Delegation, Task
from yanglao.kernel.scope import everything
from yanglao.shell.cases.tests.sample import SYSTEM, first_task, opened, paper, process

VIEW, WORK, MANAGE = "cases.view", "cases.work", "cases.manage"


def _case(house: House) -> Mapping[str, Any]:
    return {"pk": opened(house).pk}


def _task(house: House) -> Mapping[str, Any]:
    return {"pk": first_task(opened(house)).pk}


def _perform(house: House) -> Mapping[str, Any]:
    return {**_task(house), "outcome": "refuse"}


def _file(house: House) -> Mapping[str, Any]:
    case = opened(house, files=[("licence", paper())])
    return {"pk": case.files.get().pk}


def _notice(house: House) -> Mapping[str, Any]:
    task = first_task(opened(house))
    notice = actions.demand_missing(
        house.actor("street_worker", house.street), task, items=[actions.Missing("登记证书", "licence")]
    )
    return {"pk": task.case_id, "notice": notice.pk}


def _waiting(house: House) -> Mapping[str, Any]:
    with everything("test"):
        return {"pk": Task.objects.get(case=_notice(house)["pk"], state="open").pk}


def _suspended(house: House) -> Mapping[str, Any]:
    return {"pk": actions.suspend(SYSTEM, opened(house), reason="等待判决").pk}


def _named(house: House) -> Mapping[str, Any]:
    return {"name": process().process}


def _purpose(house: House) -> Mapping[str, Any]:
    return {"purpose": "核对电话"}


def _stand_in(house: House) -> Mapping[str, Any]:
    today = dt.date.today()
    giver, taker = (house.user("street_worker", house.street, name=name) for name in ("张三", "李四"))
    made = Delegation.objects.create(giver=giver, taker=taker, first_day=today, last_day=today, reason="休假")
    return {"pk": made.pk}


def _at_the_desk(make: Callable[[House], Mapping[str, Any]], **options: Any) -> Access:
    """The street's worker performs; others who see the case are refused, who does not see it finds nothing."""
    own = options.pop("own", 200)
    seen = {role.id: 403 for role in roles().values() if VIEW in role.rights and WORK in role.rights}
    return record(WORK, make, own=own, roles={**seen, "street_worker": own}, **options)


ACCESS: dict[str, Access] = {
    "cases:list": listing(VIEW),
    "cases:mine": listing(WORK),
    "cases:late": listing(VIEW),
    "cases:processes": listing(VIEW),
    "cases:process": listing(VIEW, args=_named),
    "cases:open": listing(WORK, args=_named),
    "cases:stand_ins": listing(WORK),
    "cases:end_stand_in": Access(WORK, own=404, method="post", args=_stand_in, page=False),
    "cases:file": record(VIEW, _file, page=False),
    "cases:case": record(VIEW, _case),
    "cases:receipt": record(WORK, _case),
    "cases:notice": record(WORK, _notice),
    "cases:take": _at_the_desk(_task, own=302, method="post", page=False),
    "cases:put_back": _at_the_desk(_task, own=302, method="post", page=False),
    "cases:hand_over": record(WORK, _task),
    "cases:missing": _at_the_desk(_task),
    "cases:supplement": _at_the_desk(_waiting),
    "cases:perform": _at_the_desk(_perform),
    "cases:suspend": record(MANAGE, _case),
    "cases:resume": record(MANAGE, _suspended),
    "cases:withdraw": record(WORK, _case),
    "cases:void": record(MANAGE, _case),
    "cases:object": record(WORK, _case),
    "cases:remark": record(VIEW, _case),
    "cases:add_file": record(WORK, _case),
    "cases:reveal": change(WORK, _case, _purpose, own=200),
    "cases:track": public(),
}
