"""How cases are shown in words: what an answer says, how late a task is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from yanglao.kernel.cases.models import Case, Task
from yanglao.kernel.cases.schema import FormField
from yanglao.kernel.divisions.queries import full_name
from yanglao.kernel.scope import Level
from yanglao.shell.templatetags import shell as show


def said(field: FormField, value: Any) -> str:
    """An answer as people write it."""
    match field.type:
        case "yuan":
            return f"{show.yuan(int(value))} {_('元')}"
        case "date":
            return show.day(dt.date.fromisoformat(str(value)))
        case "yes_no":
            return _("是") if value else _("否")
        case "choice":
            return field.choices.get(str(value), str(value))
        case "choices":
            return _("、").join(field.choices.get(str(one), str(one)) for one in value)
        case "division":
            return full_name(int(value), below=Level.CITY) or full_name(int(value))
    return str(value)


def lines(fields: Sequence[FormField], answers: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """(label, answer) in the order of the file."""
    for field in fields:
        if field.name in answers:
            yield field.label, said(field, answers[field.name])


def urgency(task: Task, today: dt.date | None = None) -> tuple[str, str]:
    """(words, tone): late, due today, due soon, or in time. Suspended tasks stand still."""
    today = today or timezone.localdate()
    if task.suspended:
        return _("计时中止"), "dull"
    left = (task.due - today).days
    if left < 0:
        return _("逾期 %(n)s 天") % {"n": -left}, "bad"
    if left == 0:
        return _("今天到期"), "warn"
    return _("还有 %(n)s 天") % {"n": left}, "warn" if left <= 2 else "good"


def standing(case: Case, result: str) -> tuple[str, str]:
    """(words, tone) of a case."""
    if case.state == Case.State.ENDED:
        return result, "dull"
    return (_("已中止"), "warn") if case.suspended else (_("办理中"), "info")
