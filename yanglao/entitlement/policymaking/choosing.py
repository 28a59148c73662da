"""What a condition may speak of: the facts of a subject, the file's parameters, days of the month, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from yanglao.entitlement.benefits.offered.queries import schema
from yanglao.entitlement.benefits.rules.schema import Fact, Type, View
from yanglao.registers.people.kinds import kinds
from yanglao.registers.places.kinds import facts as place_facts
from yanglao.registers.stays.vocabulary import choices, vocabulary

_TYPES: Mapping[Type, Any] = {
    Type.INT: gettext_lazy("整数"),
    Type.MONEY: gettext_lazy("金额"),
    Type.QUANTITY: gettext_lazy("数量"),
    Type.DATE: gettext_lazy("日期"),
    Type.BOOL: gettext_lazy("是或否"),
    Type.TEXT: gettext_lazy("文字"),
    Type.DIVISION: gettext_lazy("区划"),
}
_SHAPES: Mapping[str, Any] = {
    "fixed": gettext_lazy("不分时段"),
    "dated": gettext_lazy("看某一天"),
    "monthly": gettext_lazy("每月一个"),
}
_EXAMPLES: Mapping[Type, str] = {
    Type.INT: "{name} >= 1",
    Type.MONEY: "{name} >= 100",
    Type.QUANTITY: "{name} >= 30",
    Type.DATE: "{name} <= month_end",
    Type.BOOL: "{name}",
    Type.TEXT: "{name} is not null",
    Type.DIVISION: "within({name}, division)",
}
_STAYS = {
    "bed_kind": "bed_kinds",
    "care_level": "care_levels",
    "paid_by": "payers",
    "stay_kind": "stay_kinds",
}
_ALWAYS: tuple[tuple[str, Any, str], ...] = (
    # names of the language itself, for every subject
    ("age", gettext_lazy("当月的周岁"), "age >= 80"),
    ("division", gettext_lazy("本政策的区划"), "within(hukou, division)"),
    ("month_start", gettext_lazy("当月第一天"), "applied_on < month_start"),
    ("month_end", gettext_lazy("当月最后一天"), "applied_on <= month_end"),
    ("month_middle", gettext_lazy("当月15日"), "opened_on <= month_middle"),
    ("previous_month_end", gettext_lazy("上月最后一天"), "death_date > previous_month_end"),
    ("month_of_year", gettext_lazy("几月（1至12）"), "month_of_year = 10"),
)


@dataclass(frozen=True)
class Offered:
    """Something to put into a condition: its name, words, type, example; `values`: what it may be, as written there."""

    name: str
    label: str
    type: str
    shape: str
    lacking: bool
    example: str
    values: tuple[tuple[str, str], ...] = ()

    @property
    def search(self) -> str:
        """What typed words are looked for in."""
        return f"{self.name} {self.label} {' '.join(words for _value, words in self.values)}".lower()


@dataclass(frozen=True)
class Group:
    label: str
    offered: tuple[Offered, ...]


def groups(data: Mapping[str, Any]) -> list[Group]:
    """What the file's conditions may speak of: its subject's facts, its own parameters, days and the age."""
    subject = schema().subjects.get(str(data.get("subject", "person")))
    found = []
    if subject is not None:
        facts = tuple(_fact(view, fact) for view in subject.views for fact in view.facts)
        found.append(Group(_english(subject.label, subject.label_en), facts))
    parameters = tuple(_parameters(data))
    if parameters:
        found.append(Group(_("本文件的参数"), parameters))
    known = {"age"} if subject is not None and "birth_date" not in subject.facts else set()
    days = (Offered(n, str(w), "", "", False, e) for n, w, e in _ALWAYS if n not in known)
    return [*found, Group(_("日期和年龄"), tuple(days))]


def _fact(view: View, fact: Fact) -> Offered:
    values = values_of(fact.name)
    example = _EXAMPLES[fact.type].format(name=fact.name)
    if values and fact.type is Type.TEXT:
        example = f"{fact.name} in ({', '.join(literal for literal, _words in values[:2])})"
    return Offered(
        fact.name,
        _english(fact.label, fact.label_en),
        str(_TYPES[fact.type]),
        str(_SHAPES[view.shape]),
        fact.nullable,
        example,
        values if fact.type is Type.TEXT else (),
    )


def _parameters(data: Mapping[str, Any]) -> Iterator[Offered]:
    found = data.get("parameters")
    for name, parameter in found.items() if isinstance(found, dict) else ():
        if isinstance(parameter, dict):
            label = parameter.get("label")
            words = label.get("zh", "") if isinstance(label, dict) else ""
            keys = parameter.get("by")
            steps = [keys] if isinstance(keys, str) else keys or []
            how = "bracket" if "age" in steps else "lookup"
            said = f"{how}({name}, …)" if steps else str(name)
            yield Offered(str(name), str(words), str(_("参数")), "", False, said)


def values_of(name: str) -> tuple[tuple[str, str], ...]:
    """('value' as an expression has it, words) of a fact whose values are declared; empty where anything may stand."""
    return tuple((f"'{value}'", words) for value, words in declared(name))


def declared(name: str) -> list[tuple[str, str]]:
    """(value, words) of a fact whose values are declared in the registers."""
    if name in _STAYS:
        return choices(getattr(vocabulary(), _STAYS[name]))
    known = kinds().get(name) or place_facts().get(name)
    return [(value, str(known.name_of(value))) for value in known.values] if known else []


def _english(zh: Any, en: str) -> str:
    return en if (get_language() or "").startswith("en") and en else str(zh)
