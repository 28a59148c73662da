"""Which kind of figure a quantity is: stock, increment, cumulative, ratio, density, flow, formula, per area; a standard."""
# i18n: data

from __future__ import annotations

import re

from .deadlines import When
from .found import Found
from .naming import Named
from .quantities import Quantity

_RATE = re.compile(r"率|占比|比例|比重|占.{0,16}(?:总数|总量|比|床位)|覆盖面")
_BUILD = re.compile(
    r"新增|新建|建设|建成|兴建|创建|打造|培育|培训|轮训|培养|完成|改造|新改扩建|改建|扩建|开展|举办|新开|引进|发展|成立|设立|招募|选派|发放|投入|争取|试点|组织|评定|认定|通过|支持|扶持|开设|安装|配建|增设|实施|提供|推进|创成|增加|选树|命名"
)
_WAS_DONE = re.compile(
    r"已(?:经)?(?:全部)?(?:建成|完成|开工|装修|投用|改造|帮扶|发放|送|启用)|资助|救助|帮扶|维修|治理|慰问|走访|均已|完成(?!率)"
)
_HAVE = re.compile(r"达到?|拥有|共有|现有|总数|总量|保有|保持|配有|有|覆盖|享受|为")


def kind_of(
    flat: str, q: Quantity, named: Named, clause: str, default: str, when: When | None
) -> tuple[str, list[str]]:
    """Which kind of figure it is, and the rules that said so."""
    before = flat[max(0, q.start - 40) : q.start]
    before = re.split(r"[,;。]", before)[-1]
    if q.per is not None and not q.per.is_time:
        if q.per.mean:
            return "density", ["per"]
        if q.per.many and not q.unit_name.startswith("平方米"):
            return "density", ["per"]
        if q.per.what in (
            "县",
            "区",
            "乡镇",
            "街道",
            "社区",
            "村",
            "乡镇(街道)",
            "县(市、区)",
            "县(区)",
            "县级",
            "县区",
            "区县",
            "设区市",
            "地市",
            "行政村",
        ):
            return "set_per_area", ["per"]
        return "formula", ["per"]
    if q.unit_name == "%":
        return "ratio", ["share"]
    if q.unit_name in ("百分点", "个百分点", "倍"):
        return "ratio", ["share"]
    if (q.per is not None and q.per.is_time and q.per.of in ("日", "天")) or re.search(
        r"每日|每天|日均", clause
    ):
        return "flow", ["daily"]
    if re.search(r"年均|月均|每月平均", clause):
        return "flow", ["average"]
    if q.unit_name == "分钟":
        return "milestone", ["circle"]
    if re.search(r"占地|建筑面积|总投资|规划面积|单体|设施面积|建设面积|补建面积", clause):
        return "stock", ["feature"]
    if re.search(r"累计|期间|总共|合计", before) or (
        when is not None and re.search(r"期间|时期", when.written)
    ):
        return "cumulative", ["cumulative"]
    if named.form == "before" and (
        re.search(r"(?:达到?|到达|增至|增加到|提高到|保持在|总数为?|拥有|共有)(?:约|近|超过?)?\s?$", before)
    ):
        verb = _BUILD.search(before)
        return ("stock", ["have"]) if not verb or verb.start() > 4 else ("increment", ["build"])
    if _BUILD.search(named.verb or "") or _BUILD.search(before) or _BUILD.match(named.thing or ""):
        return "increment", ["build"]
    if q.unit_name in ("人次", "场次", "场", "次", "期", "件次", "户次"):
        return "increment", ["unit"]
    if default == "done" and _WAS_DONE.search(clause):
        return "increment", ["build"]
    if re.search(r"拥有|配有|享受|惠及|覆盖|达|有", before):
        return "stock", ["have"]
    return ("stock" if default == "done" else "increment"), ["assumed"]


def is_standard(flat: str, sentence: str, q: Quantity, left: int) -> bool:
    """A tariff or a rule (每人每月260元, 单体用房面积不少于300平方米): holds for each case, adds up to nothing."""
    around = flat[left : q.end + 6]
    if q.per is not None and q.per.is_time and q.unit_name == "次":
        return True
    if re.search(r"占地|总投资|规划面积|投资(?:过|超)", around):
        return True
    if q.unit_name.split("/")[0].endswith("元"):
        return bool(
            re.search(
                r"元/(?:人|户|床|张|月|年|次)|每(?:人|户|张|床|个|家|月|名|次|餐|年每|小时)|人均.{0,4}(?:补|标准|津贴|奖)|补[助贴].{0,8}标准|标准(?:为|提高)|一次性(?:奖励|补助|补贴|给予)|给予[^,。]{0,12}(?:奖|补)|最高(?:可得|不超过|补|奖)",
                around,
            )
        )
    if q.per is not None and q.per.mean and not re.search(r"配建|用房|标准|单体|单处|建设面积", around):
        return False
    if q.unit_name == "平方米" or q.unit_name.startswith("平方米/"):
        return bool(re.search(r"每(?:百|千|万)?户|单体|单处|每处|人均(?!.{0,16}达到)|配建标准", around))
    return False


def for_whom(before: str, behind: str) -> bool:
    """对8.6万名老人开展…: those something is done for; not what is itself to be done to each (对425户进行改造)."""
    if not re.search(r"(?:对|面向|为)(?:全[省市县区])?\s?(?:现有|已有)?$", before):
        return False
    done_to_each = re.search(r"改造|安装|配备|适配|上门服务|评估|体检|培训|发放|提供", behind)
    return bool(re.search(r"现有|已有", before[-6:])) or not done_to_each


def kind_among(whole: Found, part: Found) -> str:
    """其中…: of the kind of its whole, unless it is a share, or has a day of its own (其中，2026年完成…)."""
    own = part.kind == "ratio" or (part.deadline != whole.deadline and part.kind != "stock")
    return part.kind if own else whole.kind


def title_of(named: Named, q: Quantity) -> str:
    thing = named.thing
    if q.unit_name == "分钟":
        return f"{q.number.written}分钟{thing}"[:100]
    if q.per is not None and not q.per.is_time:
        per = "人均" if q.per.mean else f"每{q.per.many}{q.per.of}{q.per.what}"
        thing = thing if "每" in thing or "均" in thing else f"{per}{thing}"
        return thing[:100]
    if named.form == "behind" and q.unit_name == "%":
        return thing[:100]
    return named.words[:100]
