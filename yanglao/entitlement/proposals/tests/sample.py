"""Somebody to whom something is proposed."""

from __future__ import annotations

import io
from typing import Any

from tests.harness.house import House
from yanglao.entitlement.applications.tests.sample import CARE, poor
from yanglao.entitlement.catalogue.tests import sample as lists
from yanglao.entitlement.proposals import actions
from yanglao.entitlement.proposals.models import Proposal
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.files.actions import store
from yanglao.kernel.scope import everything

SYSTEM = Actor.system("test")
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def proposed(house: House, order: int = 81) -> Proposal:
    """The care subsidy, proposed to one who is on dibao since lately; the same one when asked again."""
    person = poor(house, order)
    with everything("test"):
        found = Proposal.objects.filter(person=person, item__key=CARE).first()
        return found or made(person)


def made(person: Any) -> Proposal:
    """The same by hand, where nothing had changed of late."""
    item = lists.item(CARE)
    found = actions.propose(SYSTEM, person, occasion="poor", item_id=item.pk, need=20)
    assert found is not None
    return found


def refused(house: House, order: int = 83) -> Proposal:
    row = proposed(house, order)
    with everything("test"):
        row = Proposal.objects.get(pk=row.pk)
        if row.state == Proposal.State.OPEN:
            row = actions.refuse(SYSTEM, row, reason="family", how="phone")
    return row


def proved(house: House, order: int = 85) -> Proposal:
    """A refusal with the paper that shows it."""
    row = proposed(house, order)
    with everything("test"):
        row = Proposal.objects.get(pk=row.pk)
        if row.state == Proposal.State.OPEN:
            paper = store(SYSTEM, "告知单.pdf", io.BytesIO(PDF), kind="document", division=row.division_id)
            row = actions.refuse(SYSTEM, row, reason="family", how="visit", evidence=paper)
    return row
