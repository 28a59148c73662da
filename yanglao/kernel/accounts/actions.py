"""Every change of accounts, organisations and grants."""

from __future__ import annotations

import hashlib
import secrets
from datetime import date, timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from yanglao.kernel.accounts.actor import Actor, Forbidden
from yanglao.kernel.accounts.models import ApiKey, Grant, Organisation, User
from yanglao.kernel.accounts.roles import roles
from yanglao.kernel.audit.action import action, note
from yanglao.kernel.scope import everything, level_of


@action("accounts.add_organisation", right="accounts.manage", at=lambda a: (a["division"],))
def add_organisation(
    actor: Actor, *, name: str, kind: str, division: int, parent: Organisation | None = None
) -> Organisation:
    return Organisation.objects.create(name=name, kind=kind, division_id=division, parent=parent)


@action("accounts.add_user", right="accounts.manage", at=lambda a: (a["organisation"].division_id,))
def add_user(
    actor: Actor,
    *,
    username: str,
    name: str,
    password: str,
    organisation: Organisation,
    position: str = "",
    temporary: bool = True,
) -> User:
    """A new account that as yet may do nothing. Raises ValidationError for a weak password or a taken user name.

    `temporary`: the password must be changed at first sign-in.
    """
    user = User(username=username, name=name, position=position, must_change_password=temporary)
    validate_password(password, user)
    if User.objects.filter(username=username).exists():
        raise ValidationError({"username": _("账号“%(name)s”已被使用，请换一个。") % {"name": username}})
    user.set_password(password)
    user.save()
    return user


def _may_hand_out(actor: Actor, role: str, division: int) -> None:
    """One who manages accounts hands out the roles that his own role names, inside his own division."""
    hands = any(role in held.role.hands_out and division in held.span for held in actor.grants)
    if not (hands or actor.is_system):
        raise Forbidden(_("您的角色不能在该区划授予“%(role)s”。") % {"role": roles()[role].label})


@action("accounts.grant", right="accounts.manage", at=lambda a: (a["division"],))
def grant(
    actor: Actor,
    *,
    user: User,
    role: str,
    organisation: Organisation,
    division: int,
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> Grant:
    """Give a role over a division. Raises ValidationError for an unknown role or a level the role is not held at."""
    if role not in roles():
        raise ValidationError({"role": _("没有名为“%(role)s”的角色。") % {"role": role}})
    if level_of(division) not in roles()[role].levels:
        raise ValidationError(
            {"division": _("“%(role)s”不能授予这一级区划。") % {"role": roles()[role].label}}
        )
    _may_hand_out(actor, role, division)
    with everything("handing on a role"):
        return Grant.objects.create(
            user=user,
            role=role,
            organisation=organisation,
            division_id=division,
            valid_from=valid_from or timezone.localdate(),
            valid_to=valid_to,
        )


@action("accounts.revoke", right="accounts.manage")
def revoke(actor: Actor, held: Grant) -> None:
    """End a grant today; one that began today is taken out as if it had never been."""
    today = timezone.localdate()
    if held.valid_from >= today:
        note(deleted=str(held))
        held.delete()
        return
    held.valid_to = today
    held.save(update_fields=["valid_to"])


def _of_my_people(arguments: dict[str, object]) -> tuple[int, ...]:
    user = arguments["user"]
    assert isinstance(user, User)
    with everything("where an account belongs"):
        return tuple(user.grants.values_list("division_id", flat=True))


@action("accounts.set_active", right="accounts.manage", at=_of_my_people)
def set_active(actor: Actor, user: User, *, active: bool) -> None:
    """Lock or unlock an account."""
    user.is_active = active
    user.save(update_fields=["is_active"])


@action("accounts.reset_password", right="accounts.manage", at=_of_my_people)
def reset_password(actor: Actor, user: User, *, password: str) -> None:
    """A temporary password, to be changed at the next sign-in."""
    validate_password(password, user)
    user.set_password(password)
    user.must_change_password = True
    user.save(update_fields=["password", "must_change_password"])


@action("accounts.add_api_key", right="accounts.api", at=lambda a: ())
def add_api_key(
    actor: Actor, *, user: User, label: str, rights: list[str], days: int = 365
) -> tuple[ApiKey, str]:
    """A key for programs and its secret, shown once. Rights beyond the owner's own are refused."""
    if actor.user_id != user.pk:
        raise Forbidden(_("只能为自己的账号建立密钥。"))
    beyond = [right for right in rights if not actor.can(right)]
    if beyond:
        raise Forbidden(_("密钥的权限不能超出本人的权限：%(rights)s") % {"rights": "、".join(beyond)})
    prefix, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
    key = ApiKey.objects.create(
        user=user,
        label=label,
        prefix=prefix,
        digest=digest(secret),
        rights=sorted(rights),
        expires_on=timezone.localdate() + timedelta(days=days),
    )
    return key, f"{prefix}.{secret}"


@action("accounts.revoke_api_key", right="accounts.api", at=lambda a: ())
def revoke_api_key(actor: Actor, key: ApiKey) -> None:
    if actor.user_id != key.user_id and not actor.is_system:
        raise Forbidden(_("只能停用自己的密钥。"))
    key.revoked_at = timezone.now()
    key.save(update_fields=["revoked_at"])


def digest(secret: str) -> str:
    """What is kept of a key: its secret has 256 random bits, so a plain hash is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()
