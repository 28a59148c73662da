"""News of cases: published in the transaction of what happened."""

from dataclasses import dataclass

from yanglao.kernel.rooms import Event


@dataclass(frozen=True)
class CaseOpened(Event):
    case_id: int
    process: str
    division: int


@dataclass(frozen=True)
class TaskDone(Event):
    """A step (or its branch) came to an outcome: by a person, or by itself when a period ended."""

    case_id: int
    task_id: int
    process: str
    step: str
    branch: str
    outcome: str
    division: int


@dataclass(frozen=True)
class TaskLate(Event):
    """A late task was raised to the `level`-th of those who are told."""

    case_id: int
    task_id: int
    process: str
    level: int
    place: int  # the division of the office that is told


@dataclass(frozen=True)
class CaseEnded(Event):
    """`result`: one of the process's own, or `withdrawn`, `void`."""

    case_id: int
    process: str
    result: str
    division: int


@dataclass(frozen=True)
class CaseReopened(Event):
    """An objection to the result opened an ended case again."""

    case_id: int
    process: str
    division: int
