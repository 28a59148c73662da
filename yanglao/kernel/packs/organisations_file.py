"""`organisations.yaml`: the bodies people work in, written out or made by pattern for every division of a level."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from django.utils.translation import gettext as _
from pydantic import Field, field_validator

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.accounts.models import Organisation
from yanglao.kernel.divisions.models import Division
from yanglao.kernel.divisions.queries import inside
from yanglao.kernel.scope import Level, Span, level_of
from yanglao.kernel.scope.spans import ancestor

from .city_file import Code
from .problems import Problem
from .schema import Strict
from .sections import Pack, PackFile

Kind = Literal["bureau", "department", "street", "village", "provider", "other"]


class Named(Strict):
    """One organisation written out."""

    name: str
    kind: Kind
    division: Code


class Pattern(Strict):
    """One organisation for every division of a level (and, with `ending`, whose name ends so).

    Of several patterns with the same level and kind the first that fits a division counts.
    """

    level: int = Field(ge=1, le=5)
    kind: Kind
    name: str
    ending: tuple[str, ...] = ()

    @field_validator("name")
    @classmethod
    def _has_a_place(cls, name: str) -> str:
        if "{name}" not in name:
            raise ValueError(_("要含 {name}，例如 “{name}民政局”"))
        return name

    def fits(self, division: Division) -> bool:
        return not self.ending or division.name.endswith(self.ending)


class OrganisationsFile(Strict):
    """The whole of `organisations.yaml`."""

    organisations: list[Named] = []
    patterns: list[Pattern] = []


def check(pack: Pack, files: Sequence[PackFile[OrganisationsFile]]) -> Iterator[Problem]:
    """Organisations must lie in the city."""
    roots = [file.model.root for file in pack.of("city.yaml")]
    for file in files:
        for index, body in enumerate(file.model.organisations):
            if not any(body.division in Span.of(root) for root in roots):
                what = _("单位“%(name)s”的区划不在本市内") % {"name": body.name}
                yield file.problem(["organisations", index], what, _("改正 division 的 12 位代码"))


def apply(actor: Actor, pack: Pack, files: Sequence[PackFile[OrganisationsFile]]) -> None:
    """Add the organisations that are not there yet, upper levels first; none is ever taken away."""
    root = pack.of("city.yaml")[0].model.root
    known = _known(root)
    for file in files:
        wanted = {(n.division, n.name): n.kind for n in file.model.organisations} | dict(
            _made(file.model, root)
        )
        for level in Level:
            new = [
                Organisation(division_id=code, name=name, kind=kind, parent_id=_parent(code, known))
                for (code, name), kind in wanted.items()
                if level_of(code) == level and (code, name) not in known
            ]
            known |= {(o.division_id, o.name): o.pk for o in Organisation.objects.bulk_create(new)}


def _known(root: int) -> dict[tuple[int, str], int]:
    span = Span.of(root)
    found = Organisation.objects.filter(division_id__gte=span.lo, division_id__lte=span.hi)
    return {(o.division_id, o.name): o.pk for o in found.order_by("id")}


def _made(file: OrganisationsFile, root: int) -> Iterator[tuple[tuple[int, str], Kind]]:
    for level in sorted({pattern.level for pattern in file.patterns}):
        patterns = [pattern for pattern in file.patterns if pattern.level == level]
        for division in inside(root, Level(level)):
            for kind in dict.fromkeys(pattern.kind for pattern in patterns):
                found = next((p for p in patterns if p.kind == kind and p.fits(division)), None)
                if found:
                    yield (division.code, found.name.format(name=division.name)), kind


def _parent(code: int, known: dict[tuple[int, str], int]) -> int | None:
    """The body of the next division above that has one: a street office answers to the county's bureau."""
    for level in sorted((each for each in Level if each < level_of(code)), reverse=True):
        above = ancestor(code, level)
        found = next((pk for (division, _name), pk in known.items() if division == above), None)
        if found and above != code:
            return found
    return None
