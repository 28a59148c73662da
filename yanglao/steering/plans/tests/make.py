"""Indicators and plans for tests. The words are short and the figures round."""
# i18n: data

from __future__ import annotations

from typing import Any

from yanglao.kernel.accounts.actor import Actor
from yanglao.steering.indicators import actions as indicators
from yanglao.steering.indicators.models import Indicator
from yanglao.steering.indicators.schema import IndicatorFile
from yanglao.steering.plans import actions
from yanglao.steering.plans.models import Plan
from yanglao.steering.plans.schema import PlanFile

SYSTEM = Actor.system("test")


def indicator(code: str, kind: str, **more: Any) -> IndicatorFile:
    parts = {"numerator_name": "分子", "denominator_name": "分母"} if kind in ("ratio", "density") else {}
    body = {
        "code": code,
        "name": f"指标{code}",
        "name_en": code,
        "words": "测试用的解释",
        "unit": "张",
        "kind": kind,
        "source": "测试文件",
        **parts,
        **more,
    }
    return IndicatorFile.model_validate(body)


DEFINITIONS = [
    indicator("beds", "stock", numerator="test.beds"),
    indicator("bed_share", "ratio", numerator="test.beds", denominator="test.elders", unit="%", digits=1),
    indicator("trained", "increment", reported=True, unit="人", date_rule="year_to_date"),
    indicator("kitchens", "ratio", reported=True, unit="%", digits=1),
    indicator("committee", "milestone", reported=True, reported_by="city", unit="项"),
]


def target(key: str, code: str, number: Any, unit: str, **more: Any) -> dict[str, Any]:
    return {"id": key, "name": f"目标{key}", "indicator": code, "number": number, "unit": unit, **more}


def plan_file(division: int, slug: str = "city-2021") -> PlanFile:
    return PlanFile.model_validate(
        {
            "id": slug,
            "title": "2021年工作要点",
            "place": "test",
            "division": division,
            "document": {"title": "工作要点的通知", "number": "测〔2021〕1号", "issuer": "民政局"},
            "start": "2021-01-01",
            "end": "2021-12-31",
            "lead": "民政局",
            "measures": [
                {
                    "title": "居家工程",
                    "tasks": [
                        {
                            "item": 1,
                            "title": "床位",
                            "departments": ["民政局", "财政局"],
                            "targets": [
                                target("beds", "beds", 1000, "张"),
                                target("share", "bed_share", 50, "%", comparison="more_than"),
                            ],
                        }
                    ],
                },
                {
                    "title": "人才工程",
                    "tasks": [
                        {
                            "item": 2,
                            "title": "培训",
                            "targets": [
                                target("trained", "trained", 1200, "人", comparison="at_least"),
                                target("kitchens", "kitchens", 80, "%", comparison="at_least"),
                                target("committee", "committee", 1, "项", curve="end"),
                            ],
                        }
                    ],
                },
            ],
        }
    )


def plan(division: int, slug: str = "city-2021") -> Plan:
    """The plan, loaded with its indicators."""
    indicators.load(SYSTEM, definitions=DEFINITIONS)
    return actions.load(SYSTEM, plan=plan_file(division, slug), demonstration=False)


def row(code: str) -> Indicator:
    """The indicator's row."""
    return Indicator.objects.get(code=code)
