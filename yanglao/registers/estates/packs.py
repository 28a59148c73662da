"""`estates.yaml` of a city: its rules for premises that estates owe."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Literal

from django.utils.translation import gettext as _
from pydantic import Field

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.packs import Pack, PackFile, Problem
from yanglao.kernel.packs.schema import Source, Strict
from yanglao.registers.estates import actions

FILE = "estates.yaml"


class NormFile(Strict):
    """One rule: for which estates, from which day of the planning condition, how much."""

    kind: Literal["new", "existing"]
    valid_from: dt.date
    per_100_households: Decimal = Field(gt=0, le=1000)
    minimum: Decimal = Field(default=Decimal(0), ge=0, le=100_000)
    hand_over_days: int | None = Field(default=None, gt=0, le=3650)
    source: Source


class EstatesFile(Strict):
    norms: list[NormFile] = Field(min_length=1)


def check(pack: Pack, files: Sequence[PackFile[EstatesFile]]) -> Iterator[Problem]:
    """Two rules for one kind of estate cannot begin on the same day."""
    seen: set[tuple[str, dt.date]] = set()
    for file in files:
        for index, norm in enumerate(file.model.norms):
            if (norm.kind, norm.valid_from) in seen:
                what = _("同一类小区在 %(day)s 有两条配建标准") % {"day": norm.valid_from}
                yield file.problem(["norms", index], what, _("留下一条，或改正 valid_from"))
            seen.add((norm.kind, norm.valid_from))


def apply(actor: Actor, pack: Pack, files: Sequence[PackFile[EstatesFile]]) -> None:
    """Put the rules in force and reckon anew what every estate owes."""
    root = pack.of("city.yaml")[0].model.root
    norms = [norm for file in files for norm in file.model.norms]
    actions.set_norms(actor, division=root, norms=norms)
