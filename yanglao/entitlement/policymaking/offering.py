"""Fields of the form that name something known: the subject, the kind, and the facts a key may name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, get_args

from django.utils.translation import gettext as _

from yanglao.entitlement.benefits.offered.queries import schema
from yanglao.entitlement.benefits.rules.form import TableKey
from yanglao.entitlement.benefits.rules.policy import Moment
from yanglao.entitlement.benefits.rules.schema import Type
from yanglao.entitlement.policymaking.fields import Entry, ParameterTable, Section, parameters, sections
from yanglao.entitlement.policymaking.fields_lists import choice, english, facts_of
from yanglao.entitlement.policymaking.words import OPTIONS, SORTS
from yanglao.kernel.divisions.models import Division

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
        kinds = tuple((name, str(words)) for name, words in SORTS.items())
        return replace(entry, choices=kinds, help=dict(kinds).get(entry.value, ""))
    if entry.path == "division":
        return replace(entry, help=_place(entry.value))
    if entry.path == "values_on" and entry.kind != "plain":
        return choice(entry, _words(get_args(Moment)))
    if entry.path == "start/application/late" and entry.kind != "plain":
        said = _("最多补几个月的，在原文里写 late: {months: 12}")
        return replace(choice(entry, _words(("none", "this_year", "full"))), help=said)
    if entry.path in FACTS and entry.kind != "plain":
        return choice(entry, facts_of(data, FACTS[entry.path]))
    return entry


def _words(names: Sequence[str]) -> list[tuple[str, str]]:
    return [(name, str(OPTIONS[name])) for name in names]


def _place(code: str) -> str:
    """The name of a division, with those it lies in."""
    if not code.isdigit():
        return ""
    found = Division.objects.filter(pk__in={int(code) // 10**n * 10**n for n in (0, 6, 8, 10)})
    return "".join(found.order_by("pk").values_list("name", flat=True))


def tables(data: Mapping[str, Any]) -> list[ParameterTable]:
    """The parameters, each with a list of what its table may go by."""
    return [
        replace(table, head=tuple(_by(e) if e.path.endswith("/by") else e for e in table.head))
        for table in parameters(data)
    ]


def _by(entry: Entry) -> Entry:
    """One key is chosen; a table of two or three keys is written in the text."""
    keys = choice(entry, _words(get_args(TableKey)))
    words = "，".join(str(OPTIONS.get(key, key)) for key in entry.value.split())
    known = tuple((value, words if value == entry.value else said) for value, said in keys.choices)
    return replace(keys, choices=known, blank=_("不分档，只有一个数"))
