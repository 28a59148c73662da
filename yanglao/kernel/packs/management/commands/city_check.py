"""`yanglao city check DIR`: is the city folder right?"""

from __future__ import annotations

from typing import Any

from django.core.management import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from yanglao.kernel.packs import commands


class Command(BaseCommand):
    help = "检查城市文件夹，列出全部错误（文件、行、原因、改法），不改动数据库"
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", help="城市文件夹，如 cities/ningbo")

    def handle(self, *args: Any, folder: str, **options: Any) -> None:
        pack = commands.read_or_fail(commands.city_folder(folder), "city")
        self.stdout.write(_("%(folder)s 检查通过") % {"folder": folder})
        commands.report_checked(pack, self.stdout.write)
