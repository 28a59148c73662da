"""`yanglao library index`: make the index of the library and the tables of its README anew from the files."""

from __future__ import annotations

from typing import Any

from django.core.management import BaseCommand

from yanglao.entitlement.benefits.library import INDEX, index_text, made_index, raw_files
from yanglao.entitlement.benefits.library_readme import README, readme_text


class Command(BaseCommand):
    help = "按样例库的文件重写索引（library/index.csv）和说明里的表"
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        index = made_index(raw_files())
        INDEX.write_text(index_text(index), encoding="utf-8")
        README.write_text(readme_text(README.read_text(encoding="utf-8"), index), encoding="utf-8")
        self.stdout.write(f"{len(index)}")
