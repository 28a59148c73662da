from __future__ import annotations

import signal
import socket
import subprocess
import sys
from argparse import ArgumentParser
from contextlib import closing
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from yanglao.kernel.jobs.embedded import EmbeddedWorker


class Command(BaseCommand):
    help = "Serve the site with gunicorn, and work on background jobs beside it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--workers", type=int, default=2)
        parser.add_argument("--threads", type=int, default=8)
        parser.add_argument(
            "--no-jobs", action="store_true", help="leave background jobs to `yanglao worker`"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        host, port = options["host"], options["port"]
        check_free(host, port)
        worker = None if options["no_jobs"] else EmbeddedWorker()
        pages = subprocess.Popen(gunicorn(host, port, options["workers"], options["threads"]))

        def stop(number: int, frame: FrameType | None) -> None:
            pages.terminate()

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, stop)
        if worker:
            worker.start()
        self.stdout.write(f"http://{host}:{port}/  按 Ctrl+C 停止 / press Ctrl+C to stop")
        self.stdout.flush()
        try:
            ended = pages.wait()
        finally:
            if worker:
                worker.stop()
        if ended > 0:
            raise CommandError(f"gunicorn 退出，代码 {ended} / ended with {ended}", returncode=ended)


def gunicorn(host: str, port: int, workers: int, threads: int) -> list[str]:
    """The page server: a few processes with threads; sync WSGI fits what the pages do."""
    return [
        *(sys.executable, "-m", "gunicorn", "yanglao.wsgi:application"),
        *("--bind", f"{host}:{port}", "--workers", str(workers), "--threads", str(threads)),
        *("--worker-class", "gthread", "--timeout", "120", "--graceful-timeout", "15"),
        *("--max-requests", "20000", "--max-requests-jitter", "2000", "--log-level", "warning"),
    ]


def check_free(host: str, port: int) -> None:
    """Raise CommandError when something else listens there already."""
    with closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CommandError(
                f"不能使用 {host}:{port}（{error.strerror}）。请换一个端口：--port 8001\n"
                f"Cannot use {host}:{port}: choose another port, for example --port 8001"
            ) from error
