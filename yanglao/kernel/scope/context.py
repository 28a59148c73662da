"""The scope that is entered: an actor's, or everything (for jobs and commands, with a reason)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Protocol

from yanglao.kernel.scope.spans import Span, Spans


class Unscoped(RuntimeError):
    """A scoped model was queried outside a scope: enter an actor's scope, or `everything("why")`."""


class Scope(Protocol):
    """Whoever can say in which divisions, and for which organisations' own records, a right is held."""

    def spans(self, right: str) -> Spans: ...

    def organisations(self, right: str) -> frozenset[int]: ...


@dataclass(frozen=True)
class _Everything:
    reason: str

    def spans(self, right: str) -> Spans:
        return (Span(0, 10**12),)

    def organisations(self, right: str) -> frozenset[int]:
        return frozenset()


_current: ContextVar[Scope | None] = ContextVar("scope", default=None)


def current() -> Scope | None:
    """The scope that is entered now, or None."""
    return _current.get()


@contextmanager
def entered(scope: Scope) -> Iterator[None]:
    token = _current.set(scope)
    try:
        yield
    finally:
        _current.reset(token)


@contextmanager
def everything(reason: str) -> Iterator[None]:
    """No bound: for jobs, commands and checks that concern the whole city. The reason is for the reader."""
    with entered(_Everything(reason)):
        yield


def is_everything(scope: Scope) -> bool:
    return isinstance(scope, _Everything) or getattr(scope, "is_system", False)
