"""Who may approve how much, and how many are drawn for the spot-check: `standards/approval.yaml`, a city's own over it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal

import yaml
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import Field

from yanglao.kernel.accounts.roles import roles
from yanglao.kernel.packs import Pack, PackFile, PackSection, Problem, StandardHeader, Strict
from yanglao.kernel.packs.models import LoadedFile
from yanglao.kernel.packs.queries import city_of

FILE = "approval.yaml"


class Limit(Strict):
    """What a role held at a level of division may approve at once; None: any amount."""

    role: str
    level: Literal[1, 2, 3, 4, 5]
    up_to_yuan: int | None = Field(None, gt=0)


class Sample(Strict):
    """How many of a street's subjects are drawn: percent, at least, at most."""

    percent: int = Field(ge=0, le=100)
    least: int = Field(0, ge=0)
    most: int = Field(gt=0)


class Approval(StandardHeader):
    """The file, whole."""

    limits: tuple[Limit, ...] = Field(min_length=1)
    spot_check: Sample

    def limit_fen(self, role: str, level: int) -> int | None:
        """Fen the role may approve at that level: 0 for one that is not named, None without limit."""
        for limit in self.limits:
            if (limit.role, limit.level) == (role, level):
                return None if limit.up_to_yuan is None else limit.up_to_yuan * 100
        return 0


@cache
def standard() -> Approval:
    text = (Path(settings.STANDARDS) / FILE).read_text(encoding="utf-8")
    return Approval.model_validate(yaml.safe_load(text))


@lru_cache(maxsize=100)
def _read(content: str) -> Approval:
    return Approval.model_validate_json(content)


def approval_of(division: int) -> Approval:
    """The file in force in the city a division lies in."""
    city = city_of(division)
    own = LoadedFile.objects.filter(pack=f"city:{city.pk}", path=FILE, replaced_at=None) if city else None
    content = own.values_list("content", flat=True).first() if own is not None else None
    return _read(json.dumps(content, sort_keys=True)) if content else standard()


def _check(pack: Pack, files: Iterable[PackFile[Approval]]) -> Iterator[Problem]:
    for file in files:
        for index, limit in enumerate(file.model.limits):
            if limit.role not in roles():
                yield file.problem(
                    ["limits", index],
                    _("没有名为“%(name)s”的角色") % {"name": limit.role},
                    _("写 standards/roles.yaml 里的角色"),
                )


STANDARD = PackSection(FILE, Approval, gettext_lazy("发放审批权限"), kind="standard", check=_check)
CITY = PackSection(FILE, Approval, gettext_lazy("本市的发放审批权限"), check=_check)
