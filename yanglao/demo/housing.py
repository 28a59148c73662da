# i18n: data (workbooks of a demo are Chinese, as those of a city are)
"""The demo's housing estates and the premises they owe (配建)."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Sequence
from typing import Any

from yanglao.kernel.divisions.models import Division

from .sites import WORDS, point_near


def estate_rows(
    number: int, where: Sequence[Division], rng: random.Random, today: dt.date
) -> Iterator[dict[str, Any]]:
    urban = [village for village in where if village.urban] or list(where)
    for n in range(number):
        home = urban[n * len(urban) // number]
        new, households = rng.random() < 0.6, rng.randrange(3, 30) * 100
        decided = today - dt.timedelta(days=rng.randrange(900, 2500) if new else rng.randrange(4000, 7000))
        longitude, latitude = point_near(home.code, rng)
        row: dict[str, Any] = {
            "小区名称": f"{rng.choice(WORDS)}{rng.choice(('花园', '家园', '名苑', '新村'))}{n + 1}期", "所在区划": home.code,
            "类型": "新建小区" if new else "已建成小区", "户数": households, "规划条件日期": decided,
            "建设单位": "演示置业有限公司", "经度": longitude, "纬度": latitude,
        }  # fmt: skip
        done = decided + dt.timedelta(days=700)
        if done < today:
            row["竣工日期"] = done
            yield from _with_premises(row, done, households, rng, today)
        else:
            yield row


def _with_premises(
    row: dict[str, Any], done: dt.date, households: int, rng: random.Random, today: dt.date
) -> Iterator[dict[str, Any]]:
    """Most have what they owe; some less, some not handed over yet."""
    stages = ["建成交付日期", "验收合格日期", "办理移交日期", "投入使用日期"]
    reached = stages[: rng.choice([0, 2, 3, 4, 4, 4])]
    if reached:
        row |= {
            "用房位置": "1号楼一层",
            "建筑面积（㎡）": max(households * 30 // 100, 300) if rng.random() < 0.8 else 150,
            "用途": "居家养老服务站",
        }
        for n, stage in enumerate(reached):
            row[stage] = min(done + dt.timedelta(days=40 * (n + 1)), today)
    yield row
