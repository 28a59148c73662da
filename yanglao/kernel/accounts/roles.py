"""Roles and their rights, declared once as data in standards/roles.yaml."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

import yaml
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import get_language


@dataclass(frozen=True)
class Role:
    """A role 角色: its rights, the levels of division it is held at, the roles it may hand out to others.

    `reach`: `division` holds the rights for all that lies in the division of the grant, `own` only for the records
    of the grant's organisation (a care home's manager), wherever they lie.
    """

    id: str
    zh: str
    en: str
    rights: frozenset[str]
    levels: tuple[int, ...]
    reach: Literal["division", "own"] = "division"
    hands_out: frozenset[str] = frozenset()

    @property
    def label(self) -> str:
        return self.en if (get_language() or "").startswith("en") else self.zh


@cache
def roles() -> dict[str, Role]:
    """All roles by id. Raises ImproperlyConfigured for a right that no room offers."""
    from yanglao.kernel.rooms import house

    known = house().rights
    found: dict[str, Role] = {}
    for id, spec in yaml.safe_load(settings.ROLES.read_text(encoding="utf8"))["roles"].items():
        rights = frozenset(f"{room}.{verb}" for room, verbs in spec["rights"].items() for verb in verbs)
        unknown = sorted(rights - known.keys())
        if unknown:
            raise ImproperlyConfigured(
                f"{settings.ROLES.name}: role {id} names rights no room offers: {', '.join(unknown)}"
            )
        found[id] = Role(
            id,
            spec["zh"],
            spec["en"],
            rights,
            tuple(spec["levels"]),
            spec.get("reach", "division"),
            frozenset(spec.get("hands_out", ())),
        )
    return found
