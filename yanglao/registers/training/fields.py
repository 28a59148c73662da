"""Form fields of training: a place by its name."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from yanglao.registers.places.queries import Place


class PlaceField(forms.CharField):
    """Cleans to a Place within the scope, found by its name or the beginning of it; None when left empty."""

    def clean(self, value: Any) -> Place | None:
        text = super().clean(value)
        if not text:
            return None
        rows = Place.objects.filter(closed_on=None)
        found = list(rows.filter(name=text).order_by("id")[:2])
        found = found or list(rows.filter(name__prefix=text).order_by("id")[:5])
        if len(found) == 1:
            return found[0]
        if not found:
            raise ValidationError(
                _("机构设施登记簿里没有“%(text)s”：请核对名称，或留空后在地址栏填写。") % {"text": text}
            )
        several = _("、").join(place.name for place in found)
        raise ValidationError(
            _("“%(text)s”不止一处：%(several)s。请写全名。") % {"text": text, "several": several}
        )

    def prepare_value(self, value: Any) -> Any:
        return value.name if isinstance(value, Place) else value
