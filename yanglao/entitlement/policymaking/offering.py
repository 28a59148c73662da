"""Fields of the form that name something known: the subject, the kind, and the facts a key may name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from yanglao.entitlement.benefits.offered.queries import schema
from yanglao.entitlement.benefits.rules.schema import Type
from yanglao.entitlement.policymaking.fields import Entry, Section, sections
from yanglao.entitlement.policymaking.fields_lists import choice, english, facts_of
from yanglao.entitlement.policymaking.words import SORTS

FACTS: Mapping[str, Type | None] = {
    # the key: facts of which type it names
    "start/application/fact": Type.DATE,
    "verification/fact": Type.DATE,
    "payment/once/fact": Type.DATE,
    "instalments/from": Type.DATE,
    "payer/fact": Type.DIVISION,
    "payee/fact": None,
}


def offered(data: Mapping[str, Any]) -> list[Section]:
    """The sections of a file, with what may be chosen instead of typed."""
    return [
        replace(section, entries=tuple(_offered(entry, data) for entry in section.entries))
        for section in sections(data)
    ]


def _offered(entry: Entry, data: Mapping[str, Any]) -> Entry:
    if entry.path == "subject":
        subjects = [(s.name, f"{english(s)}（{s.name}）") for s in schema().subjects.values()]
        return choice(entry, subjects)
    if entry.path == "kind":
        return replace(entry, choices=tuple((name, str(words)) for name, words in SORTS.items()))
    if entry.path in FACTS and entry.kind != "plain":
        return choice(entry, facts_of(data, FACTS[entry.path]))
    return entry
