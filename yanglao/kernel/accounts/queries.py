"""Reads of accounts."""

from __future__ import annotations

import hmac

from django.db.models import QuerySet
from django.utils import timezone

from yanglao.kernel.accounts.actions import digest
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.accounts.models import ApiKey, Grant, User


def users_in_scope() -> QuerySet[User]:
    """Accounts that hold a grant the entered scope may see."""
    return User.objects.filter(pk__in=Grant.objects.values("user"))


def actor_of_key(presented: str, address: str = "") -> Actor | None:
    """The actor behind `prefix.secret`, narrowed to the key's rights; None when wrong, revoked or expired."""
    prefix, _, secret = presented.partition(".")
    key = ApiKey.objects.select_related("user").filter(prefix=prefix, revoked_at=None).first()
    if key is None or not hmac.compare_digest(key.digest, digest(secret)):
        return None
    if key.expires_on < timezone.localdate() or not key.user.is_active:
        return None
    return Actor.of(key.user, "api", address, key.rights)
