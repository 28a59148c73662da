"""The one who acts, with what he may do where: the first argument of every action."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from yanglao.kernel.accounts.roles import Role, roles
from yanglao.kernel.scope import ScopedModel, Span, Spans, contains, merge

if TYPE_CHECKING:
    from yanglao.kernel.accounts.models import User

Via = Literal["page", "api", "job", "command"]


class Forbidden(PermissionDenied):
    """The actor lacks the right there; shown as 403 with what was needed."""


@dataclass(frozen=True)
class HeldRole:
    """One grant as it counts today."""

    role: Role
    division: int
    organisation_id: int | None = None
    organisation: str = ""
    organisation_kind: str = ""

    @property
    def span(self) -> Span:
        return Span.of(self.division)


@dataclass(frozen=True)
class Actor:
    """Who acts, from where, by which way, with which grants. Frozen: made once per request or job."""

    user_id: int | None
    name: str
    via: Via
    address: str = ""
    grants: tuple[HeldRole, ...] = ()
    only: frozenset[str] | None = None  # an API key narrows its owner's rights to these
    is_system: bool = False

    @classmethod
    def system(cls, reason: str, via: Via = "command") -> Actor:
        """The system itself: may do everything. The reason stands in the audit as its name."""
        return cls(None, reason, via, is_system=True)

    @classmethod
    def anonymous(cls, address: str = "") -> Actor:
        return cls(None, "", "page", address)

    @classmethod
    def of(cls, user: User, via: Via, address: str = "", only: Iterable[str] | None = None) -> Actor:
        """The actor behind an account, with the grants that hold today (one query)."""
        from yanglao.kernel.accounts.models import Grant
        from yanglao.kernel.scope import everything

        today = timezone.localdate()
        with everything("an account's own grants"):
            held = list(
                Grant.objects.filter(
                    Q(valid_to=None) | Q(valid_to__gt=today), user=user, valid_from__lte=today
                )
                .select_related("organisation")
                .order_by("division", "id")
            )
        known = roles()
        grants = tuple(
            HeldRole(
                known[g.role], g.division_id, g.organisation_id, g.organisation.name, g.organisation.kind
            )
            for g in held
            if g.role in known
        )
        return cls(user.pk, str(user), via, address, grants, None if only is None else frozenset(only))

    @property
    def signed_in(self) -> bool:
        return self.user_id is not None or self.is_system

    @property
    def division(self) -> int | None:
        """The widest division of his grants: where his pages begin."""
        codes = [g.division for g in self.grants]
        return max(codes, key=lambda c: Span.of(c).hi - Span.of(c).lo) if codes else None

    def spans(self, right: str) -> Spans:
        """The divisions, as code ranges, in which he holds the right."""
        if self.is_system:
            return (Span(0, 10**12),)
        if self.only is not None and right not in self.only:
            return ()
        return merge(g.span for g in self._held(right, "division"))

    def organisations(self, right: str) -> frozenset[int]:
        """The organisations for whose own records, and those only, he holds the right."""
        if self.is_system or (self.only is not None and right not in self.only):
            return frozenset()
        held = (g.organisation_id for g in self._held(right, "own"))
        return frozenset(id for id in held if id is not None)

    def _held(self, right: str, reach: str) -> Iterable[HeldRole]:
        return (g for g in self.grants if right in g.role.rights and g.role.reach == reach)

    def can(self, right: str, *where: int | ScopedModel) -> bool:
        """Whether he holds the right at one of the places; anywhere at all when none is named.

        A place is a division's code, or a record: there the right holds in one of its divisions or for one of the
        organisations whose own it is.
        """
        if not where:
            return bool(self.spans(right) or self.organisations(right))
        spans, own = self.spans(right), self.organisations(right)
        return any(_reaches(spans, own, place) for place in where)

    def require(self, right: str, *where: int | ScopedModel) -> None:
        """Raise Forbidden unless he `can`."""
        if not self.can(right, *where):
            from yanglao.kernel.rooms import house

            offered = house().rights.get(right)
            raise Forbidden(
                _("您没有“%(right)s”的权限。如工作需要，请联系本单位账号管理员授权。")
                % {"right": offered.label if offered else right}
            )

    def by(self, via: Via) -> Actor:
        """The same person acting by another way (a page's work carried on in a job)."""
        return replace(self, via=via)


def _reaches(spans: Spans, own: frozenset[int], place: int | ScopedModel) -> bool:
    if isinstance(place, int):
        return contains(spans, place)
    return any(contains(spans, code) for code in place.scope_codes()) or not own.isdisjoint(
        place.scope_owners()
    )
