"""The catalogue of courses."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.audit.action import action
from yanglao.registers.training.kinds import kinds
from yanglao.registers.training.models import Course

PASS = Decimal(60)
"""The pass mark a course takes when none is set (design; cities set their own)."""


@action("training.add_course", right="training.edit", at=lambda a: (a["division"],))
def add_course(actor: Actor, *, name: str, kind: str, division: int, **more: Any) -> Course:
    """A course of a kind; hours, pass marks, certificate are the kind's where `more` does not give them.

    Raises ValidationError.
    """
    if kind not in kinds():
        raise ValidationError({"kind": _("没有“%(kind)s”这个类别：请从列表中选择。") % {"kind": kind}})
    course = Course(name=name.strip(), kind=kind, division_id=division, **{**defaults(kind), **more})
    course.full_clean()
    course.save()
    return course


def defaults(kind: str) -> dict[str, Any]:
    """What a course of a kind demands where nothing else is set."""
    chosen = kinds()[kind]
    return {
        "hours": chosen.hours,
        "theory_pass": PASS if "theory" in chosen.exam else None,
        "practice_pass": PASS if "practice" in chosen.exam else None,
        "certificate": chosen.certificate,
        "valid_months": chosen.valid_months,
        "needs_id": chosen.needs_id,
    }


@action("training.change_course", right="training.edit", at=lambda a: (a["course"].division_id,))
def change_course(actor: Actor, course: Course, **fields: Any) -> Course:
    """Change what a course demands; who completed it already keeps that. Raises ValidationError."""
    for name, value in fields.items():
        setattr(course, name, value)
    course.full_clean()
    course.save()
    return course
