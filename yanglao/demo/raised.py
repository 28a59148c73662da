"""The demo's matters: a proposal, bottlenecks, list items and funds, all invented."""

from __future__ import annotations

import datetime as dt

from yanglao.kernel.scope import entered
from yanglao.steering.matters import actions
from yanglao.steering.matters.models import Matter

from .stage import Stage

MATTERS: tuple[tuple[str, str, str, str, str, int, int | None], ...] = (
    ("proposal", "committee", "演示1号", "关于加快社区养老服务设施建设的提案", "民政部门", 60, None),
    ("proposal", "deputies", "演示2号", "关于推进老年助餐服务的建议", "民政部门", 25, None),
    ("bottleneck", "land", "", "老城区养老服务设施用地不足", "自然资源部门", 45, None),
    ("bottleneck", "staff", "", "养老护理员招聘难、流失多", "人力资源社会保障部门", 90, None),
    ("item", "work", "清单1", "编制养老服务设施布局专项规划", "自然资源部门", 30, None),
    ("item", "project", "清单2", "县级养老服务指导中心改造", "民政部门", 120, None),
    ("fund", "lottery", "资金1", "福彩公益金支持居家养老服务中心", "民政部门", 40, 12_000_000_00),
    ("fund", "bond", "资金2", "专项债券支持公办养老机构改造", "财政部门", 200, 80_000_000_00),
    ("fund", "budget", "资金3", "预算内投资支持农村敬老院改造", "发展改革部门", 100, 26_500_000_00),
)
MOVES = {"资金1": (9_000_000_00, 4_200_000_00), "资金2": (30_000_000_00, 11_350_000_00)}


def raise_matters(stage: Stage) -> None:
    """Register them once."""
    officer = stage.officer
    with entered(officer):
        if Matter.objects.exists():
            return
        for kind, category, number, title, lead, days, planned in MATTERS:
            matter = actions.register(
                officer,
                kind=kind,
                category=category,
                number=number,
                title=title,
                division=stage.root,
                lead=lead,
                due_on=stage.today + dt.timedelta(days=days),
                source="演示数据",
                planned_fen=planned,
            )
            arrived, spent = MOVES.get(number, (0, 0))
            for what, fen in (("arrived", arrived), ("spent", spent)):
                if fen:
                    actions.move(
                        officer,
                        matter=matter,
                        what=what,
                        on=stage.today,
                        fen=fen,
                        voucher=f"演示-{number}-{what}",
                    )
    stage.talk.say(f"登记 {len(MATTERS)} 件督办事项：建议提案、堵点难点、清单事项、专项资金。")
