"""A worker that lives and dies with the site: what a small office runs, without a second service to look after."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading

logger = logging.getLogger(__name__)
AGAIN_SECONDS = 2.0
STOP_SECONDS = 20.0


class EmbeddedWorker:
    """A child process `yanglao worker`, started again when it dies. A process, so that heavy work does not
    slow the pages, and so that its crash does not take the site down."""

    def __init__(self, command: list[str] | None = None) -> None:
        own = [sys.executable, "-m", "yanglao.cli", "worker", "--parent", str(os.getpid())]
        self._command = command or own
        self._stop = threading.Event()
        self._child: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._watch, daemon=True, name="embedded-worker")

    @property
    def pid(self) -> int | None:
        return self._child.pid if self._child else None

    def start(self) -> None:
        self._spawn()
        self._thread.start()

    def stop(self) -> None:
        """Let the running job end; one that takes longer is cut off and goes on at the next start."""
        self._stop.set()
        child = self._child
        if child is None or child.poll() is not None:
            return
        child.terminate()
        try:
            child.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()

    def _spawn(self) -> None:
        self._child = subprocess.Popen(self._command, stdin=subprocess.DEVNULL)

    def _watch(self) -> None:
        while not self._stop.wait(AGAIN_SECONDS):
            if self._child is not None and self._child.poll() is not None:
                logger.warning("the worker ended with %s, starting another", self._child.returncode)
                self._spawn()
