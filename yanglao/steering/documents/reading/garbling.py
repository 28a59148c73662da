# i18n: data
"""Words that paper mills swap for others (服务 → 效劳) and what they stood for.

A library site's texts are changed word by word so that they seem new. Some of the words never stand in a
document of a government (`SURE`); the others are ordinary words, put right only where what is around them
leaves no other reading, and only in a text that has shown itself to be of this kind.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from .aligned import Aligned, Edit

SURE = (
    (r"效劳", "服务"),
    (r"假设干", "若干"),
    (r"慧老", "惠老"),
    (
        r"比拟(?=紧张|困难|突出|薄弱|大|多|少|高|低|好|严重|落后|滞后|复杂|普遍|集中|单一|齐全|健全|完善)",
        "比较",
    ),
    (r"标准性文件", "规范性文件"),
    (r"根本(?=生活|公共|养老服务|医疗|权益|形成|建成|完成|保障|实现)", "基本"),
    (
        r"到达(?=\s*(?:\d|百分之|[一二三四五六七八九十两]+(?:成|个|家|张|所|分之)|国家|省级|市级|标准|要求))",
        "达到",
    ),
    (r"施行(?=意见|方案|方法|细则|办法|步骤)", "实施"),
)
_NOUNS = (
    r"体系|机构|经济|队伍|设施|根底|基础|工程|项目|中心|平台|机制|网络|能力|阵地|床位|场所|院|所|力度|协会"
)
LIKELY = (
    (r"根底(?=[。,，;；、]|保障|设施|上|工作|性|条件|$)", "基础"),
    (rf"(?<={'|'.join(('体系', '机构', '经济', '队伍', '设施', '试点', '协会', '工程', '项目', '中心', '平台', '社区', '能力'))})"
     r"(?P<q>[”\"』]?)建立(?!起|了|健全|完善|和完善)", "{q}建设"),
    (r"建立(?=机遇|力度|工作|情况|任务|标准|规划|资金)", "建设"),
    (r"(?<=[社区])(?P<q>[”\"])建立", "{q}建设"),
    (r"(?<=加快|业的)开展", "发展"),
    (r"(?<=业)开展(?!了|情况)", "发展"),
    (r"开展(?=专业队伍|志愿队伍|中介队伍|民营|民办|养老服务业|养老事业|方法|政策|规划|壮大|格局)", "发展"),
    (r"(?<=实现)开展(?=政策|目标)", "发展"),
    (r"(?:发展施行|施行|管理|实施)方法", "{swap}"),
    (r"才能(?=[。,，;；、]|建设|建立|和水平)", "能力"),
    (r"进步(?=[^。,，;；]{0,16}(?:程度|水平|能力|才能|质量|效率|素质))", "提高"),
    (r"活泼(?=老年人|群众|[^。,，]{0,8}(?:文化|生活))", "活跃"),
    (r"打破点", "突破点"),
    (r"获得(?=了?(?:[^。,，;；]{0,6})(?:成效|成绩|进展|成果))", "取得"),
    (r"言论(?=关注|环境|氛围|监视|监督)", "舆论"),
    (r"浓重(?=的?(?:气氛|氛围))", "浓厚"),
    (r"购置(?=效劳|服务)", "购买"),
    (r"进展(?=有[^。,，;；]{0,6}的?(?:培训|改造|检查|整治)|[^。,，;；]{0,4}(?:培训|检查|整治|改造))", "进行"),
    (r"有方案的", "有计划的"),
    (r"(?<=今年|明年|下年|年内)方案(?=向|争|投|建|新|完|用|在|改|培)", "计划"),
    (r"(?<=该)工程(?!建成|建立|建设后)", "项目"),
    (r"工程(?=名录|落地|前期|申报|库)", "项目"),
    (r"(?<=高端养老)工程", "项目"),
    (r"(?<=养老服务)工程(?=列入)", "项目"),
    (r"(?<=资金投入|供应供给|力量投入)缺乏(?=[。,，;；、])", "不足"),
    (r"多外宣传", "对外宣传"),
    (r"标准(?=文件创制|管理|开展|运营|运作)", "规范"),
    (r"(?<=[房校屋])等资(?=[，,])", "等资源"),
    (r"催促(?=检查|落实|整改|指导|各)", "督促"),
    (r"撑持", "支持"),
    (r"(?<=社会)理论(?=活动|基地)", "实践"),
    (r"详细(?=负责|措施|工作|任务|分工|要求)", "具体"),
)  # fmt: skip
_SURE = [(re.compile(pattern), new) for pattern, new in SURE]
_LIKELY = [(re.compile(pattern), new) for pattern, new in LIKELY]
_MARKERS = re.compile(
    r"效劳|假设干|慧老|标准性文件|比拟(?=紧张|困难|突出|薄弱)|施行(?=意见|方法)|根底(?=[。,，])"
)
ENOUGH_MARKERS = 3


def is_garbled(text: str) -> bool:
    """The text shows at least three words no such document has."""
    return sum(1 for _ in zip(_MARKERS.finditer(text), range(ENOUGH_MARKERS), strict=False)) >= ENOUGH_MARKERS


def mend_words(text: Aligned) -> None:
    """Put the swapped words right; a sound text is left as it is."""
    if not is_garbled(text.text):
        return
    for rules in (_SURE, _LIKELY):
        for pattern, new in rules:
            text.apply(_edits(text.text, pattern, new))


def _edits(text: str, pattern: re.Pattern[str], new: str) -> Iterator[Edit]:
    for m in pattern.finditer(text):
        if new == "{swap}":
            put = m.group().replace("施行", "实施").replace("方法", "办法")
        else:
            put = new.format(**m.groupdict())
        yield Edit(m.start(), m.end(), put, "garbled")
