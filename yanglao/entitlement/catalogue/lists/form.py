"""The shape of a list file (清单): what a place promises, to whom, by which standard. See the head of the national one."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal, Self

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from pydantic import Field, model_validator

from yanglao.kernel.packs.schema import Strict

ItemId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=40)]
ListKind = Literal["services", "support", "investment"]
ItemType = Literal[
    "money", "care", "concern",  # of a list of services: 物质帮助 照护服务 关爱服务
    "subsidy", "tax", "land", "finance", "talent", "guidance", "project",  # for providers and investors
]  # fmt: skip
Confidence = Literal["verified", "seen", "reported", "derived", "inferred", "recalled", "design"]
TENTATIVE = frozenset({"inferred", "recalled", "design"})
Measure = Literal[
    "yuan_a_month", "yuan_a_year", "yuan_once", "times_a_year", "hours_a_month", "meals_a_month", "days"
]


class Words(Strict):
    zh: str = Field(min_length=1, max_length=300)
    en: str = Field(min_length=1, max_length=600)

    def __str__(self) -> str:
        return self.en if (get_language() or "").startswith("en") else self.zh


class Paper(Strict):
    """A document that says so, by title and number; sentences are not copied."""

    title: str = Field(min_length=1)
    number: str | None = None
    issuer: str | None = None
    source: str = Field(min_length=1)
    confidence: Confidence

    def __str__(self) -> str:
        return " ".join(filter(None, (self.title, self.number)))

    @property
    def tentative(self) -> bool:
        return self.confidence in TENTATIVE


class Clause(Strict):
    """A condition in the language of the policies (docs/write-a-policy.md), and what it says in words."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,40}$")]
    label: Words
    when: str = Field(min_length=1)


class Who(Strict):
    """To whom: an age, a named group (standards/groups.yaml), clauses; or whom the linked policies pay.

    `also`: clauses any of which adds persons (a place raises a wider list so). `elsewhere`: another office decides
    by facts that are not in the register, so nobody's entitlement is said here.
    """

    words: Words
    age: int = Field(default=60, ge=0, le=120)
    group: str = ""
    when: tuple[Clause, ...] = ()
    also: tuple[Clause, ...] = ()
    policies: bool = False
    elsewhere: bool = False
    place: Literal["hukou", "residence"] = "residence"


class Fulfilled(Strict):
    """What fulfils an item. Nothing: at the office, entered by hand.

    `policies`: ids of benefit policies. `voucher`: the month's care voucher. `group`: regular visits to the group.
    `received`: a condition over the person's facts that says he has it. `room`: a service that has rooms of its own.
    """

    policies: tuple[str, ...] = ()
    voucher: bool = False
    group: str = ""
    received: str = ""
    room: Literal["", "assessment", "visits", "meals", "adaptation", "stays", "training"] = ""


class Standard(Strict):
    """The standard in words, and its figures where there are some: none of a wider list's may be undercut."""

    words: Words
    least: dict[Measure, float] = {}


class ItemForm(Strict):
    """An item. Where a list inherits one by its id, what is left out is as there."""

    id: ItemId
    title: Words | None = None
    type: ItemType | None = None
    who: Who | None = None
    also: tuple[Clause, ...] = ()
    age: int | None = Field(default=None, ge=0, le=120)
    standard: Standard | None = None
    how: Words | None = None
    unit: Words | None = None
    legal: tuple[Paper, ...] = ()
    fulfilled_by: Fulfilled | None = None
    since: dt.date | None = Field(default=None, alias="from")
    until: dt.date | None = Field(default=None, alias="to")
    confidence: Confidence | None = None
    note: str = ""


class ListFile(Strict):
    """One edition of one list. The editions of a list bear the same `id`; the latest that has begun is in force."""

    id: ItemId
    kind: ListKind
    title: Words
    edition: int = Field(ge=2013, le=2100)
    division: int = Field(default=0, ge=0, le=999999999999)
    inherits: str = ""
    published: dt.date
    since: dt.date = Field(alias="from")
    until: dt.date | None = Field(default=None, alias="to")
    count: int = Field(ge=1, le=200)
    document: Paper
    notes: tuple[str, ...] = ()
    items: tuple[ItemForm, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _sound(self) -> Self:
        ids = [item.id for item in self.items]
        twice = sorted({i for i in ids if ids.count(i) > 1})
        if twice:
            raise ValueError(_("%(ids)s 写了两次") % {"ids": "、".join(twice)})
        if self.until and self.until <= self.since:
            raise ValueError(_("to 必须晚于 from"))
        return self


class Item(Strict):
    """An item as it holds, with everything it inherits."""

    id: str
    title: Words
    type: ItemType
    who: Who
    standard: Standard
    how: Words
    unit: Words
    legal: tuple[Paper, ...] = ()
    fulfilled_by: Fulfilled = Fulfilled()
    since: dt.date
    until: dt.date | None = None
    confidence: Confidence
    note: str = ""
    inherited: bool = False
    raised: tuple[str, ...] = ()

    @property
    def tentative(self) -> bool:
        return self.confidence in TENTATIVE
