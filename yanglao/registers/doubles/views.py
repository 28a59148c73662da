"""The work list, a pair side by side, and what is said of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.scope import Level
from yanglao.kernel.scope.spans import ancestor
from yanglao.registers.people.queries import value_name
from yanglao.shell.pages import BulkAction, Column, Crumb, Empty, FormPage, ListPage, PageView
from yanglao.shell.templatetags import shell as words

from . import actions, queries
from .filters import SuspectFilter
from .forms import ReasonForm
from .models import Suspect
from .rules.weights import FieldName

TONES = {"same": "bad", "probable": "warn", "possible": "info", "different": "dull"}
STATES = {"open": "warn", "distinct": "dull", "merged": "good"}


def _dismiss_many(actor: Actor, rows: QuerySet[Any], data: dict[str, Any]) -> str:
    found = list(rows.select_related("first", "second").order_by("pk"))
    number = actions.dismiss_many(actor, suspects=found, reason=data["reason"])
    return _("记为不是同一人：%(n)d对。") % {"n": number}


def _place(person: Any) -> int:
    """Where he lives; for who may not see the file no nearer than the county."""
    code = person.residence_id
    return code if queries.sees(person) else ancestor(code, Level.COUNTY)


def _place_name(person: Any) -> str:
    return str(words.division(_place(person)))


def _born(person: Any) -> str:
    return words.day(person.birth_date) if queries.sees(person) else str(person.birth_date.year)


class Suspects(ListPage):
    """Pairs that wait to be looked at, surest first."""

    model = Suspect
    right = "doubles.view"
    title = gettext_lazy("疑似重复")
    lead = gettext_lazy(
        "可能为同一人的两份档案，按相似程度排列。核实后合并，或记为不是同一人（记住后不再提示，除非身份信息更正）。"
    )
    filterset = SuspectFilter
    private = ("name",)
    related = ("first", "second")
    order = "-score"
    export_right = "people.export"
    columns = (
        Column("pair", gettext_lazy("姓名"), link=True, value=lambda s: _names(s)),
        Column(
            "band",
            gettext_lazy("判断"),
            value=lambda s: queries.band_label(s.band),
            tone=lambda s: TONES.get(s.band, "dull"),
        ),
        Column("score", gettext_lazy("相似分值"), kind="number", sort="-score", value=lambda s: s.score / 10),
        Column("reasons", gettext_lazy("依据"), value=lambda s: "；".join(queries.in_words(s.levels))),
        Column("birth", gettext_lazy("出生日期"), value=lambda s: _both(s, _born), minor=True),
        Column("place", gettext_lazy("居住地"), value=lambda s: _both(s, _place_name)),
        Column("found_at", gettext_lazy("发现时间"), kind="datetime", sort="-found_at", minor=True),
        Column("state", gettext_lazy("状态"), tone=lambda s: STATES[s.state]),
        Column("reason", gettext_lazy("理由"), shown=False),
        Column("settled_by", gettext_lazy("处理人"), shown=False),
        Column("settled_at", gettext_lazy("处理时间"), kind="datetime", shown=False),
    )
    bulk = (
        BulkAction(
            "dismiss",
            gettext_lazy("不是同一人"),
            "doubles.settle",
            _dismiss_many,
            explain=gettext_lazy("所选各对都记为不是同一人，并记住这个理由；已处理的不变。"),
            icon="users",
            form=ReasonForm,
        ),
    )
    empty = Empty(
        gettext_lazy("没有待核实的疑似重复"),
        gettext_lazy("每天夜间和导入花名册之后自动查找；发现后列在这里。"),
    )
    template = "doubles/list.html"

    def context(self) -> dict[str, Any]:
        return {**super().context(), "last": queries.last_search()}


def _both(suspect: Suspect, show: Callable[[Any], str]) -> str:
    """What both files say, once where they agree."""
    return " / ".join(dict.fromkeys(show(person) for person in suspect.files()))


def _names(suspect: Suspect) -> str:
    return _both(suspect, queries.shown_name)


@dataclass(frozen=True)
class Line:
    """A fact of both files side by side. `mark`: they differ. `weighed`: how the rule counts it."""

    label: Any
    first: Any
    second: Any
    mark: bool
    weighed: queries.Weighed | None = None


class PairPage(PageView):
    """Two files side by side, the differences marked, the score taken apart."""

    right = "doubles.view"
    template = "doubles/pair.html"

    @cached_property
    def suspect(self) -> Suspect:
        found = Suspect.objects.select_related("first", "second")
        return get_object_or_404(found, pk=self.kwargs["pk"])

    def crumbs(self) -> Sequence[Crumb]:  # type: ignore[override]
        return (Crumb(Suspects.title, reverse("doubles:list")),)

    def page_title(self) -> Any:
        return _names(self.suspect)

    def context(self) -> dict[str, Any]:
        suspect = self.suspect
        seen = [queries.sees(person) for person in suspect.files()]
        weighed = queries.weighed(suspect)
        return {
            "suspect": suspect,
            "lines": lines(suspect, {each.field: each for each in weighed}),
            "band": queries.band_label(suspect.band),
            "tone": TONES.get(suspect.band, "dull"),
            "state_tone": STATES[suspect.state],
            "score": suspect.score / 10,
            "seen": seen,
            "both_seen": all(seen),
            "may_settle": self.actor.can("doubles.settle", *suspect.scope_codes()),
            "merge_url": self._merge_url(),
        }

    def _merge_url(self) -> str:
        """The merge of the two on the register's own page, for who may merge them."""
        files = self.suspect.files()
        if not all(self.actor.can("people.merge", *person.scope_codes()) for person in files):
            return ""
        return reverse("people:merge", args=[person.pk for person in files])


COUNTED: dict[str, FieldName] = {
    "name": "name",
    "id_number": "id",
    "sex": "sex",
    "birth": "birth",
    "residence": "place",
}


def lines(suspect: Suspect, weighed: dict[FieldName, queries.Weighed]) -> list[Line]:
    """Every fact of the two files that one of them has, marked where they differ; what may not be seen is not."""
    first, second = (_facts(person) for person in suspect.files())
    both_seen = all(queries.sees(person) for person in suspect.files())
    found = []
    for name, label in LABELS.items():
        here, there = first.get(name, ""), second.get(name, "")
        if not (here or there):
            continue
        if name in COUNTED:
            how = weighed[COUNTED[name]]
            mark = suspect.levels[how.field] not in ALIKE
        else:
            how, mark = None, both_seen and name not in OF_THE_FILE and here != there
        found.append(Line(label, here, there, mark, how))
    return found


ALIKE = frozenset({"equal", "village", "missing"})
OF_THE_FILE = frozenset({"source", "added", "updated"})  # differ between any two files

LABELS: dict[str, Any] = {
    "name": gettext_lazy("姓名"),
    "id_number": gettext_lazy("身份证号"),
    "sex": gettext_lazy("性别"),
    "birth": gettext_lazy("出生日期"),
    "residence": gettext_lazy("居住地"),
    "hukou": gettext_lazy("户籍地"),
    "phone": gettext_lazy("联系电话"),
    "address": gettext_lazy("居住地址"),
    "living": gettext_lazy("居住状况"),
    "economic": gettext_lazy("经济状况"),
    "ability": gettext_lazy("能力等级"),
    "dead": gettext_lazy("去世日期"),
    "source": gettext_lazy("建档来源"),
    "added": gettext_lazy("建档时间"),
    "updated": gettext_lazy("更新时间"),
}


def _facts(person: Any) -> dict[str, str]:
    """What is shown of a file: all of one that may be seen, of another name and place masked."""
    who = {
        "name": queries.shown_name(person),
        "id_number": str(person.id_number or ""),
        "sex": str(person.get_sex_display()),
        "birth": _born(person),
        "residence": _place_name(person),
    }
    if not queries.sees(person):
        return who
    kept = {
        "hukou": words.division(person.hukou_id),
        "phone": person.phone,
        "address": person.address,
        **{kind: value_name(kind, getattr(person, kind)) for kind in ("living", "economic", "ability")},
        "dead": words.day(person.death_date) if person.death_date else "",
        "source": person.source,
        "added": words.moment(person.added_at),
        "updated": words.moment(person.updated_at),
    }
    return {name: str(value or "") for name, value in {**who, **kept}.items()}


class OfPair(FormPage):
    """A form about one pair."""

    right = "doubles.settle"
    form_class: type[forms.BaseForm] = ReasonForm

    @cached_property
    def suspect(self) -> Suspect:
        found = get_object_or_404(Suspect.objects.select_related("first", "second"), pk=self.kwargs["pk"])
        self.actor.require(self.right, *found.scope_codes())
        return found

    def crumbs(self) -> tuple[Crumb, ...]:
        pair = Crumb(_names(self.suspect), self.suspect.get_absolute_url())
        return (Crumb(Suspects.title, reverse("doubles:list")), pair)

    def done_url(self, result: Any) -> str:
        return reverse("doubles:list")


class Dismiss(OfPair):
    title = gettext_lazy("不是同一人")
    lead = gettext_lazy(
        "记住这两份档案不是同一人，不再提示；任何一方的姓名、出生日期、性别或身份证号更正后会重新提示。"
    )
    done = gettext_lazy("已记为不是同一人。")

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.dismiss(self.actor, self.suspect, **data)


class Reopen(OfPair):
    title = gettext_lazy("重新核实")
    lead = gettext_lazy("撤回“不是同一人”的判断，这一对重新待核实。")
    done = gettext_lazy("已重新列入待核实。")

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.reopen(self.actor, self.suspect, **data)

    def done_url(self, result: Any) -> str:
        return str(self.suspect.get_absolute_url())
