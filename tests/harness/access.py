"""The permission matrix: what each URL answers to whom.

Every room has `tests/access.py` with `ACCESS = {"people:list": listing("people.view"), …}`, one entry per
URL name. `tests/test_access.py` asks every URL as every role of standards/roles.yaml, in the division of the
record, in another one, and signed out; a URL name without an entry fails.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.harness.house import House

Status = int | tuple[int, ...]
Make = Callable[[House], Mapping[str, Any]]
SIGN_IN = 302
OUTSIDER_WITHOUT_RIGHT = (403, 404)


def _nothing(house: House) -> Mapping[str, Any]:
    return {}


@dataclass(frozen=True)
class Access:
    """The answers of one URL.

    right: who holds it is answered `own` in the record's division and `other` elsewhere; who does not is
        answered `refused` (elsewhere 403 or 404). None: everybody who is signed in is answered `own`.
    args: keyword arguments of the URL, made in a city of the test; the record lies in `house.village`.
    data: what is posted. roles: exceptions, role → status in the own division.
    """

    right: str | None = None
    own: Status = 200
    other: Status = 404
    refused: Status = 403
    signed_out: Status = SIGN_IN
    method: str = "get"
    args: Make = _nothing
    data: Make = _nothing
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    roles: Mapping[str, Status] = field(default_factory=dict)
    key: bool = False  # asked with an API key of the account instead of a browser's session
    page: bool = True  # False: a file, a fragment or data, not a page of its own

    def expected(self, role: str | None, rights: frozenset[str], *, elsewhere: bool) -> Status:
        if role is None:
            return self.signed_out
        if self.right is None:
            return self.roles.get(role, self.own)
        if elsewhere:
            return self.other if self.right in rights else OUTSIDER_WITHOUT_RIGHT
        return self.roles.get(role, self.own if self.right in rights else self.refused)


def public(**options: Any) -> Access:
    """Open to everybody."""
    return Access(signed_out=options.pop("signed_out", 200), **options)


def signed_in(**options: Any) -> Access:
    """Open to everybody who is signed in; each sees what is his."""
    return Access(**options)


def endpoint(right: str | None = None, **options: Any) -> Access:
    """An address of the API: asked with a key, 401 without one."""
    return Access(right, **{"key": True, "page": False, "signed_out": 401, **options})


def listing(right: str, **options: Any) -> Access:
    """A page of many records: elsewhere it answers too, with the records there."""
    options.setdefault("other", options.get("own", 200))
    return Access(right, **options)


def record(right: str, args: Make, **options: Any) -> Access:
    """A page of one record: 404 elsewhere."""
    return Access(right, args=args, **options)


def change(right: str, args: Make = _nothing, data: Make = _nothing, **options: Any) -> Access:
    """A POST that changes one record and then leads to a page (302)."""
    return Access(right, method="post", args=args, data=data, **{"own": 302, **options})
