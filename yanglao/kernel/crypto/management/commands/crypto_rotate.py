from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.crypto import keyring, rotation
from yanglao.kernel.crypto.actions import record_master_change, record_rotation
from yanglao.kernel.crypto.errors import CryptoError


class Command(BaseCommand):
    help = "Seal all personal data with a new data key, or change the master key (--master)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--master", action="store_true", help="change the master key instead")
        parser.add_argument("--batch", type=int, default=rotation.BATCH, help="rows per transaction")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["master"]:
                self._master()
            else:
                self._data(options["batch"], loud=options["verbosity"] > 1)
        except CryptoError as error:
            raise CommandError(str(error)) from error

    def _master(self) -> None:
        number = keyring.rewrap()
        record_master_change(Actor.system("yanglao crypto rotate"), keys=number)
        self.stdout.write(_("主密钥已更换，%(number)d 把数据密钥已重新加密。") % {"number": number})
        self.stdout.write(_("请立即另行备份密钥文件 %(file)s。") % {"file": keyring.key_file()})

    def _data(self, batch: int, *, loud: bool) -> None:
        report = rotation.run(batch=batch, progress=self._progress if loud else None)
        record_rotation(Actor.system("yanglao crypto rotate"), report=report)
        if report.resumed:
            self.stdout.write(_("接着上次中断的轮换继续完成。"))
        for table, number in report.tables.items():
            self.stdout.write(
                _("%(table)s：%(number)d 个值已重新加密。") % {"table": table, "number": number}
            )
        self.stdout.write(_("轮换完成，现用数据密钥 %(key)d。") % {"key": report.key_id})

    def _progress(self, table: str, done: int) -> None:
        self.stdout.write(f"{table} {done}")
