"""`yanglao demo CITY`: a city with demo data, from roster to money to report."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, CommandParser, call_command
from django.utils import timezone
from django.utils.translation import override

from yanglao.demo import (
    achieved,
    applied,
    assessments,
    courses,
    departments,
    entitlements,
    facilities,
    fresh,
    loading,
    month,
    paper,
    raised,
    signins,
    tabling,
    targets,
    voucher_month,
    vouchers,
)
from yanglao.demo.figures import DemoFile
from yanglao.demo.room import FILE
from yanglao.demo.stage import Stage
from yanglao.demo.talk import Talk
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.accounts.roles import roles
from yanglao.kernel.packs import Pack
from yanglao.kernel.packs.commands import read_or_fail
from yanglao.kernel.packs.models import City


class Command(BaseCommand):
    help = "载入一座城市并生成演示数据：人口、花名册、导入、测算、复核、审批、发放文件、目标看板"

    def add_arguments(self, parser: CommandParser) -> None:
        known = sorted(path.parent.name for path in Path(settings.CITIES).glob(f"*/{FILE}"))
        parser.add_argument("city", nargs="?", default="ningbo", choices=known, help="城市文件夹名")
        parser.add_argument("--people", type=int, help="老年人数，默认见城市的 demo.yaml")
        parser.add_argument("--port", default="8000", help="网址里的端口")
        parser.add_argument("--fresh", action="store_true", help="把现有数据库改名保留，从头生成")
        parser.add_argument("--quiet", action="store_true", help="不显示过程")

    def handle(self, *args: Any, city: str, **options: Any) -> None:
        people = options["people"]
        if people is not None and not 100 <= people <= 2_000_000:
            raise CommandError("--people 应在 100 到 2000000 之间")
        if options["fresh"]:
            fresh.set_aside()
            call_command("migrate", verbosity=0)
        with override("zh-hans"):
            self._play(city, people, options["port"], Talk(quiet=options["quiet"]))

    def _play(self, city: str, people: int | None, port: str, talk: Talk) -> None:
        stage = self._stage(city, talk)
        manifest = loading.make_rosters(stage, people or stage.demo.people)
        if people and people != manifest.people:
            talk.warn(f"已有 {manifest.people:,} 人的演示数据，继续使用；要换成 {people:,} 人，加 --fresh。")
        batches = loading.import_rosters(stage, manifest)
        if not batches:
            talk.say("花名册都已导入过，没有再导入。")
        run = month.run_month(stage)
        if run:
            talk.say(
                f"{run.title}：{run.get_state_display()}，{run.rows:,} 人，{run.sum_fen / 100:,.2f} 元。"
            )
            month.look_ahead(stage)
        facilities.furnish(stage)
        facilities.appoint(stage)
        achieved.achieve(stage)
        vouchers.spend(stage)
        voucher_month.settle(stage)
        assessments.assess(stage)
        entitlements.settle(stage)
        applied.ask(stage)
        courses.teach(stage)
        departments.compare(stage)
        targets.fill_board(stage)
        raised.raise_matters(stage)
        paper.bring_paper(stage)
        tabling.tabulate(stage)
        self._goodbye(stage, port)

    def _stage(self, city: str, talk: Talk) -> Stage:
        standards = read_or_fail(Path(settings.STANDARDS), "standard")
        loading.load_pack(standards, talk)
        pack = read_or_fail(Path(settings.CITIES) / city, "city")
        changed = loading.load_pack(pack, talk)
        demo = _demo_file(pack)
        stage = Stage(City.objects.get(pk=city), demo, talk, timezone.localdate())
        talk.say(f"{stage.city.name}：{'已载入城市文件夹' if changed else '城市文件夹没有变化'}。")
        made = signins.ensure(Actor.system("演示"), [u for u in demo.users if u.role != facilities.MANAGER])
        if made:
            talk.say(f"建立 {len(made)} 个演示账号。")
        return stage

    def _goodbye(self, stage: Stage, port: str) -> None:
        talk, known = stage.talk, signins.known_passwords()
        talk.say(f"[bold]http://127.0.0.1:{port}/[/]   演示准备完毕，用时 {talk.seconds:.0f} 秒。登录账号：")
        talk.table(
            ["角色", "姓名", "账号", "密码"],
            [
                (
                    roles()[u.role].label,
                    u.name,
                    u.username,
                    known.get(u.username, "（不是在本机建立，请由账号管理员重置）"),
                )
                for u in stage.demo.users
            ],
        )
        talk.warn(
            f"这是演示环境：人员全部虚构，号码不属于任何人；口令保存在 {signins.file()}，不要录入真实数据。"
        )


def _demo_file(pack: Pack) -> DemoFile:
    found = pack.of(FILE)
    if not found:
        raise CommandError(f"{pack.folder.name} 没有 {FILE}，不能演示；照 cities/ningbo/{FILE} 写一个")
    demo = found[0].model
    assert isinstance(demo, DemoFile)
    return demo
