"""`@action`: the one way anything is changed."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import models, transaction
from django.utils import timezone

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.audit.chain import append
from yanglao.kernel.audit.models import AuditEntry
from yanglao.kernel.scope import ScopedModel

P = ParamSpec("P")
R = TypeVar("R")

_SECRET = frozenset({"password", "digest", "seal", "secret"})
_open: ContextVar[list[AuditEntry] | None] = ContextVar("audit_entries", default=None)
_notes: ContextVar[dict[str, Any] | None] = ContextVar("audit_notes", default=None)

ACTIONS: dict[str, Callable[..., Any]] = {}


def action(
    verb: str, *, right: str, at: Callable[[dict[str, Any]], Iterable[int | ScopedModel]] | None = None
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a function an action: `f(actor, [target,] …)`.

    The right is required at the target, or at the division codes or records of `at(arguments)` (an empty answer:
    anywhere, so the body must check). The body runs in a transaction; one audit entry is written at its end. Actions may call actions:
    all their entries are written together when the outermost one ends, so the chain is locked but a moment.
    Raises Forbidden.
    """

    def make(function: Callable[P, R]) -> Callable[P, R]:
        signature = inspect.signature(function)

        @wraps(function)
        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            bound = signature.bind(*args, **kwargs)
            bound.apply_defaults()
            actor, target = _actor_and_target(bound.arguments)
            where = tuple(at(dict(bound.arguments))) if at else (_scoped(target),)
            actor.require(right, *where)
            codes = tuple(code for place in where for code in _codes(place))
            return _perform(verb, actor, target, codes, lambda: function(*args, **kwargs))

        ACTIONS[verb] = run
        run.right = right  # type: ignore[attr-defined]
        return run

    return make


def note(**details: Any) -> None:
    """Add details to the audit entry of the action that runs: counts, hashes, reasons; never personal data."""
    notes = _notes.get()
    if notes is None:
        raise RuntimeError("note() is for the body of an action")
    notes.update(details)


def _actor_and_target(arguments: dict[str, Any]) -> tuple[Actor, models.Model | None]:
    actor, *others = arguments.values()
    if not isinstance(actor, Actor):
        raise TypeError("an action's first argument is the actor")
    target = others[0] if others and isinstance(others[0], models.Model) else None
    return actor, target


def _codes(place: int | ScopedModel) -> tuple[int, ...]:
    return (place,) if isinstance(place, int) else place.scope_codes()


def _scoped(target: models.Model | None) -> ScopedModel:
    if isinstance(target, ScopedModel):
        return target
    raise TypeError("an action on something without divisions says where with at=")


def _perform(
    verb: str, actor: Actor, target: models.Model | None, codes: tuple[int, ...], body: Callable[[], R]
) -> R:
    before = state(target)
    outer = _open.get()
    entries = outer if outer is not None else []
    opened = _open.set(entries)
    noted = _notes.set(notes := {})
    try:
        with transaction.atomic():
            result = body()
            if target is None and isinstance(result, models.Model):
                target, before = result, {}
            entries.append(_entry(verb, actor, target, codes, before, notes))
            if outer is None:
                append(entries)
        return result
    finally:
        _notes.reset(noted)
        _open.reset(opened)


def _entry(
    verb: str,
    actor: Actor,
    target: models.Model | None,
    codes: tuple[int, ...],
    before: dict[str, Any],
    notes: dict[str, Any],
) -> AuditEntry:
    after = state(target)
    changed = {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
    return AuditEntry(
        at=timezone.now(),
        user_id=actor.user_id,
        actor=actor.name,
        via=actor.via,
        address=actor.address,
        verb=verb,
        division_id=codes[0] if codes else None,
        target_type=target._meta.label_lower if target else "",
        target_id=str(target.pk or "") if target else "",
        before={key: before[key] for key in sorted(changed & before.keys())},
        after={key: after[key] for key in sorted(changed & after.keys())},
        notes=notes,
    )


def state(record: models.Model | None) -> dict[str, Any]:
    """A record's columns as plain data: sealed fields as their mask, secrets and hashes left out."""
    if record is None:
        return {}
    return {
        f.attname: _plain(getattr(record, f.attname))
        for f in record._meta.concrete_fields
        if f.attname not in _SECRET
        and not isinstance(f, models.BinaryField)
        and f.attname not in record.get_deferred_fields()
    }


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, dict | list):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
