from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.backup.actions import record
from yanglao.kernel.backup.manifest import BackupError
from yanglao.kernel.backup.taking import make


class Command(BaseCommand):
    help = "Back up database and files while the site runs; the keys go to a separate file with --keys."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("target", type=Path, help="folder in which a new backup folder is made")
        parser.add_argument("--keys", type=Path, help="file for the keys, to be kept somewhere else")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            made = make(options["target"], options["keys"])
        except (BackupError, OSError) as error:
            raise CommandError(str(error)) from error
        record(Actor.system("yanglao backup"), made=made)
        size = f"{made.size / 1_000_000:.1f}"
        self.stdout.write(
            _("备份完成并已核对：%(folder)s（%(files)d 个文件，%(size)s MB）。")
            % {"folder": made.folder, "files": made.files, "size": size}
        )
        self.stdout.write(self._about_keys(made.keys, options["keys"]))

    def _about_keys(self, saved: list[str], file: Path | None) -> str:
        if saved:
            return _(
                "密钥已另存为 %(file)s。请把它放到与备份不同的地方：两者在一起即可读出全部个人信息。"
            ) % {"file": file}
        return _("备份中没有密钥。没有密钥就无法恢复：请确认已用 --keys 另存过，并妥善保管。")
