"""The form that asks only what is missing or old of a person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yanglao.registers.people.actions.asking import NONE, SAME
from yanglao.registers.people.completeness import Gap
from yanglao.registers.people.completeness_file import Item
from yanglao.registers.people.kinds import kinds
from yanglao.registers.people.models import Circumstance, Person, Relation
from yanglao.registers.people.rules.ethnic import ETHNIC_GROUPS

FEW = 9
SAID = _("%(item)s（现在：%(now)s）")
SKIP = ("", _("没有问到"))


class QuestionsForm(forms.Form):
    """A field per gap. `given` of the cleaned data is what the action takes: `answers`, and `contact` if there is one."""

    def __init__(
        self, *args: Any, person: Person, gaps: Sequence[Gap], facts: Iterable[Circumstance], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        self.held: dict[str, list[str]] = defaultdict(list)
        for row in facts:
            self.held[row.kind].append(row.value)
        self.questions = [gap for gap in gaps if gap.item.record != "account"]
        for gap in self.questions:
            self._ask(gap)
        for field in self.fields.values():
            field.required = False
            field.widget.attrs.setdefault("autocomplete", "off")

    def _ask(self, gap: Gap) -> None:
        item = gap.item
        if item.record == "contact":
            self._ask_contact(gap)
        elif item.column and item.column != "ethnicity":
            self._ask_text(item, gap)
        else:
            self.fields[item.heard_as] = _choice(item, self.held.get(item.fact, []), not gap.missing)

    def _ask_text(self, item: Item, gap: Gap) -> None:
        now = str(getattr(self.person, item.column)) if not gap.missing else ""
        if now:
            self._same(item.column, SAID % {"item": item, "now": now})
        label = _("新的%(item)s") % {"item": item} if now else str(item)
        attrs = {"inputmode": "tel"} if item.column == "phone" else {}
        self.fields[item.column] = forms.CharField(
            label=label, max_length=200, widget=forms.TextInput(attrs=attrs)
        )

    def _ask_contact(self, gap: Gap) -> None:
        if not gap.missing:
            self._same("contact", _("联系人：打通了电话"))
        self.fields["contact_name"] = forms.CharField(label=_("联系人姓名"), max_length=50)
        choices = [SKIP, *Relation.choices]
        self.fields["contact_relation"] = forms.ChoiceField(label=_("与老人关系"), choices=choices)
        tel = forms.TextInput(attrs={"inputmode": "tel"})
        self.fields["contact_phone"] = forms.CharField(label=_("联系人电话"), max_length=30, widget=tel)

    def _same(self, name: str, label: Any) -> None:
        choices = [SKIP, (SAME, _("没有变化"))]
        self.fields[f"{name}_same"] = forms.ChoiceField(
            label=label, choices=choices, widget=forms.RadioSelect, initial=""
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        answers: dict[str, str] = {}
        for gap in self.questions:
            name = gap.item.heard_as
            if answer := data.get(name) or data.get(f"{name}_same"):
                answers[name] = answer
        contact = {key: data.get(f"contact_{key}", "") for key in ("name", "relation", "phone")}
        if any(contact.values()) and not (contact["name"] and contact["relation"]):
            missing = "contact_relation" if contact["name"] else "contact_name"
            self.add_error(missing, _("增加联系人要填姓名和与老人关系。"))
        data["given"] = {"answers": answers, "contact": contact if contact["name"] else None}
        return data


def _choice(item: Item, held: Sequence[str], known: bool) -> forms.ChoiceField:
    values: list[tuple[str, Any]] = (
        [(v, str(label)) for v, label in kinds()[item.fact].values.items()]
        if item.fact
        else list(ETHNIC_GROUPS.items())
    )
    choices: list[tuple[str, Any]] = [SKIP]
    if known and (held or not item.may_be_none) and not (item.fact and kinds()[item.fact].renews):
        choices.append((SAME, _("没有变化")))
    if item.may_be_none:
        choices.append((NONE, _("没有这种情况")))
    now = "、".join(kinds()[item.fact].name_of(value) for value in held)
    label = SAID % {"item": item, "now": now} if now else str(item)
    widget = forms.RadioSelect() if len(values) <= FEW else forms.Select()
    return forms.ChoiceField(label=label, choices=[*choices, *values], widget=widget, initial="")
