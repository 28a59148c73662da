from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from yanglao.kernel.audit.chain import verify as verify_audit
from yanglao.kernel.crypto import keyring
from yanglao.kernel.crypto.errors import CryptoError
from yanglao.kernel.files.queries import damaged


class Command(BaseCommand):
    help = "Prove that the keys open the data, every stored file can be read, and the audit chain is whole."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            keyring.verify()
        except CryptoError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(_("密钥与数据库相符。"))
        checked, broken = damaged()
        if broken:
            raise CommandError(
                _("%(count)d 个文件缺失或损坏，例如：%(name)s。") % {"count": len(broken), "name": broken[0]}
            )
        self.stdout.write(_("文件完好：%(count)d 个。") % {"count": checked})
        verdict = verify_audit()
        if not verdict.whole:
            raise CommandError(_("审计链在 %(entry)s 号记录处断开。") % {"entry": verdict.broken})
        self.stdout.write(_("审计链完整：%(count)d 条。") % {"count": verdict.entries})
