"""Whom to call, who guards him, who runs his errands: forms and the list."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.registers.people import actions, forms
from yanglao.registers.people.filters import ContactFilter
from yanglao.registers.people.models import Appointment, Contact, Person, Role
from yanglao.registers.people.sheets import CONTACTS
from yanglao.registers.people.views.changes import OfPerson
from yanglao.registers.people.views.lists import ImportButton
from yanglao.shell.pages import Column, Empty, ListPage

IMPORT = ImportButton(gettext_lazy("导入联系人"), CONTACTS.name, "people.import", icon="file-import")


class Contacts(ListPage):
    """Everybody to call, of all whom the actor sees; filled for a street in Excel and printed."""

    model = Contact
    right = "people.view"
    title = gettext_lazy("联系人")
    lead = gettext_lazy("老年人的联系人、监护人和代办人。在老年人的档案页登记，也可以整批导入。")
    related = ("person",)
    filterset = ContactFilter
    private = ("name",)
    order = "person_id"
    export_right = "people.export"
    columns = (
        Column("person", gettext_lazy("老年人"), link=True, sort="person_id", value=lambda c: c.person.name),
        Column("person_number", gettext_lazy("档案编号"), value=lambda c: c.person_id, shown=False),
        Column(
            "place",
            gettext_lazy("居住地"),
            kind="division",
            value=lambda c: c.person.residence_id,
            minor=True,
        ),
        Column("name", gettext_lazy("联系人")),
        Column("relation", gettext_lazy("与老人关系"), value=lambda c: c.get_relation_display()),
        Column("phone", gettext_lazy("联系电话"), value=lambda c: _phone(c)),
        Column("turn", gettext_lazy("拨打顺序"), kind="number", minor=True),
        Column(
            "guardian",
            gettext_lazy("监护人"),
            value=lambda c: _("是") if c.guardian else "",
            tone=lambda c: "info" if c.guardian else None,
        ),
        Column("has_key", gettext_lazy("有钥匙"), value=lambda c: _("是") if c.has_key else "", minor=True),
        Column("verified_on", gettext_lazy("核实日期"), kind="date"),
    )
    buttons = (IMPORT,)
    empty = Empty(
        gettext_lazy("还没有联系人"), gettext_lazy("在老年人的档案页添加，或导入一份清单。"), (IMPORT,)
    )

    def queryset(self) -> Any:
        return Contact.objects.filter(removed_at=None, person__merged_into=None)

    def row_url(self, row: Any) -> str:
        return str(row.person.get_absolute_url())


def _phone(contact: Contact) -> str:
    return _("（已限制）") if contact.person.restricted_on else str(contact.phone)


class AddContact(OfPerson):
    title = gettext_lazy("添加联系人")
    form_class = forms.ContactForm

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.add_contact(self.actor, self.person, source=_("窗口登记"), **data)


class OfContact(OfPerson):
    """A form about one contact; `pk` of the address is his."""

    def find(self) -> Person:
        self._contact = get_object_or_404(Contact.objects.select_related("person"), pk=self.kwargs["pk"])
        return self._contact.person

    @property
    def contact(self) -> Contact:
        assert self.person
        return self._contact


class EditContact(OfContact):
    title = gettext_lazy("更正联系人")
    form_class = forms.EditContactForm

    def initial(self) -> dict[str, Any]:
        names = ("name", "relation", "turn", "verified_on", "has_key", "note")
        return {name: getattr(self.contact, name) for name in names}

    def perform(self, data: dict[str, Any]) -> Any:
        phone = data.pop("phone") or None
        return actions.edit_contact(self.actor, self.contact, phone=phone, **data)


class RemoveContact(OfContact):
    title = gettext_lazy("移除联系人")
    lead = gettext_lazy("联系人将不再显示，记录保留。")
    form_class = forms.NothingForm
    submit = gettext_lazy("移除")

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.remove_contact(self.actor, self.contact)


class AppointGuardian(OfContact):
    form_class = forms.GuardianForm
    done = gettext_lazy("监护已登记。")

    def page_title(self) -> Any:
        return _("登记监护人：%(name)s") % {"name": self.contact.name}

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.appoint(self.actor, self.contact, role=Role.GUARDIAN, **data)


class AppointHelper(OfContact):
    form_class = forms.HelperForm
    lead = gettext_lazy("代办人可以替老人提出申请。只代办写明的事项，老人可以随时终止。")
    done = gettext_lazy("代办已登记。")

    def page_title(self) -> Any:
        return _("登记代办人：%(name)s") % {"name": self.contact.name}

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.appoint(self.actor, self.contact, role=Role.HELPER, **data)


class EndAppointment(OfPerson):
    title = gettext_lazy("终止监护或代办")
    form_class = forms.EndAppointmentForm
    submit = gettext_lazy("终止")

    def find(self) -> Person:
        found = Appointment.objects.select_related("person", "contact")
        self._appointment = get_object_or_404(found, pk=self.kwargs["pk"])
        return self._appointment.person

    def page_title(self) -> Any:
        assert self.person
        return _("终止：%(what)s") % {"what": self._appointment}

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.end_appointment(self.actor, self._appointment, **data)
