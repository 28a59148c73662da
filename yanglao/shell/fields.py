"""Form fields of the house: a division, found by name, pinyin or code; money in yuan."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from yanglao.kernel.divisions.models import Division
from yanglao.kernel.divisions.queries import full_name, search
from yanglao.kernel.scope import Level, contains, current


def label_of(code: int) -> str:
    """A division as its field shows it: 海曙区月湖街道; a city by its own name."""
    return full_name(code, below=Level.CITY) or full_name(code)


def _named(text: str) -> list[Division]:
    """Divisions whose full name this is: 海曙区南门街道, whose own name is some end of it."""
    ends = [text[i:] for i in range(1, len(text) - 1)]
    return [d for d in Division.objects.filter(name__in=ends, valid_to=None) if label_of(d.code) == text]


class DivisionInput(forms.Widget):
    """A text field with suggestions; the code travels beside it. Without scripts the typed text is looked up."""

    template_name = "shell/parts/division_input.html"
    wide = True

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        code = str(value) if str(value or "").isdigit() and len(str(value)) == 12 else ""
        context["widget"] |= {"code": code, "text": label_of(int(code)) if code else value or ""}
        return context

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        return data.get(name) or (data.get(f"{name}_text") or "").strip()

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return name not in data and f"{name}_text" not in data

    def format_value(self, value: Any) -> Any:
        return value


class DivisionField(forms.Field):
    """Cleans to a 12-digit code (int) or None. `levels`: which levels may be chosen; `right`: only where it is held."""

    widget = DivisionInput

    def __init__(self, *, levels: tuple[int, ...] = (), right: str = "", **kwargs: Any) -> None:
        self.levels, self.right = levels, right
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> int | None:
        text = str(value or "").strip()
        if not text:
            return None
        found = self._found(text)
        if len(found) > 1:
            names = _("、").join(label_of(d.code) for d in found[:4])
            raise ValidationError(
                _("“%(text)s”不止一处：%(names)s。请从提示中选择。") % {"text": text, "names": names}
            )
        if not found:
            raise ValidationError(
                _("没有找到“%(text)s”。请输入区划名称、拼音首字母或 12 位代码。") % {"text": text}
            )
        return found[0].code

    def _found(self, text: str) -> list[Division]:
        if text.isdigit() and len(text) == 12:
            found = list(Division.objects.filter(pk=int(text)))
        else:
            found = _named(text) or search(text)
            found = [d for d in found if d.name == text] or found
        return [d for d in found if self._allowed(d)]

    def _allowed(self, division: Division) -> bool:
        scope = current()
        here = not self.right or scope is None or contains(scope.spans(self.right), division.code)
        return here and (not self.levels or division.level in self.levels)

    def in_words(self, value: int) -> str:
        return label_of(value)


class YuanField(forms.DecimalField):
    """Money typed in yuan, cleaned to whole fen; None when nothing was typed. An initial of whole fen shows as yuan."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"min_value": 0, "max_digits": 14, "decimal_places": 2, **kwargs})

    def clean(self, value: Any) -> int | None:
        yuan: Decimal | None = super().clean(value)
        return None if yuan is None else int(yuan * 100)

    def prepare_value(self, value: Any) -> Any:
        return f"{Decimal(value) / 100:.2f}" if isinstance(value, int) else value
