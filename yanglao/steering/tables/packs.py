"""Table files among the standards: every id once, every measure one that a room offers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from yanglao.kernel.packs import Pack, PackFile, Problem
from yanglao.kernel.rooms import house
from yanglao.steering.tables.rules import terms
from yanglao.steering.tables.schema import TableFile


def check(pack: Pack, files: Sequence[PackFile[TableFile]]) -> Iterator[Problem]:
    """What one file alone cannot say."""
    seen: set[str] = set()
    for file in files:
        if file.model.id in seen:
            yield file.problem(
                ["id"], _("报表 %(id)s 在别的文件里已有") % {"id": file.model.id}, _("改用别的 id")
            )
        seen.add(file.model.id)
        for index, item in enumerate(file.model.items):
            for _sign, name in terms(item.count):
                if name not in house().measures:
                    what = _("没有登记簿提供“%(name)s”") % {"name": name}
                    how = _("改用已有的度量，或删去 count 由填报单位填写")
                    yield file.problem(["items", index, "count"], what, how)
