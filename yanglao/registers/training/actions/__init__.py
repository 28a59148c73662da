"""Every change of training, by topic."""

from yanglao.registers.training.actions.certifying import certify, printed, revoke
from yanglao.registers.training.actions.courses import add_course, change_course, defaults
from yanglao.registers.training.actions.enrolling import enrol, leave
from yanglao.registers.training.actions.looking import claim, reveal
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
    "add_course",
    "add_lesson",
    "add_session",
    "attend",
    "cancel_session",
    "certify",
    "change_course",
    "change_session",
    "claim",
    "close_session",
    "defaults",
    "drop_lesson",
    "enrol",
    "examine",
    "finish_session",
    "leave",
    "open_session",
    "printed",
    "reveal",
    "revoke",
    "scan",
]
