"""The demo's lists: everybody's state with every item, some told, some begun, some who do not want it."""

from __future__ import annotations

from zlib import crc32

from yanglao.entitlement.catalogue import actions, nightly, queries
from yanglao.entitlement.catalogue.models import Decision, Entitlement, Item
from yanglao.entitlement.catalogue.rules import State
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.scope import entered, everything

from .stage import Stage

ITEMS = ("visits", "meals", "home-adaptation", "ability-assessment", "nursing-subsidy")
EACH = 12  # persons per item of whom something was entered: enough to see, quick to make


def settle(stage: Stage) -> None:
    """Reckon the city, and enter for some what became of it, once: a second start finds it."""
    done = nightly.recompute(Actor.system("demo"), city=stage.city, on=stage.today)
    with everything("demo"):
        told = Decision.objects.filter(item__city=stage.city).exists()
    entries = 0 if told else _enter(stage)
    stage.talk.say(
        f"认定服务清单资格：{done.new:,} 项新增，{done.changed:,} 项变化；登记告知和办理 {entries} 条。"
    )


def _enter(stage: Stage) -> int:
    officer, count = stage.officer, 0
    with entered(officer):
        for item in Item.objects.filter(city=stage.city, key__in=ITEMS, standing=True).order_by("position"):
            rows = queries.missing(stage.root, item).filter(state=State.ENTITLED)[:EACH]
            for row in list(rows):
                _settle(officer, row, item)
                count += 1
    return count


def _settle(officer: Actor, row: Entitlement, item: Item) -> None:
    """Of four one is told, one begins, one has it already, one does not want it."""
    luck = crc32(f"{row.person_id} {item.key}".encode()) % 4
    if luck == 0:
        actions.offer(officer, row.person, item=item)
    elif luck == 1:
        actions.accept(officer, row.person, item=item, note="家属代为答复")
    elif luck == 2:
        actions.receive(officer, row.person, item=item, note="上门核实")
    else:
        reason = ("family", "not_needed", "privacy")[row.person_id % 3]
        actions.refuse(officer, row.person, item=item, reason=reason)
