"""What the reading found, in words: why a file cannot be read, what was mended, recognised, doubted, left unread."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

REFUSALS = {
    "empty": gettext_lazy("“%(name)s”里没有文字。请确认选对了文件，或把正文粘贴进来。"),
    "garbled": gettext_lazy(
        "“%(name)s”是乱码，读不出原文。请用原来的软件打开，另存为 UTF-8 文本或 .docx 后再导入。"
    ),
    "not_chinese": gettext_lazy("“%(name)s”里几乎没有中文，不是可以读取的政策文件。请核对文件。"),
    "image_only": gettext_lazy(
        "“%(name)s”是扫描件或图片（%(pages)s 页），里面没有文字。请先做文字识别，或导入文件的电子版。"
    ),
    "password": gettext_lazy("“%(name)s”加了密码。请去掉密码另存一份，再导入。"),
    "old_word": gettext_lazy("“%(name)s”是旧版 Word 文件（.doc）。请用 Word 或 WPS 另存为 .docx 后再导入。"),
    "broken": gettext_lazy("“%(name)s”已损坏，打不开。请在原来的软件中打开、另存后再导入。"),
    "unknown": gettext_lazy("“%(name)s”不是 .docx、.pdf、.txt 或 .html 文件。请另存为其中一种，或粘贴正文。"),
    "bomb": gettext_lazy("“%(name)s”解压后过大，不像正常的文件。请删去图片和多余格式后再导入。"),
}
REASONS = {
    "pinyin": gettext_lazy("去掉夹注的拼音"),
    "traditional": gettext_lazy("繁体改为简体"),
    "garbled": gettext_lazy("被替换的近义词还原"),
    "piece_number": gettext_lazy("去掉文库分段号"),
    "page_number": gettext_lazy("去掉页码"),
    "navigation": gettext_lazy("去掉网页栏目和按钮"),
    "running_head": gettext_lazy("去掉页眉页脚"),
    "wrapped": gettext_lazy("接上换行的句子"),
    "table": gettext_lazy("散开的单元格排回表格"),
    "space": gettext_lazy("去掉词中的空格"),
}
UNREAD = {
    "masked": gettext_lazy("数字被遮盖"),
    "masked_year": gettext_lazy("年份被遮盖"),
    "vague": gettext_lazy("只有约数，没有数字"),
    "no_unit": gettext_lazy("数字没有计量单位"),
    "blank": gettext_lazy("数字处是空白"),
}
RULES = {
    "number_unit": gettext_lazy("数字和计量单位"),
    "number": gettext_lazy("数字"),
    "share": gettext_lazy("比例"),
    "per": gettext_lazy("“每……”的口径"),
    "daily": gettext_lazy("每日"),
    "average": gettext_lazy("平均"),
    "circle": gettext_lazy("服务圈"),
    "cumulative": gettext_lazy("累计或期间"),
    "have": gettext_lazy("“达到、拥有”的说法"),
    "build": gettext_lazy("“建设、培训”的说法"),
    "unit": gettext_lazy("计量单位说明是次数"),
    "state": gettext_lazy("“目前、现有”的说法"),
    "feature": gettext_lazy("项目本身的规模"),
    "base": gettext_lazy("服务对象的人数"),
    "among": gettext_lazy("“其中”的说法"),
    "comparison": gettext_lazy("比较词"),
    "verb": gettext_lazy("动作词"),
    "deadline": gettext_lazy("句中写明时限"),
    "section": gettext_lazy("所在章节"),
    "whole": gettext_lazy("“全部、所有”的说法"),
    "milestone": gettext_lazy("“出台、编制、完成”的说法"),
    "table": gettext_lazy("表格中的一格"),
    "place_share": gettext_lazy("分解到各地的数"),
    "parts_add_up": gettext_lazy("分年度数相加等于累计数"),
    "heading": gettext_lazy("编号标题"),
    "bracket": gettext_lazy("责任单位在括号里"),
    "line": gettext_lazy("责任单位单独成行"),
    "column": gettext_lazy("责任单位在表格列中"),
    "subject": gettext_lazy("以部门为主语"),
    "group": gettext_lazy("责任单位写在同组最后一条"),
    "below": gettext_lazy("责任单位写在下级条目"),
    "marked": gettext_lazy("文件写明牵头单位"),
    "indicator": gettext_lazy("与已有指标名称相近"),
    "assumed": gettext_lazy("类型按动作词推定"),
}
DOUBTS = {
    "no_deadline": gettext_lazy("没有写时限"),
    "deadline_no_year": gettext_lazy("时限没有年份"),
    "deadline_masked": gettext_lazy("时限的年份被遮盖"),
    "deadline_period": gettext_lazy("时限是一段时期"),
    "unit_left_out": gettext_lazy("原文没有写计量单位"),
    "no_name": gettext_lazy("没有读出名称"),
    "tense": gettext_lazy("像是已完成的事"),
    "assumed": gettext_lazy("类型是推定的"),
    "typed": gettext_lazy("数字由人填写，不在这句话里"),
    "year_end": gettext_lazy("时限取文件止期"),
}
TONES = {"open": "warn", "confirmed": "good", "dropped": "dull", "aside": "dull", "taken": "good", "refused": "bad",
         "reading": "info"}  # fmt: skip


def refusal(told: Mapping[str, Any]) -> str:
    """The sentence for a stored refusal ({code, name, pages})."""
    said = REFUSALS.get(str(told.get("code", "")), REFUSALS["broken"])
    facts = {"name": "", "pages": 0, **told}
    return str(said) % facts if told else ""


def note(told: Mapping[str, Any]) -> str:
    """A note of the reading: how far it read, which pages are pictures."""
    if told.get("code") == "cut":
        return _("文件很长：读了前 %(read)s 个字，全文 %(whole)s 个字。其余请拆开另行导入。") % told
    if told.get("code") == "pages":
        return _("文件共 %(pages)s 页，读了前 %(read)s 页。其余请拆开另行导入。") % told
    if told.get("code") == "pictures":
        return _("有 %(pages)s 页是图片，没有文字，未能读取。") % told
    return ""
