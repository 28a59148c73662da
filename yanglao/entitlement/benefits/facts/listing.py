# i18n: data — a document for clerks who write policies, in Chinese with the English beside it
"""The list of facts for those who write policies, as a document: docs/policy-facts.md."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.utils.translation import override

from ..rules.schema import Fact, Schema, Subject, View

TYPES = {
    "int": "整数",
    "money": "金额",
    "quantity": "数量",
    "date": "日期",
    "bool": "是非",
    "text": "文字",
    "division": "区划",
}
SHAPES = {"fixed": "不分时段", "dated": "看某一天", "monthly": "每月一个"}
HEAD = """# 政策可以用的事实 · Facts a policy may name

每个对象（`subject`）的事实如下。“看某一天”的事实按 `facts_on` 写的那一天取值；“每月一个”的是当月的数（天数、人数），案例里写
`[{value: 20, from: 2026-03-01}]` 只说那一个月，写上 `to` 才是几个月。“有缺”是可能没有登记：条件里没有登记按不满足，金额里要
用 `coalesce(名称, 0)`。除老年人外，都要写 `payer: {fact: 区划类的事实, level: county}`；自己不能收款的对象（入住、床位、订单、
家庭户）要写 `payee: {kind: place, fact: place}`。文字类的事实能写哪些值，列在每张表的下面；写了别的值，检查时会指出来。没有列出的
（学校、专业、订单的服务和内容等）由登记时填写，条件里照登记的写。

This list is made from what the rooms offer (`Room.facts`): `./run manage policy_facts > docs/policy-facts.md`.
"""


def fact_list(schema: Schema) -> str:
    """The document as Markdown."""
    told: dict[str, Mapping[str, str]] = {}
    return "\n".join([HEAD, *(line for s in schema.subjects.values() for line in _subject(s, told))])


def _subject(subject: Subject, told: dict[str, Mapping[str, str]]) -> Iterator[str]:
    """The table of a subject and the values of its texts; `told`: values told already, by name of the fact."""
    yield f"## `{subject.name}` {subject.label} · {subject.label_en}\n"
    yield "| 名称 | 意思 | 类型 | 取值 | 有缺 | English |"
    yield "|---|---|---|---|---|---|"
    for view in subject.views:
        yield from _facts(view)
    yield ""
    listed = [fact for view in subject.views for fact in view.facts if fact.values and fact.values()]
    for fact in listed:
        yield _values(fact, told)
    if listed:
        yield ""


def _values(fact: Fact, told: dict[str, Mapping[str, str]]) -> str:
    with override("zh-hans"):
        values = {name: str(label) for name, label in fact.values().items()} if fact.values else {}
    if told.get(fact.name) == values:
        return f"- `{fact.name}`：同上"
    told[fact.name] = values
    return f"- `{fact.name}`：" + "、".join(f"`{name}` {label}" for name, label in values.items())


def _facts(view: View) -> Iterator[str]:
    for fact in view.facts:
        lacking = "有缺" if fact.nullable else ""
        yield (
            f"| `{fact.name}` | {fact.label} | {TYPES[fact.type]} | {SHAPES[view.shape]} | {lacking} "
            f"| {fact.label_en} |"
        )
