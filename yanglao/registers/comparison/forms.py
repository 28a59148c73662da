"""Forms of comparison."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.kernel.files.kinds import KINDS
from yanglao.registers.comparison.models import Clue
from yanglao.registers.comparison.sources import Source
from yanglao.shell.fields import DivisionField
from yanglao.shell.filters import DayInput
from yanglao.shell.sheets import FileRefused
from yanglao.shell.sheets.limits import LIMITS, check_size
from yanglao.shell.sheets.texts import ENCODINGS, TextForm


class UploadForm(forms.Form):
    """A department's file."""

    file = forms.FileField(
        label=gettext_lazy("文件"),
        max_length=200,
        help_text=gettext_lazy(
            "Excel 工作簿（.xlsx、.xls）、CSV 或文本（分隔符或定长，UTF-8、GB18030），最大 200 MB"
        ),
        error_messages={
            "empty": gettext_lazy("文件里没有内容：请确认选对了文件。"),
            "required": gettext_lazy("请选择要上传的文件。"),
        },
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls,.xlsm,.csv,.txt,.dat"}),
    )
    as_of = forms.DateField(
        label=gettext_lazy("数据截止日"),
        widget=DayInput(),
        help_text=gettext_lazy("文件说的是哪一天为止的情况"),
    )
    division = DivisionField(
        label=gettext_lazy("覆盖的区划"),
        right="comparison.upload",
        help_text=gettext_lazy("文件涉及哪里的人：只与这里的老年人比对"),
    )
    complete = forms.BooleanField(
        label=gettext_lazy("这是完整名单"),
        required=False,
        help_text=gettext_lazy("档案里有、名单里没有的人也列为线索。只有一部分人的文件不要勾选。"),
    )

    def __init__(self, *args: Any, source: Source, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if source.says != "holds":
            del self.fields["complete"]

    def clean_file(self) -> UploadedFile[Any]:
        file: UploadedFile[Any] = self.cleaned_data["file"]
        try:
            check_size(file.size or 0, LIMITS)
        except FileRefused as refused:
            raise forms.ValidationError("。".join(refused.problem.texts(_))) from refused
        return file


SIGNS = [
    (",", gettext_lazy("逗号 ,")),
    ("\t", gettext_lazy("制表符（Tab）")),
    ("|", gettext_lazy("竖线 |")),
    (";", gettext_lazy("分号 ;")),
    ("^", "^"),
    ("~", "~"),
    ("\x01", "\\x01"),
    ("，", gettext_lazy("中文逗号，")),
    ("；", gettext_lazy("中文分号；")),
    ("other", gettext_lazy("其他符号（填在右边）")),
    ("fixed", gettext_lazy("没有分隔符，每列定长")),
]


class TextFormatForm(forms.Form):
    """How a text file is laid out."""

    encoding = forms.ChoiceField(
        label=gettext_lazy("编码"),
        choices=list(zip(ENCODINGS, ("UTF-8", "GB18030 / GBK", "UTF-16"), strict=True)),
    )
    delimiter = forms.ChoiceField(label=gettext_lazy("分列方式"), choices=SIGNS)
    other = forms.CharField(label=gettext_lazy("其他分隔符"), required=False, max_length=1, strip=False)
    cuts = forms.CharField(
        label=gettext_lazy("定长：从第几位起是下一列"),
        required=False,
        max_length=400,
        help_text=gettext_lazy("从 0 数起，用逗号隔开，如 6,24,34"),
    )
    unit = forms.ChoiceField(
        label=gettext_lazy("位置按"),
        choices=[
            ("characters", gettext_lazy("字符（一个汉字算 1 位）")),
            ("bytes", gettext_lazy("字节（GB18030 中一个汉字算 2 位）")),
        ],
    )

    @classmethod
    def of(cls, form: TextForm) -> TextFormatForm:
        """Filled with a layout."""
        known = {sign for sign, _label in SIGNS}
        choice = "fixed" if form.fixed else (form.delimiter if form.delimiter in known else "other")
        return cls(
            initial={
                "encoding": form.encoding,
                "delimiter": choice,
                "other": form.delimiter if choice == "other" else "",
                "cuts": ",".join(map(str, form.cuts)),
                "unit": form.unit,
            }
        )

    def clean_cuts(self) -> tuple[int, ...]:
        text = self.cleaned_data["cuts"].replace("，", ",").replace(" ", ",")
        parts = [p for p in text.split(",") if p]
        if any(not p.isdigit() or not 0 < int(p) < 4000 for p in parts):
            raise forms.ValidationError(_("位置应是 1 至 3999 的数字，用逗号隔开。"))
        return tuple(sorted({int(p) for p in parts}))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("delimiter") == "other" and not data.get("other"):
            self.add_error("other", _("请填写用来分列的符号。"))
        return data

    def layout(self) -> TextForm:
        """The layout of a valid form."""
        data = self.cleaned_data
        sign = {"other": data["other"], "fixed": ""}.get(data["delimiter"], data["delimiter"])
        return TextForm(data["encoding"], sign, () if sign else data["cuts"], data["unit"])


HOW = [
    ("", "—"),
    ("visit", gettext_lazy("上门")),
    ("phone", gettext_lazy("电话")),
    ("document", gettext_lazy("查验证明")),
    ("neighbour", gettext_lazy("村（社区）核实")),
]
"""As standards/processes/clue.yaml has them."""


class ConfirmForm(forms.Form):
    """The clue is true."""

    on = forms.DateField(label=gettext_lazy("日期"), widget=DayInput(), required=False)
    value = forms.ChoiceField(label=gettext_lazy("登记为"), required=False)
    how = forms.ChoiceField(label=gettext_lazy("怎样核实的"), choices=HOW)
    reason = forms.CharField(label=gettext_lazy("核实情况"), max_length=400, required=False)
    evidence = forms.FileField(
        label=gettext_lazy("佐证材料"),
        required=False,
        help_text=gettext_lazy("可附照片、扫描件或 PDF"),
        widget=forms.ClearableFileInput(attrs={"accept": KINDS["document"].accept}),
    )

    def __init__(self, *args: Any, clue: Clue, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"on": clue.on, "value": clue.value})
        super().__init__(*args, **kwargs)
        from yanglao.registers.people.queries import kinds

        self.fields["on"].label = _ON.get(clue.says, gettext_lazy("日期"))
        self.fields["on"].widget.attrs["max"] = timezone.localdate().isoformat()
        if clue.says == "ends":
            del self.fields["value"]
        else:
            values = kinds()[clue.kind].values
            self.fields["value"].choices = [(name, str(value)) for name, value in values.items()]  # type: ignore[attr-defined]


_ON = {
    "death": gettext_lazy("死亡日期"),
    "holds": gettext_lazy("从哪天起"),
    "ends": gettext_lazy("从哪天起不再是"),
}


class DismissForm(forms.Form):
    """The clue is not true."""

    verdict = forms.ChoiceField(label=gettext_lazy("结论"), choices=[("", "—"), *Clue.Verdict.choices[1:]])
    reason = forms.CharField(
        label=gettext_lazy("理由"),
        max_length=200,
        help_text=gettext_lazy("怎样核实的、结果如何；同样的内容以后不再提示"),
    )


class PurposeForm(forms.Form):
    """Why somebody reads the row in clear."""

    purpose = forms.CharField(label=gettext_lazy("查阅用途"), max_length=100)
