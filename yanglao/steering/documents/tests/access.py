"""Who may open the pages of documents."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping
from typing import Any

from tests.harness.access import Access, change, listing, record
from tests.harness.house import House
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.scope import everything
from yanglao.steering.documents import actions, handing
from yanglao.steering.documents.forms_hand import Asked as Handing
from yanglao.steering.documents.models import Document, Proposal
from yanglao.steering.documents.planning import Asked
from yanglao.steering.documents.tests.made_up import LISTED, PLAN

SYSTEM = Actor.system("a test's document")


def make(division: int, text: str = PLAN, name: str = "plan.txt") -> Document:
    """A document that was read."""
    with everything("a test's document"):
        made = actions.bring(SYSTEM, name=name, stream=io.BytesIO(text.encode()), division=division)
        actions.store_reading(SYSTEM, Document.objects.get(pk=made.pk))
        return Document.objects.get(pk=made.pk)


def document(house: House) -> Mapping[str, Any]:
    return {"pk": make(house.village).pk}


def row(house: House) -> Mapping[str, Any]:
    made = make(house.village)
    with everything("a test's document"):
        first = made.proposals.filter(sort=Proposal.Sort.TARGET).order_by("order", "id")[0]
    return {"pk": made.pk, "row": first.pk}


def confirm(house: House) -> Mapping[str, Any]:
    return {"do": "confirm"}


def taken(house: House) -> Mapping[str, Any]:
    """A plan of the village that was made of a document, once."""
    with everything("a test's document"):
        known = Document.objects.filter(plan__slug="village-plan").first()
        made = known or make(house.village)
        if known is None:
            ids = list(made.proposals.filter(state="open").values_list("pk", flat=True))
            actions.decide(SYSTEM, made, ids=ids, state="confirmed")
            actions.take(
                SYSTEM,
                made,
                asked=Asked("village-plan", "plan", dt.date(2026, 1, 1), dt.date(2028, 12, 31), "a bureau"),
            )
        row = made.proposals.exclude(target_key="").order_by("order", "id")[0]
    return {"slug": "village-plan", "key": row.target_key}


def handed(house: House) -> Mapping[str, Any]:
    """A matter that was taken over from a document of the village."""
    made = make(house.village, LISTED)
    row = made.handed[0]
    with everything("a test's document"):
        due = dt.date.today() + dt.timedelta(days=60)
        asked = Handing(row["key"], row["kind"], row["category"], "", row["title"], "a bureau", "", due, None)
        return {"pk": handing.hand(SYSTEM, made, rows=[asked])[0].pk}


ACCESS: dict[str, Access] = {
    "documents:list": listing("documents.view"),
    "documents:bring": listing("documents.edit"),
    "documents:document": record("documents.view", document),
    "documents:source": record("plans.view", taken),
    "documents:repairs": record("documents.view", document),
    "documents:original": record("documents.view", document, page=False),
    "documents:sheet": record("documents.view", document, page=False),
    "documents:row": record("documents.edit", row),
    "documents:decide": change("documents.edit", document, confirm),
    "documents:undo": change("documents.edit", document),
    "documents:split": change("documents.edit", row),
    "documents:take": record("plans.manage", document),
    "documents:hand": record("matters.edit", document),
    "documents:origin": record("matters.view", handed, own=302, page=False),
}
