from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.shell.sheets import FileRefused
from yanglao.shell.sheets.limits import LIMITS, check_size


class UploadForm(forms.Form):
    """The filled workbook."""

    file = forms.FileField(
        label=gettext_lazy("填好的工作簿"),
        max_length=200,
        help_text=gettext_lazy("Excel 工作簿（.xlsx、.xls）或 CSV，最大 200 MB"),
        error_messages={
            "empty": gettext_lazy("文件里没有内容：请确认选对了文件。"),
            "required": gettext_lazy("请选择要上传的文件。"),
        },
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls,.xlsm,.csv,.txt"}),
    )

    def clean_file(self) -> UploadedFile[Any]:
        file: UploadedFile[Any] = self.cleaned_data["file"]
        try:
            check_size(file.size or 0, LIMITS)
        except FileRefused as refused:
            raise forms.ValidationError("。".join(refused.problem.texts(_))) from refused
        return file


class CommitForm(forms.Form):
    """What the user ticks before a batch is written."""

    good_only = forms.BooleanField(required=False)
    again = forms.BooleanField(required=False)

    def choices(self) -> dict[str, Any]:
        return {"good_only": self.cleaned_data["good_only"], "again": self.cleaned_data["again"]}
