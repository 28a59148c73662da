"""Form controls inside a table, where the row's heading is the label."""

from __future__ import annotations

from django import forms, template
from django.forms import BoundField
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def cell(bound: BoundField) -> SafeString:
    """The control alone, named for screen readers by its label, its errors below it."""
    css = "form-select" if isinstance(bound.field.widget, forms.Select) else "form-control"
    attrs: dict[str, str | bool] = {
        "class": f"{css} is-invalid" if bound.errors else css,
        "aria-label": str(bound.label),
    }
    if bound.errors:
        attrs["aria-describedby"] = f"{bound.id_for_label}-error"
    widget = bound.as_widget(attrs=attrs)
    errors = format_html_join("", "<div>{}</div>", ((error,) for error in bound.errors))
    if not errors:
        return widget
    return format_html(
        '{}<div class="invalid-feedback" id="{}-error">{}</div>', widget, bound.id_for_label, errors
    )
