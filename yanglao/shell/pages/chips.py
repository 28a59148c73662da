"""What a list is filtered by now, in words, each with the address that takes it away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from yanglao.shell.pages.sealed import seal
from yanglao.shell.templatetags.shell import day

if TYPE_CHECKING:
    from yanglao.shell.pages.listing import ListPage


@dataclass(frozen=True)
class Chip:
    label: Any
    text: str
    url: str


def chips(page: ListPage) -> list[Chip]:
    if page.filters is None or not page.filters.form.is_bound or not page.filters.form.is_valid():
        return []
    form = page.filters.form
    return [
        Chip(form.fields[name].label, _in_words(form.fields[name], value), _without(page, name))
        for name, value in form.cleaned_data.items()
        if value not in (None, "", []) and name in form.fields
    ]


def _without(page: ListPage, name: str) -> str:
    if name in page.private:
        left = {n: str(page.asked[n]) for n in page.private if n in page.asked and n != name}
        return page.url_with(sealed=seal(left) if left else None)
    widget = page.filters.form.fields[name].widget  # type: ignore[union-attr]
    parts = [f"{name}_{suffix}" for suffix in getattr(widget, "suffixes", ())] + [
        f"{name}_{i}" for i in (0, 1)
    ]
    return page.url_with(**dict.fromkeys([name, f"{name}_text", *parts]))


def _in_words(field: Any, value: Any) -> str:
    if hasattr(field, "in_words"):
        return str(field.in_words(value))
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, slice):
        return _("%(from)s 至 %(to)s") % {"from": _edge(value.start), "to": _edge(value.stop)}
    if isinstance(value, list):
        return _("、").join(_choice(field, v) for v in value)
    return _choice(field, value)


def _edge(value: Any) -> str:
    return "…" if value is None else day(value) if hasattr(value, "isoformat") else str(value)


def _choice(field: Any, value: Any) -> str:
    if hasattr(value, "isoformat"):
        return day(value)
    labels = {
        str(k): label for k, label in getattr(field, "choices", ()) if not isinstance(label, list | tuple)
    }
    return str(labels.get(str(value), value))
