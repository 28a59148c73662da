"""A personal field stands masked on a page; in clear it is shown once, after what for was recorded."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class SealedLine:
    """A personal field: its label, the name under which it is revealed, and its mask."""

    label: Any
    field: str
    mask: str

    @property
    def element(self) -> str:
        return "plain-" + (self.field or "text").replace(":", "-").replace("_", "-")


class PurposeForm(forms.Form):
    """What the reader says he needs it for; `field` names one of several."""

    field = forms.CharField(max_length=40, required=False)
    purpose = forms.CharField(max_length=60)
    detail = forms.CharField(max_length=40, required=False)

    def __init__(self, *args: Any, fields: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.allowed = re.compile(fields)

    def clean_field(self) -> str:
        field: str = self.cleaned_data["field"]
        if not self.allowed.fullmatch(field):
            raise ValidationError(_("没有这一项内容。"))
        return field

    @property
    def said(self) -> str:
        return "：".join(filter(None, (self.cleaned_data["purpose"], self.cleaned_data["detail"])))


def revealed(
    request: HttpRequest, read: Callable[[str, str], str], *, title: Any, back: str, fields: str = ""
) -> HttpResponseBase:
    """Answer a POST with what `read(field, purpose)` gives, or with why not (422).

    `fields` is the pattern of the field names that may be asked for; htmx gets the part alone, others a page.
    """
    form = PurposeForm(request.POST, fields=fields)
    context: dict[str, Any] = {"title": title, "back": back, "error": "", "text": ""}
    if not form.is_valid():
        context["error"] = _("请选择查阅用途。")
    else:
        try:
            context["text"] = read(form.cleaned_data["field"], form.said)
        except ValidationError as error:
            context["error"] = " ".join(error.messages)
    name = "shell/parts/plain.html" if request.headers.get("HX-Request") else "shell/revealed.html"
    return TemplateResponse(request, name, context, status=422 if context["error"] else 200)
