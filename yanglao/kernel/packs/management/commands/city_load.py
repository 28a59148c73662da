"""`yanglao city load DIR`: bring a city folder into the database."""

from __future__ import annotations

from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from yanglao.kernel.packs import commands


class Command(BaseCommand):
    help = "载入城市文件夹；有改动时先列出差异，确认后在一个事务内生效并记入审计"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", help="城市文件夹，如 cities/ningbo")
        parser.add_argument("--yes", action="store_true", help="不再询问，直接载入改动")
        parser.add_argument("--again", action="store_true", help="即使没有变化也重新载入")

    def handle(self, *args: Any, folder: str, yes: bool, again: bool, **options: Any) -> None:
        pack = commands.read_or_fail(commands.city_folder(folder), "city")
        commands.report_checked(pack, self.stdout.write)
        if commands.load(pack, yes=yes, again=again, write=self.stdout.write) is None:
            raise CommandError(_("没有载入"), returncode=2)
