"""A small form of the tests: three questions about a visit, one signature, photos."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import ValidationError

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.rooms import (
    OfflineAnswer,
    OfflineCall,
    OfflineDoor,
    OfflineForm,
    OfflineRecord,
    OfflineTask,
)

SHEET = {
    "title": "入户探访表",
    "steps": [
        {
            "title": "生活",
            "items": [
                {
                    "code": "meal",
                    "label": "吃饭",
                    "help": "今天吃了什么",
                    "kind": "choice",
                    "required": True,
                    "options": [
                        {"value": 2, "label": "自己做饭，吃得好", "score": 2},
                        {"value": 1, "label": "有人送饭", "score": 1},
                        {"value": 0, "label": "没有吃上饭", "score": 0},
                    ],
                },
                {
                    "code": "falls",
                    "label": "跌倒",
                    "kind": "number",
                    "required": True,
                    "unit": "次",
                    "most": 9,
                },
            ],
        },
        {
            "title": "其他",
            "items": [
                {
                    "code": "needs",
                    "label": "需要",
                    "kind": "choices",
                    "options": [{"value": "bath", "label": "助浴"}, {"value": "meal", "label": "助餐"}],
                },
                {"code": "words", "label": "说明", "kind": "text"},
            ],
        },
    ],
    "sum": {"label": "合计", "note": "等级以系统计算为准。"},
    "photos": 4,
    "signatures": [{"code": "visitor", "label": "探访员", "required": True}],
}


class Ledger:
    """What the form took in, in the order it came."""

    def __init__(self, subjects: Iterable[str]) -> None:
        self.subjects = list(subjects)
        self.records: list[OfflineRecord] = []
        self.division: int | None = None
        self.fail = 0  # so many times the room breaks before it works
        self.mark = ""  # of the addresses; "" there are none
        self.given: list[list[str]] = []  # whose addresses were given, each time

    def tasks(self, actor: Actor) -> list[OfflineTask]:
        done = {record.subject for record in self.records}
        return [
            OfflineTask(
                s, "visit", f"老人{s}", division=self.division, names={"visitor": "甲某"}, door=self.mark
            )
            for s in self.subjects
            if s not in done
        ]

    def receive(self, actor: Actor, record: OfflineRecord) -> OfflineAnswer:
        if self.fail:
            self.fail -= 1
            raise RuntimeError("the room is broken")
        if record.answers.get("words") == "refuse":
            raise ValidationError("这位老人已经迁出。")
        known = {r.subject for r in self.records}
        self.records.append(record)
        if record.subject in known:
            return OfflineAnswer("conflict", "另一位探访员已送来这一户。")
        return OfflineAnswer("accepted", "已登记。", number=f"T{len(self.records)}")

    @property
    def form(self) -> OfflineForm:
        return OfflineForm(
            "visit",
            "入户探访",
            "offline.use",
            self.tasks,
            self.sheets,
            self.receive,
            self.doors,
            self.number,
        )

    def doors(self, actor: Actor, subjects: Sequence[str]) -> dict[str, OfflineDoor]:
        self.given.append(list(subjects))
        calls = (OfflineCall("self", "本人", "139****0000"),)
        return {
            s: OfflineDoor(f"赵第{s}", f"青林弄{s}号", {"有老人家钥匙": "邻居"}, calls, (121.55, 29.87))
            for s in subjects
        }

    def number(self, actor: Actor, subject: str, key: str) -> str:
        if key != "self":
            raise ValidationError("没有这个电话。")
        return "13900000000"

    def sheets(self, names: Iterable[str]) -> dict[str, Any]:
        return dict.fromkeys(names, SHEET)
