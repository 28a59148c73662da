from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from yanglao.kernel.backup.manifest import BackupError, verify
from yanglao.kernel.backup.restoring import prove, restore


class Command(BaseCommand):
    help = "Restore a backup into this new site, or with --into into an empty data folder. Never overwrites data."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", type=Path, help="a folder made by the backup command")
        parser.add_argument("--keys", type=Path, help="the file made by backup --keys")
        parser.add_argument(
            "--into", type=Path, help="an empty folder that becomes the data folder (YANGLAO_VAR)"
        )
        parser.add_argument("--verify", action="store_true", help="only check the backup, restore nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["verify"]:
                manifest = verify(options["source"])
                self.stdout.write(_("备份完好：%(files)d 个文件。") % {"files": len(manifest.files)})
                return
            self._restore(options["source"], options["keys"], options["into"])
        except (BackupError, OSError) as error:
            raise CommandError(str(error)) from error

    def _restore(self, source: Path, keys: Path | None, into: Path | None) -> None:
        manifest = restore(source, keys, into)
        self.stdout.write(
            _("已恢复 %(when)s 的备份（%(files)d 个文件）。")
            % {"when": manifest.made_at, "files": len(manifest.files)}
        )
        if keys is None:
            self.stdout.write(
                _("没有恢复密钥。请把原来的密钥文件放入密钥目录，再执行 yanglao restore check 检查。")
            )
            return
        self.stdout.write(prove(into))
        if into is not None:
            self.stdout.write(_("启动时请设置 YANGLAO_VAR=%(folder)s。") % {"folder": into})
