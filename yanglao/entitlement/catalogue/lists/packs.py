"""Lists as sections of a pack: every mistake of every file, with file, line, reason and mend, before anything is loaded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.entitlement.benefits.offered import queries as benefits
from yanglao.kernel.packs import Pack, PackFile, PackInvalid, PackSection, Problem
from yanglao.registers.people.groups_file import groups

from .compiling import Unsaid, item_text, received_clauses, who_clauses
from .form import Clause, Item, ListFile
from .narrowing import narrowing
from .reading import GLOB, Listing, listing, standard_files, wider

ANYWHERE = 110000000000
Files = Sequence[PackFile[ListFile]]


def check(pack: Pack, files: Files) -> Iterator[Problem]:
    """Nothing lowered, nothing dropped, no link to nowhere, every condition understood."""
    others = (
        [f.model for f in files]
        if pack.kind == "standard"
        else [*standard_files(), *(f.model for f in files)]
    )
    policies = {file.model.id for file in pack.of("policies/*.yaml")} if pack.kind == "city" else None
    for file in files:
        if file.model.inherits and file.model.inherits not in {f.id for f in others}:
            what = _("没有编号为 %(id)s 的上级清单") % {"id": file.model.inherits}
            yield file.problem(["inherits"], what, _("全国清单的编号是 national"))
            continue
        found = listing(file.model, [f for f in others if f is not file.model])
        for fault in found.faults:
            yield file.problem(list(fault.where), fault.what, fault.how)
        missing = list(_links(file, found, policies))
        yield from missing
        yield from _conditions(file, found)
        if policies is not None and not missing and not found.faults:
            yield from narrowing(
                pack, file, found, wider(file.model, [f for f in others if f is not file.model])
            )


def _links(file: PackFile[ListFile], found: Listing, policies: set[str] | None) -> Iterator[Problem]:
    """Policies and groups that are named must be there."""
    for at, form in enumerate(file.model.items):
        where: list[str | int] = ["items", at, "fulfilled_by"]
        item = found.item(form.id)
        if item is None:
            continue
        for name in item.fulfilled_by.policies:
            if policies is not None and name not in policies:
                what = _("“%(item)s”连到不存在的政策 %(name)s") % {"item": item.title, "name": name}
                yield file.problem(where, what, _("写 policies 文件夹里某个文件的 id，或删去"))
        if item.who.policies and not item.fulfilled_by.policies:
            what = _("“%(item)s”说由政策确定对象，却没有写哪一项政策") % {"item": item.title}
            yield file.problem(["items", at, "who"], what, _("在 fulfilled_by.policies 里写政策的 id"))
        for name in filter(None, (item.who.group, item.fulfilled_by.group)):
            if name not in groups([]):
                what = _("“%(item)s”用了不存在的人群 %(name)s") % {"item": item.title, "name": name}
                yield file.problem(["items", at, "who"], what, _("人群见 standards/groups.yaml"))


def _conditions(file: PackFile[ListFile], found: Listing) -> Iterator[Problem]:
    """Each condition must be one the language of the policies understands."""
    division = file.model.division or ANYWHERE
    for at, form in enumerate(file.model.items):
        item = found.item(form.id)
        if item is None or item.who.elsewhere or (item.who.group and item.who.group not in groups([])):
            continue
        try:
            parts = (
                [[], received_clauses(item)]
                if item.who.policies
                else [who_clauses(item, groups([])), received_clauses(item)]
            )
        except Unsaid as unsaid:
            what = _("人群 %(group)s 的条件 %(kind)s 不能用来认定资格") % {
                "group": item.who.group,
                "kind": unsaid,
            }
            yield file.problem(["items", at, "who"], what, _("换一个人群，或把条件写在 who.when 里"))
            continue
        for clauses in filter(None, parts):
            yield from _understood(file, at, item, division, clauses)


def _understood(
    file: PackFile[ListFile], at: int, item: Item, division: int, clauses: Sequence[Clause]
) -> Iterator[Problem]:
    try:
        benefits.own_policies({f"{item.id}.yaml": item_text("check", division, item, clauses)})
    except PackInvalid as invalid:
        for problem in invalid.problems:
            what = _("“%(item)s”的条件读不懂：%(what)s") % {"item": item.title, "what": problem.what}
            yield file.problem(["items", at], what, problem.how)


SECTIONS = (
    PackSection(GLOB, ListFile, gettext_lazy("服务清单"), kind="standard", check=check),
    PackSection(GLOB, ListFile, gettext_lazy("服务清单"), check=check),
)
