# i18n: data (headings and words of a workbook are Chinese in either language)
"""The staff list 从业人员名册: who works where as what; new files are opened, known ones gain a spell."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from yanglao.registers.workforce import kinds
from yanglao.registers.workforce.models import Education, Employment
from yanglao.registers.workforce.sheets.columns import (
    ID_NUMBER,
    LEVELS,
    NAME,
    day,
    level,
    post_labels,
    worded,
)
from yanglao.registers.workforce.sheets.staff_checks import agrees, check_rows
from yanglao.registers.workforce.sheets.staff_commit import commit, undo
from yanglao.shell.imports.cells import division
from yanglao.shell.sheets import Column, ImportTemplate, choice, phone, text
from yanglao.shell.sheets import mark as _

EDUCATION = {
    "小学及以下": "primary", "初中": "junior", "高中": "senior", "中专、中职、技校": "vocational",
    "大专、高职": "college", "本科": "bachelor", "研究生": "master",
}  # fmt: skip
EDUCATION_WORDS = {
    "文盲": "小学及以下", "小学": "小学及以下", "中专": "中专、中职、技校", "中职": "中专、中职、技校",
    "技校": "中专、中职、技校", "高中和中专": "高中", "大专": "大专、高职", "高职": "大专、高职", "专科": "大专、高职",
    "大学": "本科", "大学本科": "本科", "本科及以上": "本科", "硕士": "研究生", "博士": "研究生", "硕士研究生": "研究生",
}  # fmt: skip
CONTRACT = {
    "劳动合同": "labour", "劳务派遣": "dispatch", "劳务协议（含退休返聘）": "service", "事业编制": "public", "实习": "intern",
    "未签合同": "none",
}  # fmt: skip
CONTRACT_WORDS = {
    "合同工": "劳动合同", "签订劳动合同": "劳动合同", "派遣": "劳务派遣", "劳务协议": "劳务协议（含退休返聘）",
    "劳务合同": "劳务协议（含退休返聘）", "返聘": "劳务协议（含退休返聘）", "退休返聘": "劳务协议（含退休返聘）",
    "在编": "事业编制", "编制": "事业编制", "无": "未签合同", "未签": "未签合同",
}  # fmt: skip
INSURED = {
    "已参加职工社会保险": "full", "仅工伤或意外伤害保险": "injury", "本人以灵活就业身份参保": "own", "未参保": "none",
}  # fmt: skip
INSURED_WORDS = {
    "是": "已参加职工社会保险", "已参保": "已参加职工社会保险", "五险": "已参加职工社会保险", "社保": "已参加职工社会保险",
    "职工社保": "已参加职工社会保险", "工伤": "仅工伤或意外伤害保险", "意外险": "仅工伤或意外伤害保险",
    "灵活就业": "本人以灵活就业身份参保", "否": "未参保", "无": "未参保",
}  # fmt: skip
PAY = {
    "3000元以下": "0", "3000—3999元": "3000", "4000—4999元": "4000", "5000—6999元": "5000", "7000—9999元": "7000",
    "10000元以上": "10000",
}  # fmt: skip
LEFT = {
    "本人辞职": "resigned", "合同到期": "expired", "单位解除": "dismissed", "退休": "retired", "调动": "transferred",
    "岗位变动": "changed", "机构停业": "closed", "死亡": "died", "其他": "other",
}  # fmt: skip
LEFT_WORDS = {
    "辞职": "本人辞职",
    "离职": "本人辞职",
    "辞退": "单位解除",
    "解除": "单位解除",
    "停业": "机构停业",
}
FULL_TIME = {"全职": True, "兼职": False}
assert set(EDUCATION.values()) == set(Education.values)
assert set(LEFT.values()) == set(Employment.Left.values)

COLUMNS = [
    NAME,
    ID_NUMBER,
    Column("性别", "sex", choices={"男": 1, "女": 2}, note=_("可不填，以身份证号为准")),
    Column(
        "联系电话", "phone", parse=phone(), sensitive=True, synonyms=("电话", "手机", "手机号码", "联系方式")
    ),
    Column(
        "用人单位",
        "employer",
        parse=text(120),
        required=True,
        synonyms=("所在机构", "机构名称", "工作单位", "服务机构", "单位名称", "养老机构名称"),
        note=_("机构设施、运营方或单位登记的全名"),
    ),
    Column(
        "岗位",
        "post",
        parse=worded(post_labels, kinds.post_words),
        choices=lambda: list(post_labels().values()),
        required=True,
        synonyms=("岗位类别", "工种", "从事岗位", "人员类别", "岗位名称"),
    ),
    Column("职务", "title", parse=text(40)),
    Column(
        "全职或兼职", "full_time", choices=FULL_TIME, synonyms=("是否全职", "用工性质"), note=_("不填为全职")
    ),
    day(
        "入职日期",
        "starts",
        "入职时间",
        "参加工作时间（本单位）",
        "上岗日期",
        "到岗日期",
        past=False,
        required=True,
    ),
    day("离职日期", "ends", "离职时间", past=False, note=_("不再在岗的第一天")),
    Column("离职原因", "left", parse=choice(LEFT, LEFT_WORDS), choices=list(LEFT)),
    Column(
        "用工形式",
        "contract",
        parse=choice(CONTRACT, CONTRACT_WORDS),
        choices=list(CONTRACT),
        synonyms=("合同类型", "劳动关系", "是否签订劳动合同"),
    ),
    day("合同到期日", "contract_until", "合同截止日期", "合同终止日期", past=False),
    Column(
        "社会保险",
        "insured",
        parse=choice(INSURED, INSURED_WORDS),
        choices=list(INSURED),
        synonyms=("参保情况", "是否参保", "缴纳社保情况"),
    ),
    Column("基本工资", "pay", choices=PAY, synonyms=("工资水平", "月工资")),
    Column(
        "学历",
        "education",
        parse=choice(EDUCATION, EDUCATION_WORDS),
        choices=list(EDUCATION),
        synonyms=("文化程度", "学历层次"),
    ),
    Column("毕业院校", "school", parse=text(60)),
    Column("所学专业", "major", parse=text(60), synonyms=("专业",)),
    day("毕业日期", "graduated_on", "毕业时间"),
    day(
        "首次从事养老服务日期",
        "entered_trade_on",
        "从业起始日期",
        "从事养老服务起始时间",
        note=_("早于本次入职的填写"),
    ),
    Column("户籍地", "hukou", parse=division, synonyms=("户籍所在地", "户籍区划")),
    Column(
        "护理员等级",
        "level",
        parse=level,
        choices=list(LEVELS),
        synonyms=("技能等级", "职业技能等级", "持证等级", "护理员技能等级"),
        note=_("有养老护理员职业技能等级证书的填写"),
    ),
    Column("护理员证书编号", "number", parse=text(40), synonyms=("证书编号", "证书号")),
    day("护理员发证日期", "issued_on", "发证日期", "发证时间"),
    Column("备注", "note", parse=text(200), synonyms=("说明",)),
]

STAFF = ImportTemplate(
    name="workforce.staff",
    label=gettext_lazy("从业人员名册"),  # type: ignore[arg-type]
    right="workforce.import",
    columns=COLUMNS,
    row_checks=(agrees,),
    unique=(("id_number", "employer"), "number"),
    check_rows=check_rows,
    commit=commit,
    undo=undo,
    keep_good_rows=True,
    own=True,
    max_rows=100_000,
    instructions=(
        _("按公民身份号码识别：已有档案的，在原档案上登记这次任职；没有档案的新建。"),
        _("同一单位、同一入职日期的任职已经登记过的，按名册补充或更正；填了离职日期的登记离职。"),
        _("空着的格子不改变任何已有内容。其他证书用“从业人员证书”另行导入。"),
    ),
    description=_("按名册登记从业人员的任职"),
)
