"""Every change of training, by topic."""

from yanglao.registers.training.actions.certifying import certify, printed, revoke
from yanglao.registers.training.actions.contests import (
    add_contest,
    add_entry,
    add_judge,
    award_contest,
    give_award,
    publish_contest,
    score,
    withdraw_award,
    works,
)
from yanglao.registers.training.actions.courses import add_course, change_course, defaults
from yanglao.registers.training.actions.enrolling import enrol, leave
from yanglao.registers.training.actions.looking import claim, reveal
from yanglao.registers.training.actions.plans import add_plan, allot, change_plan, load_plans, withdraw_plan
from yanglao.registers.training.actions.sessions import (
    LessonPlan,
    add_lesson,
    add_session,
    cancel_session,
    change_session,
    close_session,
    drop_lesson,
    finish_session,
    open_session,
)
from yanglao.registers.training.actions.teaching import attend, examine, scan

__all__ = [
    "LessonPlan",
    "add_contest",
    "add_course",
    "add_entry",
    "add_judge",
    "add_lesson",
    "add_plan",
    "add_session",
    "allot",
    "attend",
    "award_contest",
    "cancel_session",
    "certify",
    "change_course",
    "change_plan",
    "change_session",
    "claim",
    "close_session",
    "defaults",
    "drop_lesson",
    "enrol",
    "examine",
    "finish_session",
    "give_award",
    "leave",
    "load_plans",
    "open_session",
    "printed",
    "publish_contest",
    "reveal",
    "revoke",
    "scan",
    "score",
    "withdraw_award",
    "withdraw_plan",
    "works",
]
