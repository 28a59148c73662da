# i18n: data (headings and words of a workbook are Chinese in either language)
"""The workbook of a roster: its columns under the names rosters give them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy

from yanglao.registers.people.kinds import Kind, kinds
from yanglao.registers.people.models import Relation
from yanglao.registers.people.roster import parsing
from yanglao.registers.people.roster.checking import check_rows
from yanglao.registers.people.roster.commit import commit
from yanglao.registers.people.roster.undo import undo
from yanglao.registers.people.rules import cells
from yanglao.shell.imports.cells import division
from yanglao.shell.sheets import Column, Finding, ImportTemplate, Problem, at, date, phone, resident_id, text
from yanglao.shell.sheets import bank_account as bank_account_parser
from yanglao.shell.sheets import mark as _

SEX_DIFFERS = Problem(
    _("性别与身份证号不符"), _("身份证号第 17 位单数为男、双数为女"), _("核对性别和身份证号，改正错的一处")
)
BIRTH_DIFFERS = Problem(
    _("出生日期与身份证号不符"),
    _("以身份证号第 7 至 14 位为准登记"),
    _("核对两者；身份证号有误时请改正身份证号"),
    "warning",
)
DIED_BEFORE_BIRTH = Problem(_("去世日期早于出生日期"), _("两个日期前后颠倒"), _("核对去世日期和身份证号"))
NO_BANK = Problem(_("缺少开户银行"), _("填了银行账号，没有填开户银行"), _("补上开户银行，如“中国农业银行”"))


def agrees(row: Any) -> Iterable[Finding]:
    """Sex, birth and death against the resident id; account against bank."""
    if row.id_number is not None:
        if row.sex is not None and row.sex != row.id_number.sex:
            yield at(row, "sex", SEX_DIFFERS)
        if row.birth_date is not None and row.birth_date != row.id_number.birth_date:
            yield at(row, "birth_date", BIRTH_DIFFERS)
        if row.dead_on is not None and row.dead_on < row.id_number.birth_date:
            yield at(row, "dead_on", DIED_BEFORE_BIRTH)
    if row.account is not None and row.bank is None:
        yield at(row, "bank", NO_BANK)


def _day(title: str, field: str, note: str, *synonyms: str) -> Column:
    return Column(
        title, field, parse=date(latest=dt.date.today, day_optional=True), note=note, synonyms=synonyms
    )


def _fact(kind: Kind) -> Column:
    return Column(
        kind.roster,
        kind.kind,
        parse=parsing.fact(kind),
        choices=[v.label for v in kind.values.values()],
        sensitive=kind.is_sealed,
        synonyms=kind.also,
        note=_("每月多少元") if kind.is_sealed else _("可写几项，用顿号隔开") if kind.many else "",
    )


def roster_kinds() -> list[Kind]:
    """The kinds that have a column."""
    return [kind for kind in kinds().values() if kind.roster]


COLUMNS = [
    Column("姓名", "name", parse=cells.name, required=True, synonyms=("老人姓名", "名字"), example="张三"),
    Column("性别", "sex", choices={"男": 1, "女": 2}),
    Column("民族", "ethnicity", parse=parsing.ethnicity, example="汉族"),
    Column(
        "公民身份号码",
        "id_number",
        parse=resident_id(allow_test=settings.TEST_ID_NUMBERS),
        required=True,
        sensitive=True,
        synonyms=("身份证号", "身份证号码", "证件号码", "身份证"),
        note=_("18 位，请把这一列设为文本格式"),
    ),
    Column(
        "出生日期",
        "birth_date",
        parse=date(latest=dt.date.today),
        synonyms=("出生年月", "出生年月日"),
        note=_("可不填，以身份证号为准"),
        example="1941-03-05",
    ),
    Column(
        "户籍地",
        "hukou",
        parse=division,
        required=True,
        synonyms=("户籍所在地", "户籍区划", "户口所在地"),
        note=_("区划代码，或“区县 街道 社区（村）”"),
        example="海曙区 南门街道 万安社区",
    ),
    Column(
        "居住地",
        "residence",
        parse=division,
        synonyms=("常住地", "实际居住地", "现居住地", "居住区划"),
        note=_("不填即与户籍地相同"),
    ),
    Column(
        "户籍地址",
        "hukou_address",
        parse=text(200),
        sensitive=True,
        synonyms=("户籍详细地址", "户口地址"),
    ),
    Column(
        "居住地址",
        "address",
        parse=text(200),
        sensitive=True,
        synonyms=("现住址", "家庭住址", "详细地址", "居住详细地址"),
    ),
    Column(
        "联系电话", "phone", parse=phone(), sensitive=True, synonyms=("电话", "手机", "手机号码", "联系方式")
    ),
    *(_fact(kind) for kind in roster_kinds()),
    _day(
        "户籍登记日期",
        "hukou_since",
        _("户籍从哪天起在这里；不填按导入当月 1 日"),
        "户籍迁入日期",
        "入户日期",
    ),
    _day(
        "居住起始日期", "residence_since", _("从哪天起住在这里；不填按导入当月 1 日"), "入住日期", "迁入日期"
    ),
    _day("情况起始日期", "since", _("经济状况、居住状况等从哪天起；不填按导入当月 1 日"), "认定日期"),
    _day("评估日期", "ability_since", _("能力等级的评估日期"), "能力评估日期"),
    _day("津贴申请日期", "applied_on", _("申请高龄津贴的日期"), "高龄津贴申请日期", "申请日期"),
    _day("生存认证日期", "verified_on", _("最近一次核实健在的日期"), "认证日期", "年审日期"),
    _day("去世日期", "dead_on", "", "死亡日期", "去世时间", "死亡时间"),
    Column("开户银行", "bank", parse=text(80), synonyms=("开户行", "银行", "开户行名称")),
    Column(
        "银行账号",
        "account",
        parse=bank_account_parser(),
        sensitive=True,
        synonyms=("银行卡号", "卡号", "账号", "一卡通账号"),
        note=_("请把这一列设为文本格式"),
    ),
    Column("户名", "holder", parse=cells.name, synonyms=("账户名", "开户名"), note=_("不填即本人")),
    Column("联系人", "contact", parse=cells.name, synonyms=("联系人姓名", "紧急联系人", "家属姓名")),
    Column(
        "联系人关系",
        "contact_relation",
        choices={str(label): value for value, label in Relation.choices},
        synonyms=("与老人关系",),
    ),
    Column(
        "联系人电话", "contact_phone", parse=phone(), sensitive=True, synonyms=("家属电话", "紧急联系电话")
    ),
    Column("备注", "note", parse=text(200), synonyms=("说明",)),
]

ROSTER = ImportTemplate(
    name="people.roster",
    label=gettext_lazy("老年人花名册"),  # type: ignore[arg-type]
    right="people.import",
    columns=COLUMNS,
    row_checks=(agrees,),
    unique=("id_number",),
    check_rows=check_rows,
    commit=commit,
    undo=undo,
    keep_good_rows=True,
    max_rows=200_000,
    instructions=(
        _("按公民身份号码识别：已有档案的，把新情况记为新的事实，原有记录都保留；没有档案的新建。"),
        _("已在别的区县有档案的，不会直接改户籍地和居住地，而是列为“两地报送”等待核实。"),
        _("空着的格子不改变任何已有内容。"),
    ),
    description=_("按花名册新建老年人档案或补充新情况"),
)
