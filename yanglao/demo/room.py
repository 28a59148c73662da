"""What the demo offers to the house: it reads `demo.yaml` of a city folder."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.kernel.accounts.roles import roles
from yanglao.kernel.packs import Pack, PackFile, PackSection, Problem
from yanglao.kernel.rooms import Room
from yanglao.kernel.scope import Span, level_of

from . import figures

FILE = "demo.yaml"


def check(pack: Pack, files: Sequence[PackFile[figures.DemoFile]]) -> Iterator[Problem]:
    """Provinces and ethnic groups that have figures, users with a role that may be held where they work."""
    roots = [file.model.root for file in pack.of("city.yaml")]
    for file in files:
        demo = file.model
        if demo.province not in figures.census().five_year:
            known = "、".join(figures.census().five_year)
            yield file.problem(
                ["province"],
                _("没有“%(name)s”的人口构成") % {"name": demo.province},
                _("可以写：%(known)s") % {"known": known},
            )
        for index, user in enumerate(demo.users):
            yield from _user(file, index, user, roots)


def _user(
    file: PackFile[figures.DemoFile], index: int, user: figures.DemoUser, roots: Sequence[int]
) -> Iterator[Problem]:
    where: list[str | int] = ["users", index]
    role = roles().get(user.role)
    if role is None:
        known = "、".join(roles())
        yield file.problem(
            where,
            _("没有名为“%(role)s”的角色") % {"role": user.role},
            _("可以写：%(known)s") % {"known": known},
        )
    elif level_of(user.division) not in role.levels:
        yield file.problem(
            where, _("“%(role)s”不能授予这一级区划") % {"role": role.label}, _("改正 division 的 12 位代码")
        )
    if not any(user.division in Span.of(root) for root in roots):
        yield file.problem(
            where,
            _("账号“%(name)s”的区划不在本市内") % {"name": user.username},
            _("改正 division 的 12 位代码"),
        )


room = Room(
    name="demo",
    label=gettext_lazy("演示"),
    packs=(
        PackSection(
            glob=FILE, schema=figures.DemoFile, label=gettext_lazy("演示数据"), check=check, order=900
        ),
    ),
)
