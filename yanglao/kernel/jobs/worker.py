"""The worker process: takes runs from the queue, shows that it lives, takes over from the dead, keeps the clock."""

from __future__ import annotations

import logging
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from django.db import OperationalError, close_old_connections, connection
from django_tasks_db.management.commands.db_worker import Worker as QueueWorker

from yanglao.kernel.jobs import keeping
from yanglao.kernel.jobs.context import JobContext
from yanglao.kernel.jobs.runner import Beat

logger = logging.getLogger(__name__)
PULSE_SECONDS = 1.0
KEEP_SECONDS = 5.0
POLL_SECONDS = 0.5


def born(pid: int) -> str:
    """When a process of this machine was started, in ticks since boot; "" when there is none or no /proc."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return ""


def worker_name() -> str:
    """`machine/process/birth`: enough for another worker of the machine to see that this one is dead."""
    return f"{socket.gethostname()}/{os.getpid()}/{born(os.getpid())}"


class Heart(Beat):
    """Beside each running job, a thread with its own connection writes progress and heartbeat."""

    @contextmanager
    def _beating(self, ctx: JobContext) -> Iterator[None]:
        stop = threading.Event()
        thread = threading.Thread(target=self._beat, args=(ctx, stop), daemon=True, name="heart")
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()

    def beside(self, ctx: JobContext) -> AbstractContextManager[None]:
        return self._beating(ctx)

    def _beat(self, ctx: JobContext, stop: threading.Event) -> None:
        while not stop.wait(PULSE_SECONDS):
            try:
                ctx.pulse()
            except OperationalError:  # the job itself holds SQLite's one write lock; next second again
                logger.debug("run %s: database busy", ctx.run_id)
        connection.close()


heart = Heart()


class Worker(QueueWorker):
    """django-tasks-db's worker, with a keeper beside it."""

    def __init__(self, *, batch: bool = False, parent: int | None = None) -> None:
        super().__init__(
            queue_names=["*"],
            interval=POLL_SECONDS,
            batch=batch,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=worker_name()[:64],
            excluded_queue_names=[],
        )
        self.parent = parent
        self._stopped = threading.Event()

    def run(self) -> None:
        keeping.keep()  # takes over what a dead worker left before looking into the queue
        keeper = threading.Thread(target=self._keep, daemon=True, name="keeper")
        keeper.start()
        try:
            super().run()
        finally:
            self._stopped.set()
            keeper.join(timeout=KEEP_SECONDS)

    def _keep(self) -> None:
        while not self._stopped.wait(KEEP_SECONDS):
            self.look_after()
        connection.close()

    def look_after(self) -> None:
        """Once around: end when the site that started this worker is gone, else keep house."""
        if self.parent and os.getppid() != self.parent:
            self.running = False
        try:
            close_old_connections()
            keeping.keep()
        except OperationalError:
            logger.debug("database busy")
        except Exception:
            logger.exception("the keeper stumbled, and goes on")


def drain() -> None:
    """Run what is in the queue now, in this process; for tests and `yanglao worker --batch`."""
    Worker(batch=True).run()
