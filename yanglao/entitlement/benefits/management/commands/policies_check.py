"""`yanglao policies check DIR`: are the policy files of a folder right, and do they pay what their cases say?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from yanglao.entitlement.benefits.facts.schema import schema
from yanglao.entitlement.benefits.library import tried
from yanglao.entitlement.benefits.rules.book import load_book
from yanglao.kernel.packs.problems import PackInvalid


class Command(BaseCommand):
    help = "检查一个文件夹里的政策文件：列出全部错误（文件、行、原因、改法），再算一遍所有案例；不改动数据库"
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", help="放政策文件的文件夹，如 library/policies")

    def handle(self, *args: Any, folder: str, **options: Any) -> None:
        path = Path(folder)
        if not path.is_dir():
            raise CommandError(_("没有文件夹 %(folder)s") % {"folder": folder})
        try:
            book = load_book(path, schema())
        except PackInvalid as invalid:
            head = _("%(folder)s 有 %(count)s 处错误：") % {"folder": folder, "count": len(invalid.problems)}
            raise CommandError("\n".join([head, *(f"  {p}" for p in invalid.problems)])) from None
        results = list(tried(book.policies))
        wrong = [f"  {r.policy} {r}" for r in results if not r.right]
        if wrong:
            head = _("%(folder)s 有 %(count)s 个案例算得不对：") % {"folder": folder, "count": len(wrong)}
            raise CommandError("\n".join([head, *wrong]))
        told = {"folder": folder, "policies": len(book.policies), "cases": len(results)}
        self.stdout.write(_("%(folder)s 检查通过：%(policies)s 项政策，%(cases)s 个案例") % told)
