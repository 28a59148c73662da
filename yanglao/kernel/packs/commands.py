"""What the pack commands have in common: read a pack, show what is wrong or what would change."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.core.management import CommandError
from django.utils.translation import gettext as _

from yanglao.kernel.accounts.actor import Actor

from . import actions, queries
from .checking import check, sections_of, stranger_hint
from .problems import PackInvalid
from .sections import Kind, Pack

Write = Callable[[str], object]


def city_folder(text: str) -> Path:
    """A folder as typed: a path, or the name of a city under `cities/`."""
    path = Path(text)
    return path if path.is_dir() or "/" in text else settings.CITIES / text


def read_or_fail(folder: Path, kind: Kind) -> Pack:
    """The pack; ends the command with all mistakes listed when it is wrong."""
    try:
        return check(folder, kind)
    except PackInvalid as invalid:
        count = len(invalid.problems)
        head = _("%(folder)s 有 %(count)s 处错误，没有载入：") % {"folder": folder, "count": count}
        raise CommandError("\n".join([head, *(f"  {problem}" for problem in invalid.problems)])) from None


def report_checked(pack: Pack, write: Write) -> None:
    sections = sections_of(pack.kind)
    for section in sections:
        write(
            _("  %(label)s：%(count)s 个文件") % {"label": section.label, "count": len(pack.of(section.glob))}
        )
    for path in pack.strangers:
        write("  " + stranger_hint(path, sections))


def load(pack: Pack, *, yes: bool, again: bool, write: Write) -> queries.LoadPlan | None:
    """Show what changes, ask when something that was loaded before changes, load. None: not applied."""
    plan = queries.plan(pack)
    if not plan.pending and not again:
        write(_("没有变化，无需载入。"))
        return plan
    show(plan, write)
    if not plan.is_first and plan.pending and not yes and not _agreed(write):
        return None
    try:
        done = actions.load(Actor.system(_("载入数据包")), pack, again=again)
    except PackInvalid as invalid:
        raise CommandError("\n".join(map(str, invalid.problems))) from None
    write(_("已载入，共 %(count)s 个文件有变化。") % {"count": len(done.pending)})
    return done


def show(plan: queries.LoadPlan, write: Write) -> None:
    words = {"new": _("新文件"), "changed": _("有改动"), "gone": _("已删去")}
    for file in plan.pending:
        write(f"{file.path}：{words[file.state]}")
        for change in file.changes:
            write(f"    {change}")


def _agreed(write: Write) -> bool:
    if not sys.stdin.isatty():
        write(_("以上改动没有载入。确认后加 --yes 再运行一次。"))
        return False
    return input(_("载入以上改动？输入 y 确认：")).strip().lower() in {"y", "yes", "是"}
