"""`@job`: how a function becomes background work."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec

from django.utils import timezone

if TYPE_CHECKING:
    from yanglao.kernel.jobs.context import JobContext

P = ParamSpec("P")


@dataclass(frozen=True)
class Job:
    """A declared job. `retries`: further attempts after an unexpected error. `every`/`daily`: periodic."""

    name: str
    function: Callable[..., None]
    label: Any
    retries: int = 2
    every: timedelta | None = None
    daily: time | None = None

    @property
    def periodic(self) -> bool:
        return self.every is not None or self.daily is not None

    def due_after(self, moment: datetime) -> datetime:
        """The next time a periodic job is due after `moment`; time of day is local time (Asia/Shanghai)."""
        if self.daily is None:
            assert self.every is not None
            return moment + self.every
        local = timezone.localtime(moment)
        today = local.replace(
            hour=self.daily.hour, minute=self.daily.minute, second=self.daily.second, microsecond=0
        )
        return today if today > local else today + timedelta(days=1)

    def pause(self, attempt: int) -> timedelta:
        """How long to wait before the next attempt: 10 s, 30 s, 90 s … at most ten minutes."""
        return timedelta(seconds=min(600, 10 * 3 ** (attempt - 1)))


JOBS: dict[str, Job] = {}
_BY_FUNCTION: dict[Callable[..., None], Job] = {}


def job(
    name: str,
    *,
    retries: int = 2,
    label: Any = "",
    every: timedelta | None = None,
    daily: time | None = None,
) -> Callable[[Callable[Concatenate[JobContext, P], None]], Callable[Concatenate[JobContext, P], None]]:
    """Declare a function `f(ctx, *, …ids)` of a room's `tasks.py` as a job `room.verb`.

    It must be idempotent: after a crash it is run again. Use `ctx.once` for what must not happen twice.
    A periodic one (`every=`, `daily=`) takes no arguments and runs as the system. Raises ValueError when
    the name is taken.
    """

    def register(function: Callable[Concatenate[JobContext, P], None]) -> Any:
        known = JOBS.get(name)
        if known and known.function.__module__ != function.__module__:
            raise ValueError(f"the job {name} is declared twice: rename one")
        declared = Job(name, function, label or name, retries, every, daily)
        JOBS[name] = _BY_FUNCTION[function] = declared
        return function

    return register


def job_of(function: Callable[..., None]) -> Job:
    """The job a function was declared as; raises TypeError when it is none."""
    try:
        return _BY_FUNCTION[function]
    except KeyError:
        raise TypeError(f"{function.__qualname__} is no job: decorate it with @job") from None
