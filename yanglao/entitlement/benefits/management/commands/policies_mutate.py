"""`yanglao policies mutate [CITY …]`: would the tests of a city's policies notice a mistake in them?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from yanglao.entitlement.benefits.facts.schema import schema
from yanglao.entitlement.benefits.oracle.score import HEADS, LEAST, Score, disagreements, scores, table


class Command(BaseCommand):
    help = (
        "在政策文件里逐一放进小错误（比较、日期、数字、封顶……），看案例和边界对象能发现多少；不改动任何文件"
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("cities", nargs="*", help="cities/ 下的地方，不写就是全部；也可以写文件夹")
        parser.add_argument(
            "--sample", type=int, default=0, help="每项政策只抽这么多个错误（每次抽到的一样）"
        )
        parser.add_argument(
            "--limits",
            action="store_true",
            help="不放错误，只在边界对象上把引擎与手算核对一遍（政策库：library/policies）",
        )
        parser.add_argument("--keep", type=Path, help="把结果另存为这个 Markdown 文件")

    def handle(self, *args: Any, cities: list[str], sample: int, keep: Path | None, **options: Any) -> None:
        if options["limits"]:
            self._limits(_folders(cities))
            return
        found: list[Score] = []
        for one in scores(_folders(cities), schema(), sample):
            found.append(one)
            self.stdout.write(f"{one.place} {one.policy} {100 * one.rate:.1f}% {one.noticed}/{one.counted}")
            self.stdout.write("".join(f"  · {what}\n" for what in one.alive), ending="")
            self.stdout.flush()
        lines = list(table(found))
        self.stdout.write("\n".join(" ".join(line) for line in (HEADS, *lines)))
        if keep is not None:
            keep.write_text(_markdown(found, lines, sample), encoding="utf-8")
        weak = [one.policy for one in found if one.rate < LEAST]
        if weak:
            told = {"least": f"{100 * LEAST:.0f}%", "policies": "、".join(weak)}
            raise CommandError(_("这些政策的案例发现的错误不到 %(least)s，请补案例：%(policies)s") % told)

    def _limits(self, folders: list[Path]) -> None:
        """Engine against oracle on the limits of every policy, as it stands."""
        wrong = []
        for folder in folders:
            for policy, where in disagreements(folder, schema()):
                self.stdout.write(f"{policy} {' '.join(where) or 'ok'}")
                self.stdout.flush()
                wrong += [policy] if where else []
        if wrong:
            raise CommandError(_("引擎与手算不一致：%(policies)s") % {"policies": "、".join(wrong)})


def _folders(cities: list[str]) -> list[Path]:
    if not cities:
        return sorted(path for path in settings.CITIES.glob("*/policies") if list(path.glob("*.yaml")))
    folders = [
        path if (path := Path(city)).is_dir() else settings.CITIES / city / "policies" for city in cities
    ]
    for folder in folders:
        if not folder.is_dir():
            raise CommandError(_("没有文件夹 %(folder)s") % {"folder": folder})
    return folders


ABOUT = """# Mutation score of the policies

Every small mistake of the kinds in `yanglao/entitlement/benefits/oracle/mistakes.py` put into each policy file, one at
a time, and run by the engine. *refused*: the file check does not let it pass; not counted. *harmless*: proven to change
nobody's money by one of the proofs in `oracle/sameness.py`; not counted. *cases*: a worked example of the file
notices it; *limits*: the examples do not, the subjects on the limits do, against the plain-Python oracle; *runs*: it
is paid in other months. *unnoticed*: neither noticed nor proven harmless. Score: noticed of counted.

`./run manage policies mutate` makes this table again.
"""


def _markdown(found: list[Score], lines: list[tuple[str, ...]], sample: int) -> str:
    rows = [HEADS, tuple("---" for _head in HEADS), *lines]
    text = ABOUT + (f"\nA sample of {sample} mistakes of each policy.\n" if sample else "")
    text += "\n" + "\n".join(f"| {' | '.join(row)} |" for row in rows) + "\n"
    left = [f"- {one.policy}: {what}" for one in found for what in one.alive]
    return text + ("\nUnnoticed:\n\n" + "\n".join(left) + "\n" if left else "")
