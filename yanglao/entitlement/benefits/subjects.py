"""Subjects and payees of ledger lines by name, of every kind a policy can be about (对象与收款方)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.apps import apps
from django.db.models import Case, CharField, F, Model, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Cast, Concat
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yanglao.registers.people.queries import by_name

Row = TypeVar("Row", bound=Model)  # a line, a spot-check, an objection: whatever names a subject

KINDS = {
    # subject: (what it is called, model, path to its name, address of its page, right to see that)
    "person": (_("老年人"), "people.Person", "name", "people:person", "people.view"),
    "stay": (_("入住"), "stays.Stay", "person__name", "stays:stay", "stays.view"),
    "bed": (_("床位"), "stays.Bed", "number", "stays:bed", "stays.view"),
    "place": (_("机构设施"), "places.Place", "name", "places:place", "places.view"),
    "worker": (_("从业人员"), "workforce.Worker", "name", "workforce:worker", "workforce.view"),
    "household": (_("家庭户"), "people.Household", "pk", "people:household", "people.view"),
    "order": (_("服务订单"), "vouchers.Redemption", "voucher__person__name", "", "vouchers.view"),
    "operator": (_("运营方"), "places.Operator", "name", "places:operator", "places.view"),
}
UNITS = {
    # subject: what a column of them is headed, and the word after a number
    "person": (_("人数"), _("人")),
    "stay": (_("入住人数"), _("人")),
    "bed": (_("床位数"), _("张")),
    "place": (_("机构数"), _("家")),
    "worker": (_("人员数"), _("人")),
    "household": (_("户数"), _("户")),
    "order": (_("订单数"), _("单")),
    "operator": (_("运营方数"), _("家")),
}
WHERE = {"stay": "place__name", "bed": "place__name", "order": "place__name"}  # named beside it


def label(kind: str) -> str:
    """What a kind of subject is called."""
    return str(KINDS[kind][0]) if kind in KINDS else kind


@dataclass(frozen=True)
class Unit:
    """How subjects of a kind are counted: the heading of a column, the word after a number."""

    heading: str
    unit: str

    def said(self, number: int) -> str:
        """1,234 人."""
        return f"{number:,} {self.unit}"


def unit_of(kind: str, *, monthly: bool = False) -> Unit:
    """The unit of a kind of subject; `monthly`: of subjects times months (人月), where several months are paid."""
    heading, unit = (str(word) for word in UNITS.get(kind, UNITS["person"]))
    if not monthly:
        return Unit(heading, unit)
    return Unit(gettext("%(heading)s×月") % {"heading": heading}, gettext("%(unit)s·月") % {"unit": unit})


def unit_of_all(kinds: Iterable[str]) -> Unit:
    """The unit of a number in which several kinds are counted together: that of the one kind there is, else 对象."""
    found = sorted(set(kinds))
    return unit_of(found[0]) if len(found) == 1 else Unit(gettext("对象数"), gettext("个"))


def url_of(kind: str, pk: int) -> str:
    """The page of a subject or payee, "" if it has none."""
    address = KINDS[kind][3] if kind in KINDS else ""
    return reverse(address, args=[pk]) if address else ""


def right_to(kind: str) -> str:
    """The right by which that page is seen."""
    return KINDS[kind][4] if kind in KINDS else ""


def named(lines: QuerySet[Row], kinds: Iterable[str], *, of: str = "subject", into: str) -> QuerySet[Row]:
    """The lines with the name of their subject (or `of="payee"`) as `into`: one subquery per kind that occurs.

    The line itself is in the reader's scope; of what it is about nothing but the name is read.
    """
    whens = [
        When(**{f"{of}_kind": kind}, then=Subquery(_name(kind, f"{of}_id")[:1]))
        for kind in kinds
        if kind in KINDS
    ]
    number = Cast(f"{of}_id", CharField())
    return lines.annotate(
        **{
            into: Case(
                *whens, default=Concat(Value("#"), number, output_field=CharField()), output_field=CharField()
            )
        }
    )


def _name(kind: str, column: str) -> Any:
    _label, model, path, _address, _right = KINDS[kind]
    rows = apps.get_model(model)._base_manager.filter(pk=OuterRef(column)).order_by()
    name = Cast(F(path), CharField())
    if kind not in WHERE:
        return rows.annotate(whole_name=name).values("whole_name")
    place = Cast(F(WHERE[kind]), CharField())
    whole = Concat(name, Value("（"), place, Value("）"), output_field=CharField())
    return rows.annotate(whole_name=whole).values("whole_name")


def called(lines: QuerySet[Row], text: str) -> QuerySet[Row]:
    """The lines whose subject is called so: a person by the beginning of his name or its pinyin, a home or a bed by any
    part of its name. The lines are bounded by the reader's scope already; of a subject nothing but its name is asked."""
    wanted = Q()
    for kind in kinds_of(lines, "subject_kind"):
        if kind in KINDS:
            wanted |= Q(subject_kind=kind, subject_id__in=_called(kind, text))
    return lines.filter(wanted) if wanted else lines.none()


def _called(kind: str, text: str) -> QuerySet[Any]:
    _label, model, path, _address, _right = KINDS[kind]
    rows = apps.get_model(model)._base_manager.order_by()
    if kind == "person":
        return by_name(rows, text).values("pk")
    if path == "pk":
        return rows.filter(pk=int(text) if text.strip().isascii() and text.strip().isdigit() else 0).values(
            "pk"
        )
    how = "startswith" if path.endswith("person__name") else "contains"
    return rows.filter(**{f"{path}__{how}": text.strip()}).values("pk")


def kinds_of(lines: QuerySet[Row], column: str) -> list[str]:
    """The kinds of subjects (or payees) that occur among lines."""
    return list(lines.order_by(column).values_list(column, flat=True).distinct())
