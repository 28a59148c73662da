"""What the pages ask that the engine does not: the processes in force, and their names."""

from __future__ import annotations

from django.core.exceptions import ValidationError

from yanglao.kernel.accounts.actor import Actor, Forbidden
from yanglao.kernel.cases import doing
from yanglao.kernel.cases.models import ProcessVersion, Task
from yanglao.kernel.scope import Span


def process_choices() -> list[tuple[str, str]]:
    """For filters: every process that is in force somewhere."""
    rows = (
        ProcessVersion.objects.filter(replaced_at=None).order_by("name", "pk").values_list("process", "name")
    )
    return list(dict(rows).items())


def processes(division: int | None) -> list[ProcessVersion]:
    """The versions in force in a division: the city's own, else the house's."""
    rows = ProcessVersion.objects.filter(replaced_at=None).order_by("process")
    found: dict[str, ProcessVersion] = {}
    for version in rows:
        fits = version.root_id is None or (division is not None and division in Span.of(version.root_id))
        if fits and (version.process not in found or version.root_id):
            found[version.process] = version
    return sorted(found.values(), key=lambda version: version.name)


def ability(actor: Actor, task: Task) -> tuple[bool, str]:
    """Whether he sits at the task's desk, and what keeps him from performing it now ("" if nothing)."""
    try:
        doing.competent(actor, task)
    except Forbidden:
        return False, ""
    except ValidationError as error:
        return True, " ".join(error.messages)
    return True, ""
