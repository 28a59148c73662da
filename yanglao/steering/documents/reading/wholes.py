"""Promises without a number: what is to be done for all (所有、全部、全覆盖) and what is to be done once (milestones)."""
# i18n: data

from __future__ import annotations

import re
from collections.abc import Iterator

_AREA = re.compile(r"乡镇|街道|县(?!级)|社区|村")
_ALL = [
    re.compile(r"(?:(?:完成|实现)?所有|(?:完成|实现)(?:剩余)?全部)[^,。;\d]{2,40}?(?=[,。;\n]|$)"),
    re.compile(r"[^,。;:\d]{3,50}?(?:全部|全面)(?:完成|达标|建成|改造到位|改造|纳入|取得|到位|实现|建立|覆盖|落实到位|持证上岗|清零|整改到位)[^,。;]{0,10}"),
    re.compile(r"(?:实现|达到|推动|确保)?[^,。;:\d]{2,36}?全覆盖"),
    re.compile(r"[^,。;:\d]{2,36}?(?:全面覆盖|覆盖(?:所有|全部|全体|各))[^,。;:、\d]{2,16}?(?=[、,。;\n]|和|及|$)"),
    re.compile(r"(?:实现|做到|确保)?[^,。;:\d]{0,30}?应[\u4e00-\u9fff]尽[\u4e00-\u9fff](?:[、][^,。;]{0,10})?"),
    re.compile(r"(?:每个|各)(?:县|区|乡镇|街道|社区|行政村|村|县\(市、区\)|乡镇\(街道\))[^,。;\d]{0,16}?(?:均|都|至少)(?:建|设|配|有)[^,。;\d]{2,30}"),
]  # fmt: skip
_FORMED = re.compile(r"[^,。;:\d]{3,40}?(?:基本形成|基本建成|基本建立|初步形成|初步建立|更加健全)")
_OBJECTS = (
    r"(?:《[^》]{2,60}》|通知|办法|规划|方案|标准|清单|指南|意见|细则|条例|规范|目录|详规|导则|图则|预案)"
)
_ONCE = [
    re.compile(rf"(?:定期|及时)?(?:研究)?(?:制定|修订|制订)?(?:并)?(?:出台|印发|发布|公布|编制|制定|制订|修订完善|修订)(?:印发|出台|实施)?(?![、等])(?!一批)[^,。;:]{{1,50}}?{_OBJECTS}(?:\([^)]{{1,20}}\))?(?=[,。;、\n]|和|$|的编制|编制|制定)"),
    re.compile(r"启动[^,。;:\d]{3,40}?(?:制定|改造|建设|试点|编制|工作|行动|工程)(?=[,。;\n]|$)"),
    re.compile(r"(?:成立|组建)[^,。;:\d]{2,30}?(?:委员会|专班|联盟|联合会|研究院|专家库|中心|基地)(?=[,。;\n]|$)"),
    re.compile(r"(?:举办|组织开展|承办)[^,。;:\d]{2,40}?(?:培训班|竞赛|大赛|博览会|推介会|评选)(?=[,。;\n]|$)"),
    re.compile(r"完成[^,。;:\d]{4,50}?(?:改造提升|提升改造|改造|建设|编制|验收|修编|整治|评估)(?=[,。;\n]|$)"),
    re.compile(r"建成(?!一批)[^,。;:\d]{4,50}?(?:中心|平台|系统|院|站|基地|园|公寓|照料中心)(?=[,。;\n]|$)"),
    re.compile(r"(?:开工建设|启动建设|迁建|新建|扩建)(?!一批)[^,。;:\d]{2,40}?(?:楼|大学|中心|水库|工程|公园|项目|院|站|馆|学校|幼儿园|广场|道路|基地)(?=[,。;、\n]|$)"),
    re.compile(r"(?:力争|确保|争取)?(?:在|于)?\s?\d{1,2}\s?月底?前[^,。;:\d]{0,20}?(?:运营|开业|投用|投入使用|开工|竣工|完工)"),
    re.compile(r"[^,。;:\d]{2,30}?(?:一期|二期|三期)(?:工程|项目)?(?:建设|上线)"),
    re.compile(r"全面建立[^,。;:\d]{3,40}?(?:制度|机制|体系)(?=[,。;\n]|$)"),
    re.compile(r"(?<![\u4e00-\u9fff])实现[^,。;:\d]{3,40}?“一件事”[^,。;:\d]{0,30}"),
    re.compile(r"(?:开展|启动|组织)[^,。;:\d]{2,30}?(?:试点|满意度(?:调查|测评|评估)|调研评估|普查|摸底)(?=[,。;和\n]|$)"),
    re.compile(r"(?:抓好|做好|完成)[^,。;:\d]{2,30}?规划的?编制(?:和实施)?"),
]  # fmt: skip
_ALSO = re.compile(rf"(?:和|、|及|以及)([^,。;:、]{{2,40}}?{_OBJECTS}(?:\([^)]{{1,20}}\))?)(?=[,。;\n]|$)")
_LEAD = re.compile(
    r"^(?:到|至)?\s?(?:\d{4}年|年底|年内|年末|今年)?(?:前|底)?,?|^(?:并|同时|将|要|力争|确保|积极)+"
)


def wholes(flat: str, start: int, end: int) -> Iterator[tuple[int, int, str, str, str]]:
    """(start, end, name, kind, comparison) of what is promised for all."""
    for pattern in _ALL:
        for m in pattern.finditer(flat, start, end):
            name = _named(m.group())
            if len(name) < 4 or re.search(r"全面(?:放开|落实政策|推行|清理)", name):
                continue
            area = _AREA.search(name[:14]) and re.search(
                r"设立|设置|建有|建成|配备|均建|均设|至少|都有|均有", name
            )
            yield m.start(), m.end(), name, "set_per_area" if area else "ratio", "all"
    for m in _FORMED.finditer(flat, start, end):
        yield m.start(), m.end(), _named(m.group()), "milestone", "reach"


def milestones(flat: str, start: int, end: int) -> Iterator[tuple[int, int, str, str, str]]:
    """(start, end, name, kind, comparison) of what is to be done once: a paper issued, a body set up, works done."""
    for pattern in _ONCE:
        for m in pattern.finditer(flat, start, end):
            yield m.start(), m.end(), _named(m.group()), "milestone", "reach"
            also = _ALSO.match(flat, m.end(), end) if pattern is _ONCE[0] else None
            if also:
                verb = re.match(r"(?:定期|及时)?(?:修订完善|修订|[\u4e00-\u9fff]{2})", m.group())
                name = _named((verb.group() if verb else "") + also.group(1))
                yield also.start(1), also.end(), name, "milestone", "reach"


def _named(words: str) -> str:
    return _LEAD.sub("", words.strip(" ,、")).strip(" ,、")[:100]
