"""What the keys of a policy file are called on the form. An unknown key shows its own name."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

LABELS = {
    "basics": _("基本情况"),
    "id": _("编号"),
    "kind": _("种类"),
    "division": _("区划代码"),
    "subject": _("发给谁"),
    "values_on": _("月中调标准，按哪天的"),
    "facts_on": _("情形看哪一天"),
    "amount": _("金额算式"),
    "notes": _("说明（每行一条）"),
    "gives": _("给什么"),
    "uses": _("引用的标准"),
    "title": _("名称"),
    "zh": _("中文"),
    "en": _("英文"),
    "document": _("依据的文件"),
    "document/title": _("文件名称"),
    "number": _("文号"),
    "issuer": _("发文机关"),
    "source": _("出处"),
    "url": _("网址"),
    "confidence": _("可信程度"),
    "effective": _("施行"),
    "from": _("从"),
    "to": _("到"),
    "start": _("起发"),
    "start/age": _("达到年龄"),
    "application": _("申请"),
    "fact": _("事实"),
    "counted": _("从哪个月算"),
    "late": _("补发以往"),
    "stop": _("停发"),
    "death": _("去世"),
    "payer": _("出资方"),
    "level": _("哪一级"),
    "stacking": _("与其他政策"),
    "group": _("同组"),
    "rule": _("规则"),
    "excluded_by": _("享受这些就不发"),
    "reduced_by": _("扣除这些"),
    "overrides": _("替代这些"),
    "payment": _("发放"),
    "rhythm": _("多久发一次"),
    "timing": _("先发后发"),
    "channel": _("渠道"),
    "verification": _("生存认证"),
    "every_months": _("每几个月"),
    "back_pay": _("认证后补发"),
    "rounding": _("取整"),
    "how": _("怎样取整"),
    "instalments": _("分期"),
    "caps": _("封顶"),
    "payee": _("收款人"),
    "shares": _("各级分担"),
    "floors": _("不得低于"),
    "plan": _("每期比例"),
    "label/zh": _("说给老人听的话（中文）"),
    "label/en": _("说给老人听的话（英文）"),
    "label": _("名称"),
    "when": _("条件"),
    "unit": _("单位"),
    "by": _("按什么分档"),
    "value": _("数值"),
    "months": _("月数"),
}
OPTIONS = {
    "yuan": _("元"),
    "percent": _("百分比"),
    "years": _("岁（年）"),
    "count": _("个数"),
    "days": _("天数"),
    "months": _("月数"),
    "date": _("日期"),
    "age": _("年龄"),
    "int": _("数（几星、几级）"),
    "text": _("取值（困难类别等）"),
    "birthday_month": _("生日当月起"),
    "month_after": _("次月起"),
    "first_day": _("每月1日已达到"),
    "half_month": _("15日前达到当月起"),
    "same_month": _("当月起"),
    "death_month_paid": _("去世当月照发"),
    "death_month_not_paid": _("去世当月停发"),
    "month_after_death_paid": _("发到去世次月"),
    "month_start": _("月初"),
    "month_middle": _("15日"),
    "month_end": _("月末"),
    "previous_month_end": _("上月末"),
    "add": _("都发"),
    "highest": _("取高的一项"),
    "monthly": _("按月"),
    "quarterly": _("按季"),
    "half_yearly": _("半年"),
    "yearly": _("一年"),
    "once": _("一次"),
    "prepaid": _("期初发"),
    "current": _("当期发"),
    "arrears": _("期末发"),
    "province": _("省"),
    "city": _("市"),
    "county": _("县（区）"),
    "street": _("乡镇（街道）"),
    "village": _("村（社区）"),
    "verified": _("已核对原文"),
    "seen": _("见于公开文本"),
    "reported": _("见于报道"),
    "derived": _("由数字推算"),
    "inferred": _("推定，待核实"),
    "recalled": _("凭记忆，待核实"),
    "placeholder": _("占位示例，待核实"),
    "money": _("钱"),
    "hours": _("服务小时"),
    "times": _("次数"),
    "meals": _("餐"),
    "half_up": _("四舍五入"),
    "true": _("是"),
    "false": _("否"),
    "none": _("不补"),
    "this_year": _("补当年"),
    "full": _("全补"),
}
KINDS = ("text", "number", "date", "choice", "lines", "plain")


def label_of(path: str) -> str:
    """The label of a key: the longest end of its path that has one."""
    steps = path.split("/")
    for start in range(len(steps)):
        found = LABELS.get("/".join(steps[start:]))
        if found is not None:
            return _within(steps, start, str(found))
    return steps[-1]


def _within(steps: list[str], start: int, label: str) -> str:
    """A key deep inside says what it belongs to: 申请 · 事实."""
    if start == len(steps) - 1 and start >= 2 and steps[0] != "eligibility" and steps[0] != "parameters":
        above = LABELS.get(steps[-2])
        return f"{above} · {label}" if above else label
    return label


def option_of(path: str, value: str) -> str:
    return str(OPTIONS.get(value, value))
