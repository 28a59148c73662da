"""The demo's first part: standards and city folder, people, rosters, and their import."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

import numpy as np

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.packs import Pack, actions, queries
from yanglao.kernel.rooms import house
from yanglao.kernel.scope import entered, everything
from yanglao.shell.imports.flow import import_now
from yanglao.shell.imports.models import ImportBatch
from yanglao.shell.imports.reporting import shown_groups

from . import places, population, rosters
from .rosters import Roster
from .stage import Manifest, Stage
from .talk import Talk

TEMPLATE = "people.roster"


def load_pack(pack: Pack, talk: Talk) -> int:
    """Load a pack unasked; says what changed. Gives the number of files that were new, changed or gone."""
    plan = queries.plan(pack)
    if not plan.pending:
        return 0
    for file in plan.pending:
        if file.state == "changed":
            talk.detail(f"{file.path}：{len(file.changes)} 处改动")
    return len(actions.load(Actor.system("演示"), pack).pending)


def make_rosters(stage: Stage, people: int) -> Manifest:
    """The rosters of the city's districts; those of an earlier start are kept."""
    found = Manifest.read(stage.folder)
    if found:
        return found
    demo, talk = stage.demo, stage.talk
    rng = np.random.default_rng([2026, stage.root])
    where = places.places(stage.root, demo.where, rng)
    with talk.bar("生成人口", 6) as advance:
        steps = iter(range(1, 20))
        made = population.make(
            demo, where, people, today=stage.today, tell=lambda _step: advance(next(steps))
        )
    ages = made.ages()[made.alive]
    talk.say(
        f"生成 {len(made):,} 位 60 岁以上老年人：80 岁以上 {int((ages >= 80).sum()):,} 人，"
        f"90 岁以上 {int((ages >= 90).sum()):,} 人，百岁以上 {int((ages >= 100).sum()):,} 人。"
    )
    with talk.bar("书写花名册", len(made)) as advance:
        done = iter_sum(advance)
        files, truth = rosters.write(
            made, stage.folder, demo.roster_level, tell=lambda _file, rows: done(rows)
        )
    manifest = Manifest(people, stage.today, tuple(files), truth)
    manifest.write(stage.folder)
    talk.say(
        f"写成 {len(files)} 份花名册，共 {sum(truth.rows.values()):,} 行，放在 {stage.folder}；"
        f"其中 {sum(truth.refused.values()):,} 行故意写错，看系统能否找出来。"
    )
    return manifest


def iter_sum(advance: Any) -> Any:
    """Turns amounts into a running total."""
    total = 0

    def add(amount: int) -> None:
        nonlocal total
        total += amount
        advance(total)

    return add


def import_rosters(stage: Stage, manifest: Manifest) -> list[ImportBatch]:
    """Import what is not imported yet, by the same importer a user uses; good rows in, bad rows reported."""
    actor, template = stage.officer, house().imports[TEMPLATE]
    done = _committed(manifest.rosters)
    waiting = [roster for roster in manifest.rosters if roster.path.name not in done]
    if not waiting:
        return []
    batches = []
    total = sum(roster.rows for roster in waiting) * 2  # each row is checked, then written
    before = 0
    with entered(actor), stage.talk.bar("导入花名册", total) as advance:
        for roster in waiting:
            start = before

            def progress(rows: int, _all: int, start: int = start) -> None:
                advance(start + rows)

            batch = import_now(
                actor, template, roster.path, division=roster.division, good_only=True, progress=progress
            )
            before += roster.rows * 2
            advance(before)
            batches.append(batch)
    report(stage, manifest, batches)
    return batches


def _committed(files: Iterable[Roster]) -> set[str]:
    names = [roster.path.name for roster in files]
    with everything("the demo asks which of its files are in"):
        found = ImportBatch.objects.filter(
            template=TEMPLATE, file_name__in=names, state=ImportBatch.State.COMMITTED
        )
        return set(found.order_by("id").values_list("file_name", flat=True))


def report(stage: Stage, manifest: Manifest, batches: list[ImportBatch]) -> None:
    """The importer's own report, beside what was written wrong on purpose."""
    talk, truth = stage.talk, manifest.truth
    rows = sum(batch.rows for batch in batches)
    bad = sum(batch.error_rows for batch in batches)
    talk.say(f"导入 {len(batches)} 份花名册：{rows:,} 行，入库 {rows - bad:,} 行，{bad:,} 行有错未入库。")
    talk.table(
        ["文件", "行数", "有错", "埋下的错", "提醒", "入库"],
        [
            (
                b.file_name,
                b.rows,
                b.error_rows,
                truth.refused.get(b.file_name, 0),
                b.warning_rows,
                b.rows - b.error_rows,
            )
            for b in batches
        ],
        numbers=5,
    )
    kinds: Counter[tuple[str, str]] = Counter()
    for batch in batches:
        for group in shown_groups(batch.report):
            kinds[("错误" if group.severity == "error" else "提醒", group.what)] += group.count
    talk.table(
        ["", "查出的问题", "处数"], [(*kind, count) for kind, count in kinds.most_common(14)], numbers=1
    )
