"""What the columns of a table of tasks hold, told by their headings (序号、任务、目标、牵头单位、完成时限、进展)."""
# i18n: data

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from .units import UNIT

_ROLES = [
    ("sequence", re.compile(r"^(?:序号|编号|序|No\.?)$")),
    ("flag", re.compile(r"是否")),
    ("remark", re.compile(r"原因|^存在问题|^备注|^说明|^评价")),
    ("shares", re.compile(r"分解(?:情况|任务|数)?$")),
    ("person", re.compile(r"负责人|责任人|联系人|领导|电话|联系方式|专员")),
    ("lead", re.compile(r"牵头|主办|主要责任|^责任单位及")),
    ("departments", re.compile(r"(?:责任|负责)(?:单位|部门|主体|处室|科室|乡镇|街道)|配合|协同|落实单位|承办|协办|完成单位|实施单位|参与|^科室$|^部门$")),
    ("deadline", re.compile(r"时限|完成时间|时间节点|期限|完成日期|时间要求|完成时序|时间进度|^时间$|预计完成时间")),
    ("rate", re.compile(r"完成率|进度\(?%|完成比例|占比\(|达标率$")),
    ("done", re.compile(r"进展|进度|完成情况|已完成|累计完成|完成数|完成量|实际|目前|截至|本月|当月|现状|基期|落实情况|推进情况|成效")),
    ("unit", re.compile(r"^(?:计量)?单位$")),
    ("measure", re.compile(r"^(?:类别|板块|领域|分类|工程|一级指标|项目类别|所属|专项行动|工作类别|维度|类型)")),
    ("target", re.compile(r"目标|任务数|计划数|任务量|指标值|全年任务|年度任务|计划完成数|要求|下达|计划数量")),
    ("name", re.compile(r"指标(?:名称)?$|^名称|二级指标|指标内容")),
    ("task", re.compile(r"任务|工作内容|事项|项目|实事|举措|措施|主要内容|内容|工作")),
    ("place", re.compile(r"^(?:地区|县区|区县|县\(市、区\)|区县\(市\)|区划|行政区|乡镇|街道|乡镇\(街道\)|镇\(街道\)|镇街|县\(区\)|辖区|市县|所在地|单位名称)$")),
    ("kind", re.compile(r"^(?:属性|性质)")),
]  # fmt: skip
_WORDS = re.compile(
    r"(?:省|市|县|区|政府|党委|地区|分解|占比|比例|序号|编号|类别|板块|领域|分类|名称|内容|项目|实事|民生|重点|主要|具体|年度|全年|工作|任务|目标|指标|要求|措施|举措|事项|建设|工程|计划"
    r"|牵头|责任|主办|配合|协同|协办|承办|参与|负责|实施|落实|单位|部门|科室|处室|主体|乡镇|街道|分管|领导|联系|联系人|负责人|责任人|市级|县级|区级|电话|人"
    r"|完成|时限|时间|节点|期限|日期|预计|进展|进度|情况|最新|当前|目前|截至|推进|成效|数量|数|量|率|是否|达序时|序时|未|原因|及|和|与|存在|问题|下步|打算|下一步"
    r"|备注|说明|属性|性质|依据|来源|资金|计量|现状|实际|累计|本月|上半年|下半年|[一二三四]季度|第|月|年|\d{1,4}|[()、:%/.\s-])+"
)


@dataclass(frozen=True)
class Column:
    role: str
    heading: str
    unit: str = ""
    year: int | None = None


def column_of(heading: str) -> Column:
    """What a column holds; ``role`` is "" when its heading does not tell."""
    bare = re.sub(r"\s", "", heading)
    bracket = re.search(r"\(([^)]{1,6})\)$", bare)
    unit = bracket.group(1) if bracket and UNIT.fullmatch(bracket.group(1)) else ""
    year = re.search(r"(20\d{2})年", bare)
    core = bare[: bracket.start()] if bracket and unit else bare
    told = re.sub(r"\([^)]*\)", "", core) or core
    role = next((role for role, pattern in _ROLES if pattern.search(told) or pattern.search(core)), "")
    return Column(role, core, unit, int(year.group(1)) if year else None)


def by_years(columns: Sequence[Column]) -> list[Column]:
    """2020年 and 2025年 beside each other: where it stood and where it is to be."""
    years = [c.year for c in columns if c.year and c.role in ("", "target", "done", "name", "task")]
    if len(years) < 2:
        return list(columns)
    last = max(years)
    return [
        replace(c, role="target" if c.year == last else "done")
        if c.year and c.role in ("", "target", "done")
        else c
        for c in columns
    ]


def is_heading(words: str) -> bool:
    """Whether a short line consists of nothing but the words of headings (a bracket may say more)."""
    bare = re.sub(r"\([^)]*\)", "", re.sub(r"\s", "", words))
    return 0 < len(bare) <= 16 and bool(_WORDS.fullmatch(bare)) and not bare.isdigit()
