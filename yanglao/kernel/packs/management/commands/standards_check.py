"""`yanglao standards check`: are the files in `standards/` right?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from yanglao.kernel.packs import commands


class Command(BaseCommand):
    help = "检查标准文件，列出全部错误（文件、行、原因、改法），不改动数据库"
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", nargs="?", default=str(settings.STANDARDS), help="标准文件夹")

    def handle(self, *args: Any, folder: str, **options: Any) -> None:
        pack = commands.read_or_fail(Path(folder), "standard")
        self.stdout.write(_("%(folder)s 检查通过") % {"folder": folder})
        commands.report_checked(pack, self.stdout.write)
