"""The demo's statistical tables: counted for the ends of the last two months."""

from __future__ import annotations

import datetime as dt

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.scope import entered
from yanglao.steering.tables import counting
from yanglao.steering.tables.queries import counted_days
from yanglao.steering.tables.schema import tables

from .stage import Stage


def tabulate(stage: Stage) -> None:
    """Count what is not counted yet."""
    last = stage.today.replace(day=1) - dt.timedelta(days=1)
    ends = {last.replace(day=1) - dt.timedelta(days=1), last}
    missing = sorted(ends - set(counted_days()))
    measures = {name for table in tables().values() for name in table.measures}
    for day in missing:
        with entered(stage.officer):
            counting.count(Actor.system("演示"), on=day, measures=measures)
    if missing:
        stage.talk.say(
            f"计算统计报表：{len(tables())} 张，{'、'.join(f'{day:%Y-%m-%d}' for day in missing)}。"
        )
