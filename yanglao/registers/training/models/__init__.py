"""Tables of training, by topic."""

from yanglao.registers.training.models.catalogue import Course, Lesson, Session
from yanglao.registers.training.models.contests import Award, Contest, Entry, Honour, Item, Judge, Score
from yanglao.registers.training.models.plans import Plan, PlanYear
from yanglao.registers.training.models.trainees import (
    ID_PATH,
    PHONE_PATH,
    Attendance,
    Certificate,
    Enrolment,
    Trainee,
)

__all__ = [
    "ID_PATH",
    "PHONE_PATH",
    "Attendance",
    "Award",
    "Certificate",
    "Contest",
    "Course",
    "Enrolment",
    "Entry",
    "Honour",
    "Item",
    "Judge",
    "Lesson",
    "Plan",
    "PlanYear",
    "Score",
    "Session",
    "Trainee",
]
