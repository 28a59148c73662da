"""`yanglao audit verify`: prove the audit chain, or name the first broken link (exit code 1)."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from yanglao.kernel.audit.chain import verify


class Command(BaseCommand):
    help = "检查审计链是否完整；不完整时指出第一处断点。"

    def handle(self, *args: Any, **options: Any) -> None:
        verdict = verify()
        if not verdict.whole:
            raise CommandError(
                f"审计链不完整：{verdict.entries} 条之后，第 {verdict.broken} 号记录处断开（{verdict.why}）。"
            )
        self.stdout.write(f"审计链完整：共 {verdict.entries} 条。")
