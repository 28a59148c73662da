# i18n: data (invented persons and files)
"""Who may open what."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping
from typing import Any

from tests.harness.access import Access, change, listing, record
from tests.harness.house import House
from yanglao.kernel.scope import everything
from yanglao.registers.comparison import actions
from yanglao.registers.comparison.models import Clue, Delivery
from yanglao.registers.comparison.tests.sample import AS_OF, SYSTEM, clues, persons, police
from yanglao.registers.people.models import Person


def source(house: House) -> Mapping[str, Any]:
    return {"key": "police_cancel"}


def _uploaded(state: str = "uploaded") -> Mapping[str, Any]:
    content = io.BytesIO("姓名,身份证号\n张三,\n".encode())
    with everything("test"):
        made = actions.upload(
            SYSTEM, source="police_cancel", division=330203001001, as_of=AS_OF, name="a.csv", stream=content
        )
        Delivery.objects.filter(pk=made.pk).update(state=state, done_at=dt.datetime.now(tz=dt.UTC))
    return {"pk": made.pk}


def delivery(house: House) -> Mapping[str, Any]:
    return _uploaded()


def failed(house: House) -> Mapping[str, Any]:
    return _uploaded("failed")


def original(house: House) -> Mapping[str, Any]:
    return {**_uploaded(), "what": "original"}


def clue(house: House) -> Mapping[str, Any]:
    with everything("test"):
        found = Clue.objects.filter(state="open").first()
        if found is None:
            police([Person.objects.first() or persons(1)[0]], division=330203001001)
    return {"pk": clues(state="open")[0].pk}


def dismissal(house: House) -> Mapping[str, Any]:
    return {"verdict": "unchanged", "reason": "电话核实，本人健在"}


def confirmation(house: House) -> Mapping[str, Any]:
    return {"on": "2026-10-20", "value": "police", "how": "phone", "reason": "家属证实"}


def purpose(house: House) -> Mapping[str, Any]:
    return {"purpose": "核对线索"}


NOT_AT_HIS_DESK = {"city_officer": 403, "district_officer": 403}
"""They see clues and may check one that no street has; those of a street are the street's."""

ACCESS: dict[str, Access] = {
    "comparison:sources": listing("comparison.view"),
    "comparison:coverage": listing("comparison.view", page=False),
    "comparison:source": listing("comparison.view", args=source),
    "comparison:files": listing("comparison.view"),
    "comparison:file": record("comparison.view", delivery),
    "comparison:upload": listing("comparison.upload", args=source),
    "comparison:layout": record("comparison.upload", delivery),
    "comparison:cancel": change("comparison.upload", delivery),
    "comparison:vouch": change("comparison.upload", failed),
    "comparison:again": change("comparison.upload", failed),
    "comparison:download": change("comparison.upload", original, own=200),
    "comparison:clues": listing("comparison.clues"),
    "comparison:clue": record("comparison.clues", clue),
    "comparison:confirm": change("comparison.check", clue, confirmation, roles=NOT_AT_HIS_DESK),
    "comparison:dismiss": change("comparison.check", clue, dismissal, roles=NOT_AT_HIS_DESK),
    "comparison:reveal": change("people.reveal", clue, purpose, own=200, roles={"village_visitor": 404}),
}
