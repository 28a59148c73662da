"""Who may open the shell's pages."""

from __future__ import annotations

from typing import Any

from tests.harness.access import Access, change, listing, public, record, signed_in
from tests.harness.house import House
from yanglao.kernel.accounts.models import Grant, User
from yanglao.kernel.audit.models import AuditEntry
from yanglao.kernel.scope import everything


def _user(house: House) -> User:
    """Somebody of the street: no account of a role that asks."""
    return house.user("street_worker", house.street, name="乙某")


def _of_user(house: House) -> dict[str, Any]:
    return {"pk": _user(house).pk}


def _of_grant(house: House) -> dict[str, Any]:
    with everything("a test's city"):
        return {"pk": Grant.objects.get(user=_user(house)).pk}


def _of_entry(house: House) -> dict[str, Any]:
    from yanglao.kernel.accounts.actions import set_active

    set_active(house.actor("account_manager", house.county), _user(house), active=True)
    with everything("a test's city"):
        return {"pk": AuditEntry.objects.latest("id").pk}


ACCESS: dict[str, Access] = {
    "shell:home": signed_in(),
    "shell:search": signed_in(),
    "shell:find_division": public(query="?text=haishu", page=False),
    "shell:me": signed_in(),
    "shell:keys": listing("accounts.api"),
    "shell:key_add": listing("accounts.api"),
    "shell:key_revoke": record(
        "accounts.api", lambda house: {"pk": 1}, own=404, page=False
    ),  # one's own only
    "shell:type_size": public(method="post", own=302, signed_out=302),
    "shell:help": public(),
    "shell:about": public(),
    "shell:users": listing("accounts.view"),
    "shell:user": record("accounts.view", _of_user),
    "shell:user_add": listing("accounts.manage"),
    "shell:user_reset": record("accounts.manage", _of_user),
    "shell:user_lock": change("accounts.manage", _of_user),
    "shell:grant_add": record("accounts.manage", _of_user),
    "shell:grant_revoke": change("accounts.manage", _of_grant),
    "shell:organisations": listing("accounts.view"),
    "shell:organisation_add": listing("accounts.manage"),
    "shell:trail": listing("audit.view"),
    "shell:trail_entry": record("audit.view", _of_entry),
}
