"""What this room does when a case of it ends or is opened again."""

from __future__ import annotations

from yanglao.entitlement.applications import actions
from yanglao.entitlement.applications.queries import PROCESS, by_case
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.cases.events import CaseEnded, CaseReopened


def case_ended(event: CaseEnded) -> None:
    _follow(event, event.result)


def case_reopened(event: CaseReopened) -> None:
    _follow(event, "")


def _follow(event: CaseEnded | CaseReopened, result: str) -> None:
    if event.process == PROCESS and (application := by_case(event.case_id)) is not None:
        actions.follow(Actor.system("cases"), application, result=result)
