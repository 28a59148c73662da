"""The form that hands over what a document gives to see to: rows chosen and edited, registered as matters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.shell.fields import YuanField
from yanglao.shell.filters import DayInput
from yanglao.steering.matters.queries import kinds

PARTS = ("take", "category", "number", "title", "lead", "partners", "due_on", "planned_fen")


@dataclass(frozen=True)
class Asked:
    """One chosen row as a person left it."""

    key: str
    kind: str
    category: str
    number: str
    title: str
    lead: str
    partners: str
    due_on: Any
    planned_fen: int | None


class HandForm(forms.Form):
    """A day for all, and for each row what is registered; only rows that are ticked are looked at."""

    due_on = forms.DateField(
        label=gettext_lazy("办理期限"),
        required=False,
        widget=DayInput(),
        help_text=gettext_lazy("没有单独写期限的，都用这一天"),
    )

    def __init__(self, *args: Any, rows: Sequence[dict[str, Any]], lead: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = list(rows)
        for row in self.rows:
            self._add(row, lead)

    def _add(self, row: dict[str, Any], lead: str) -> None:
        key, kind = row["key"], kinds()[row["kind"]]
        who = row["departments"]
        choices = [(name, str(word)) for name, word in kind.categories.items()]
        due = parse_date(row["due_on"]) if row["due_on"] else None
        fields: dict[str, forms.Field] = {
            "take": forms.BooleanField(label=_("交办"), required=False),
            "category": forms.ChoiceField(label=_("分类"), choices=choices, initial=row["category"]),
            "number": forms.CharField(label=_("编号"), required=False, max_length=40, initial=row["number"]),
            "title": forms.CharField(label=_("事项"), required=False, max_length=200, initial=row["title"]),
            "lead": forms.CharField(
                label=_("牵头单位"), required=False, max_length=60, initial=(who[0] if who else lead)[:60]
            ),
            "partners": forms.CharField(
                label=_("配合单位"), required=False, max_length=200, initial="、".join(who[1:])[:200]
            ),
            "due_on": forms.DateField(
                label=_("办理期限"),
                required=False,
                widget=DayInput(),
                initial=due if due and due >= timezone.localdate() else None,
            ),
        }
        if kind.money:
            planned = row["planned_fen"]
            initial = Decimal(planned) / 100 if planned is not None else None
            fields["planned_fen"] = YuanField(
                label=_("计划资金（元）"), required=False, min_value=Decimal(0), initial=initial
            )
        fields["category"].required = False
        self.fields.update({f"{name}_{key}": field for name, field in fields.items()})

    def groups(self) -> Iterator[tuple[str, list[dict[str, Any]]]]:
        """Kind in words → its rows with their bound fields."""
        for name, kind in kinds().items():
            rows = [row for row in self.rows if row["kind"] == name]
            if rows:
                yield str(kind), [self._bound(row) for row in rows]

    def _bound(self, row: dict[str, Any]) -> dict[str, Any]:
        names = [name for name in PARTS if f"{name}_{row['key']}" in self.fields]
        bound = {name: self[f"{name}_{row['key']}"] for name in names}
        return {
            **row,
            "take": bound.pop("take"),
            "fields": list(bound.values()),
            "wrong": any(field.errors for field in bound.values()),
        }

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        chosen = [row for row in self.rows if data.get(f"take_{row['key']}")]
        if not chosen:
            self.add_error(None, _("还没有勾选要交办的事项。"))
        for row in chosen:
            for name in ("title", "lead"):
                if not data.get(f"{name}_{row['key']}") and f"{name}_{row['key']}" not in self.errors:
                    self.add_error(f"{name}_{row['key']}", _("请填写此项。"))
            if not (data.get(f"due_on_{row['key']}") or data.get("due_on")):
                self.add_error(f"due_on_{row['key']}", _("请填写办理期限，或在最上面统一填写。"))
        return data

    def chosen(self) -> list[Asked]:
        """The ticked rows, after `is_valid`."""
        data = self.cleaned_data
        return [
            Asked(
                row["key"],
                row["kind"],
                data.get(f"category_{row['key']}") or row["category"],
                data[f"number_{row['key']}"],
                data[f"title_{row['key']}"],
                data[f"lead_{row['key']}"],
                data[f"partners_{row['key']}"],
                data[f"due_on_{row['key']}"] or data["due_on"],
                data.get(f"planned_fen_{row['key']}"),
            )
            for row in self.rows
            if data.get(f"take_{row['key']}")
        ]
