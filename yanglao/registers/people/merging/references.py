"""What hangs on a person's file, found through the models of every room.

A model with a foreign key to Person is moved with a merge. It may say otherwise, or name a reference without a
foreign key, by class attributes (this room cannot know the rooms above it):

    settles_merge = True        # hears PersonMerging and settles what one person may have once
    on_merge = "history"        # rows stay with the dropped file: they tell what was done under it
    person_reference = ("subject_id", {"subject_kind": "person"})   # column, and the rows in which it means a person
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db.models import Model, QuerySet, UniqueConstraint

from yanglao.registers.people.models import Person


@dataclass(frozen=True)
class Reference:
    """A column of a table that holds a person's number."""

    model: type[Model]
    column: str
    where: Mapping[str, Any] = field(default_factory=dict)

    @property
    def moves(self) -> bool:
        """Whether its rows go over to the kept file."""
        return getattr(self.model, "on_merge", "move") == "move"

    @property
    def table(self) -> str:
        return str(self.model._meta.label_lower)

    @property
    def label(self) -> str:
        return str(self.model._meta.verbose_name)

    def rows(self, person_id: int) -> QuerySet[Any]:
        """All rows of a person, wherever they lie."""
        return self.model._base_manager.filter(**self.where, **{self.column: person_id}).order_by("pk")

    def twice(self, kept: int, dropped: int) -> list[Any]:
        """Rows of the dropped file that cannot stand beside those of the kept one."""
        found: dict[Any, Any] = {}
        for names, condition in _unique(self.model):
            if self.column in names:
                others = [name for name in names if name != self.column]
                mine, his = self.rows(kept), self.rows(dropped)
                if condition is not None:
                    mine, his = mine.filter(condition), his.filter(condition)
                taken = set(mine.values_list(*others)) if others else {()} if mine.exists() else set()
                found.update((row.pk, row) for row in his if _key(row, others) in taken)
        return list(found.values())


def _key(row: Any, names: list[str]) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in names)


def _unique(model: type[Model]) -> Iterator[tuple[list[str], Any]]:
    """Sets of columns that may occur once, with the condition under which; expressions are none of ours."""
    meta = model._meta
    names: list[tuple[list[str], Any]] = [
        ([f.name], None) for f in meta.concrete_fields if f.unique and not f.primary_key
    ]
    names += [(list(together), None) for together in meta.unique_together]
    names += [
        (list(c.fields), c.condition)
        for c in meta.constraints
        if isinstance(c, UniqueConstraint) and c.fields
    ]
    for fields, condition in names:
        yield [meta.get_field(name).attname for name in fields], condition  # type: ignore[union-attr]


def references() -> list[Reference]:
    """Every reference to a person in the house, in a stable order."""
    related: list[Any] = Person._meta.get_fields(include_hidden=True)
    found = [
        Reference(rel.related_model, rel.field.attname)
        for rel in related
        if rel.auto_created and not rel.concrete and (rel.one_to_many or rel.one_to_one)
    ]
    for model in apps.get_models():
        if said := getattr(model, "person_reference", None):
            found.append(Reference(model, *said))
    return sorted(found, key=lambda r: (r.table, r.column))
