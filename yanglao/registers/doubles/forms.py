"""Forms of the work list."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class ReasonForm(forms.Form):
    """Why two files are not one person's, or are to be looked at again."""

    reason = forms.CharField(
        label=_("理由"),
        max_length=200,
        help_text=_("例如：双胞胎；同村同名，已电话核实；身份证原件已查验。不要写身份证号等个人信息。"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
