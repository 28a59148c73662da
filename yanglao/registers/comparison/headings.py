# i18n: data (as departments write them)
"""Headings and words of files: what columns are called, and how degrees and sexes are written."""

from __future__ import annotations

SYNONYMS: dict[str, tuple[str, ...]] = {
    "id_number": ("公民身份号码", "身份证号码", "身份证", "证件号码", "证件号", "公民身份证号", "身份证件号码", "身份号码", "sfzh", "gmsfhm"),
    "name": ("老人姓名", "人员姓名", "本人姓名", "姓  名", "xm"),
    "sex": ("性  别", "xb"),
    "birth_date": ("出生年月日", "出生年月", "生日", "csrq"),
    "event_date": ("日期", "发生日期"),
    "until": ("截止日期", "终止日期", "结束日期"),
    "value": ("类别", "种类"),
    "level": ("等级", "级别"),
    "reason": ("原因", "备注"),
    "address": ("地址", "家庭住址", "居住地址", "户籍地址", "现住址", "户籍地"),
    "phone": ("联系电话", "电话", "手机", "手机号", "手机号码"),
}  # fmt: skip
TITLES = {
    "id_number": "身份证号", "name": "姓名", "sex": "性别", "birth_date": "出生日期", "event_date": "日期", "until": "截止日期",
    "value": "类别", "level": "等级", "reason": "原因", "address": "地址", "phone": "电话",
}  # fmt: skip
DEGREES = {
    "1": "一级",
    "2": "二级",
    "3": "三级",
    "4": "四级",
    "一": "一级",
    "二": "二级",
    "三": "三级",
    "四": "四级",
}


SEXES = {"男": 1, "女": 2, "1": 1, "2": 2}
