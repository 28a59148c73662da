from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.calendar.actions import announce_year


class Command(BaseCommand):
    help = "Enter a year's holiday notice from a YAML file: year, source, holidays: {date: name}, workdays: {date: name}."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            notice = yaml.safe_load(options["file"].read_text("utf-8"))
            days = {**_days(notice["holidays"], False), **_days(notice.get("workdays") or {}, True)}
            number = announce_year(
                Actor.system("yanglao calendar year"), int(notice["year"]), days, source=notice["source"]
            )
        except (OSError, yaml.YAMLError, KeyError, TypeError, ValueError) as error:
            message = _(
                "节假日文件 %(file)s 有误：%(why)s。需要 year、source、holidays（放假）与 workdays（调休上班）。"
            )
            raise CommandError(message % {"file": options["file"], "why": error}) from error
        self.stdout.write(
            _("已登记 %(year)s 年的 %(number)d 天。") % {"year": notice["year"], "number": number}
        )


def _days(entries: dict[date, str], working: bool) -> dict[date, tuple[bool, str]]:
    if not all(isinstance(day, date) for day in entries):
        raise ValueError("YYYY-MM-DD")
    return {day: (working, str(name)) for day, name in entries.items()}
