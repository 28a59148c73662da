"""The text a new policy begins with: the smallest file the check accepts."""  # i18n: data

from __future__ import annotations

from django.utils import timezone

BLANK = """# 写法见 docs/write-a-policy.md；金额单位为元。
id: {id}
kind: {kind}
title: {{zh: 新的补贴, en: New benefit}}
document:
  title: 文件名称
  number: null
  source: 从哪里看到的
  confidence: placeholder
division: {division}
effective: {{from: {since}, to: null}}
subject: person

parameters:
  start_age:
    label: {{zh: 起始年龄, en: Age from which it is paid}}
    unit: years
    values:
      - {{from: {since}, value: 60}}
  rate:
    label: {{zh: 每月标准, en: Monthly rate}}
    unit: yuan
    values:
      - {{from: {since}, value: 100}}

start: {{age: birthday_month}}
stop: {{death: death_month_paid}}

eligibility:
  - id: age
    label: {{zh: 达到起始年龄, en: Of the age from which it is paid}}
    when: age >= start_age
  - id: hukou
    label: {{zh: 本地户籍, en: Local hukou}}
    when: within(hukou, division)

amount: rate
payer: {{fact: hukou, level: county}}
payment: {{rhythm: monthly}}

cases:
  - name: 65岁，全年
    origin: design
    facts: {{birth_date: {born}, hukou: {division}}}
    months: {year}-01..{year}-12
    expect: {{total: 1200}}
"""


def blank_text(name: str, division: int) -> str:
    """A small policy in force since the beginning of the year, with one case, to be rewritten."""
    year = timezone.localdate().year
    kind = name.replace("-", "_")
    if not kind[:1].isalpha():
        kind = f"p_{kind}"
    values = {"id": name if name[:1].isalpha() else f"p-{name}", "kind": kind[:41], "division": division}
    return BLANK.format(**values, since=f"{year}-01-01", born=f"{year - 66}-06-01", year=year)
