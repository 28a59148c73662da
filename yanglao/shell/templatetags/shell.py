"""Small words of the pages: icons, figures, states, links that change one part of the address."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django import forms, template
from django.core.serializers.json import DjangoJSONEncoder
from django.forms import BoundField
from django.http import HttpRequest, QueryDict
from django.templatetags.static import static
from django.utils import formats, timezone
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from yanglao.kernel.divisions.queries import full_name
from yanglao.kernel.scope import Level, level_of

register = template.Library()

TONES = ("good", "warn", "bad", "info", "dull")


@register.simple_tag
def icon(name: str, extra: str = "") -> SafeString:
    """An outline from the sprite. It says nothing to a screen reader: the words beside it do."""
    return format_html(
        '<svg class="icon {}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        extra,
        static("icons.svg"),
        name,
    )


@register.filter
def yuan(fen: int | None) -> str:
    """Money: 1234567 fen as 12,345.67."""
    if fen is None:
        return "—"
    sign, fen = ("-" if fen < 0 else ""), abs(int(fen))
    return f"{sign}{fen // 100:,}.{fen % 100:02d}"


@register.filter
def figure(value: Any) -> str:
    """A number with thousands marks and no idle zeros: 1234.50 as 1,234.5; other things as they are."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    return f"{value:,}" if isinstance(value, int) else f"{value:,.2f}".rstrip("0").rstrip(".")


@register.filter
def percent(value: float | None, digits: int = 1) -> str:
    """A share between 0 and 1 as 57.3%."""
    return "—" if value is None else f"{value * 100:.{digits}f}%"


@register.filter
def source(text: str) -> str:
    """Where a record comes from as a person reads it: `import:12` is the twelfth import."""
    kind, _colon, number = text.partition(":")
    return _("名册导入第%(number)s批") % {"number": number} if kind == "import" else text


@register.filter
def dash(value: Any) -> Any:
    """An em dash where there is nothing, so that an empty cell is seen to be empty."""
    return "—" if value is None or value == "" else value


@register.filter
def division(code: int | None, below: str = "city") -> str:
    """The name of a division with those above it: `{{ code|division }}` 海曙区月湖街道, `|division:"own"` 月湖街道."""
    if code is None:
        return "—"
    if below == "own":
        return full_name(code, below=Level(level_of(code) - 1)) if level_of(code) > 1 else full_name(code)
    return full_name(code, below=Level[below.upper()]) or division(code, "own")


@register.filter
def age(born: date | None, on: date | None = None) -> str:
    """Full years of age on a day (today when none is given)."""
    if born is None:
        return "—"
    on = on or timezone.localdate()
    return str(on.year - born.year - ((on.month, on.day) < (born.month, born.day)))


@register.filter
def day(value: date | datetime | None) -> str:
    """A day as 2026-11-21, as tables sort it."""
    if value is None:
        return "—"
    if isinstance(value, datetime):
        value = timezone.localtime(value)
    return value.strftime("%Y-%m-%d")


@register.filter
def moment(value: datetime | None) -> str:
    """A time as 2026-11-21 09:05."""
    return "—" if value is None else timezone.localtime(value).strftime("%Y-%m-%d %H:%M")


@register.filter
def long_day(value: date | None) -> str:
    return "—" if value is None else formats.date_format(value, "DATE_FORMAT")


@register.simple_tag
def status(text: Any, tone: str = "dull") -> SafeString:
    """A state in words, with a colour and a shape that repeat it. Tones: good warn bad info dull."""
    if tone not in TONES:
        raise ValueError(f"no such tone: {tone}; known are {', '.join(TONES)}")
    return format_html('<span class="status status-{}">{}</span>', tone, text)


@register.simple_tag
def bar(value: float, most: float, tone: str = "", mark: float | None = None) -> SafeString:
    """A small bar of `value` against `most`, with an optional line at `mark` (a target). Say the figure beside it."""
    share = 0.0 if not most else max(0.0, min(1.0, value / most))
    line = ""
    if mark is not None and most:
        line = format_html(
            '<rect class="bar-mark" x="{}%" width="2" height="100%"></rect>',
            f"{min(99.5, mark / most * 100):.1f}",
        )
    return format_html(
        '<svg class="bar" aria-hidden="true" preserveAspectRatio="none">'
        '<rect class="{}" width="{}%" height="100%"></rect>{}</svg>',
        f"bar-{tone}" if tone else "bar-plain",
        f"{share * 100:.1f}",
        line,
    )


@register.simple_tag(takes_context=True)
def query(context: Mapping[str, Any], **changes: Any) -> str:
    """This page's address with some parameters changed (None takes one out): `{% query sort="name" after=None %}`."""
    request: HttpRequest = context["request"]
    return changed_query(request.GET, changes)


def changed_query(current: QueryDict, changes: Mapping[str, Any]) -> str:
    parameters = current.copy()
    for name, value in changes.items():
        if value is None or value == "":
            parameters.pop(name, None)
        else:
            parameters[name] = value
    return f"?{parameters.urlencode()}" if parameters else "?"


@register.inclusion_tag("shell/parts/field.html")
def field(bound: BoundField, wide: bool = False, notes: bool = True) -> dict[str, Any]:
    """A form field with its label, help and errors, tied together for screen readers."""
    kind, css = _look(bound.field.widget)
    own = bound.field.widget.attrs.get("class", "")
    invalid = "is-invalid" if bound.errors else ""
    attrs: dict[str, str | bool] = {"class": " ".join(filter(None, (css, own, invalid)))}
    return {
        "field": bound,
        "widget": bound.as_widget(attrs=attrs),
        "kind": kind,
        "wide": wide,
        "notes": notes,
    }


@register.inclusion_tag("shell/parts/list_field.html")
def list_field(bound: BoundField, number: int) -> dict[str, Any]:
    """A field of a list's filter bar: phones show the first, wide pages the first five, until asked for more."""
    place = "field-first" if number == 1 else "field-more" if number > 5 else ""
    return {**field(bound, wide=getattr(bound.field.widget, "wide", False)), "place": place}


def _look(widget: forms.Widget) -> tuple[str, str]:
    """(how the field is laid out, the class of its control)."""
    match widget:
        case forms.CheckboxInput():
            return "check", "form-check-input"
        case forms.RadioSelect() | forms.CheckboxSelectMultiple():
            return "choices", "choice-list"
        case forms.Select():
            return "plain", "form-select"
        case forms.FileInput():
            return "file", "hidden-text"
    return "plain", "form-control"


@register.simple_tag
def json_data(data: Any, element_id: str) -> SafeString:
    """Data for a script of ours, as a JSON block that a browser never runs."""
    text = json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False)
    escaped = text.translate({ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"})
    return format_html('<script type="application/json" id="{}">{}</script>', element_id, mark_safe(escaped))


@register.simple_tag
def words(items: Iterable[Any], empty: str = "") -> SafeString:
    """A short list joined as the language joins it: 甲、乙."""
    return mark_safe(_("、").join(conditional_escape(i) for i in items) or conditional_escape(empty))
