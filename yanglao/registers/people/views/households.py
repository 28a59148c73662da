"""Households: the list, one household, and its changes."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.registers.people import actions, around, forms, queries
from yanglao.registers.people.filters import HouseholdFilter
from yanglao.registers.people.models import Household, HouseholdMember
from yanglao.registers.people.rules import names
from yanglao.registers.people.sheets import HOUSEHOLDS
from yanglao.registers.people.views.changes import OfPerson
from yanglao.registers.people.views.lists import ImportButton
from yanglao.shell.pages import Column, Crumb, Empty, FormPage, ListPage, PageView
from yanglao.shell.templatetags.shell import source as source_label

IMPORT = ImportButton(gettext_lazy("导入家庭户"), HOUSEHOLDS.name, "people.import", icon="file-import")


class Households(ListPage):
    """Households where the actor may look."""

    model = Household
    right = "people.view"
    title = gettext_lazy("家庭户")
    lead = gettext_lazy("同住一户的老年人和家人。在老年人的档案页建户，也可以整批导入。")
    filterset = HouseholdFilter
    order = "division_id"
    export_right = "people.export"
    columns = (
        Column("number", gettext_lazy("户号"), link=True, value=lambda h: h.pk, sort="id"),
        Column("head", gettext_lazy("户主"), value=lambda h: h.head or _("无")),
        Column("size", gettext_lazy("现有人数"), kind="number", value=lambda h: h.size),
        Column("elders", gettext_lazy("其中老年人"), kind="number", value=lambda h: h.elders),
        Column("division_id", gettext_lazy("所在区划"), kind="division", sort="division_id"),
        Column("address", gettext_lazy("住址"), value=lambda h: str(h.address), minor=True),
        Column("note", gettext_lazy("备注"), shown=False),
    )
    buttons = (IMPORT,)
    empty = Empty(
        gettext_lazy("还没有家庭户"), gettext_lazy("在老年人的档案页建户，或导入一份清单。"), (IMPORT,)
    )

    def queryset(self) -> QuerySet[Any]:
        return around.households()


class HouseholdPage(PageView):
    """One household: its members now and before."""

    right = "people.view"
    template = "people/household.html"

    @cached_property
    def household(self) -> Household:
        return get_object_or_404(Household, pk=self.kwargs["pk"])

    def page_title(self) -> Any:
        return str(self.household)

    def crumbs(self) -> tuple[Crumb, ...]:
        return (Crumb(_("家庭户"), reverse("people:households")), Crumb(str(self.household)))

    def context(self) -> dict[str, Any]:
        rows = list(around.members_of(self.household))
        for row in rows:
            row.source_label = source_label(row.source)  # type: ignore[attr-defined]
        return {
            "household": self.household,
            "address": str(self.household.address),
            "members": [m for m in rows if m.valid_to is None],
            "former": [m for m in rows if m.valid_to is not None],
            "may_edit": self.actor.can("people.edit", *self.household.scope_codes()),
        }


class OpenHousehold(OfPerson):
    title = gettext_lazy("建立家庭户")
    lead = gettext_lazy("这位老人登记为户主。")
    form_class = forms.HouseholdForm

    def initial(self) -> dict[str, Any]:
        return {"division": self.person.residence_id}

    def perform(self, data: dict[str, Any]) -> Household:
        return actions.open_household(self.actor, head=self.person, **data)

    def done_url(self, result: Household) -> str:
        return result.get_absolute_url()


class OfHousehold(FormPage):
    """A form about one household; `pk` of the address is its number."""

    right = "people.edit"

    @cached_property
    def household(self) -> Household:
        found = get_object_or_404(Household, pk=self.kwargs["pk"])
        self.actor.require(self.right, *found.scope_codes())
        return found

    def crumbs(self) -> tuple[Crumb, ...]:
        return (
            Crumb(_("家庭户"), reverse("people:households")),
            Crumb(str(self.household), self.household.get_absolute_url()),
            Crumb(self.page_title()),
        )

    def done_url(self, result: Any) -> str:
        return self.household.get_absolute_url()


class EditHousehold(OfHousehold):
    title = gettext_lazy("更正家庭户")
    form_class = forms.EditHouseholdForm

    def initial(self) -> dict[str, Any]:
        return {"note": self.household.note}

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.edit_household(
            self.actor, self.household, address=data["address"] or None, note=data["note"]
        )


class Join(OfHousehold):
    title = gettext_lazy("登记入户")
    form_class = forms.JoinForm

    def perform(self, data: dict[str, Any]) -> Any:
        typed = data.pop("member")
        person = queries.find_file(typed)
        if person is None and not names.is_name(names.normalise_name(typed)):
            raise ValidationError({"member": _("没有找到这份档案：请核对编号或身份证号，或只填姓名。")})
        return actions.join_household(
            self.actor, self.household, person=person, name="" if person else typed, **data
        )


class OfMember(OfHousehold):
    """A form about one member; `pk` of the address is the row's."""

    @cached_property
    def member(self) -> HouseholdMember:
        found = get_object_or_404(HouseholdMember.objects.select_related("household"), pk=self.kwargs["pk"])
        self.actor.require(self.right, *found.scope_codes())
        return found

    @cached_property
    def household(self) -> Household:
        return self.member.household


class Leave(OfMember):
    form_class = forms.LeaveForm
    done = gettext_lazy("离户已登记。")

    def page_title(self) -> Any:
        return _("登记离户：%(name)s") % {"name": self.member.name}

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.leave_household(self.actor, self.member, **data)


class ChangeHead(OfMember):
    form_class = forms.HeadForm
    done = gettext_lazy("户主已变更。")

    def page_title(self) -> Any:
        return _("变更户主：%(name)s") % {"name": self.member.name}

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.change_head(self.actor, self.member, **data)
