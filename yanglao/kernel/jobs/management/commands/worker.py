from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from yanglao.kernel.jobs.worker import Worker


class Command(BaseCommand):
    help = "Work on background jobs until stopped. Several may run side by side on PostgreSQL."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--batch", action="store_true", help="end when the queue is empty")
        parser.add_argument("--parent", type=int, help="end when this process is gone")

    def handle(self, *args: Any, **options: Any) -> None:
        worker = Worker(batch=options["batch"], parent=options["parent"])
        worker.configure_signals()
        worker.run()
