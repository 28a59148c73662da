"""The accounts of the demo, and the file in which their passwords stand."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from django.conf import settings

from yanglao.kernel.accounts import actions
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.accounts.models import Organisation, User
from yanglao.kernel.scope import everything

from .figures import DemoUser

SYLLABLES = [
    "an",
    "bei",
    "chun",
    "dong",
    "fang",
    "gao",
    "hai",
    "jing",
    "kang",
    "lan",
    "ming",
    "nan",
    "ping",
    "qing",
    "ren",
    "shan",
    "tian",
    "wen",
    "xing",
    "yang",
    "zhi",
]


def file() -> Path:
    """Where the passwords of demo accounts are kept, readable by the owner only."""
    return Path(settings.VAR) / "demo-signins.txt"


def known_passwords() -> dict[str, str]:
    """User name → password, of the accounts the demo made on this machine."""
    if not file().exists():
        return {}
    lines = (
        line.split() for line in file().read_text(encoding="utf-8").splitlines() if not line.startswith("#")
    )
    return {words[0]: words[1] for words in lines if len(words) >= 2}


def ensure(actor: Actor, users: list[DemoUser]) -> list[DemoUser]:
    """Make the accounts that are not there yet, each with a password of its own; returns those made."""
    made = []
    for user in users:
        if not User.objects.filter(username=user.username).exists():
            password = new_password()
            # written down first: an account whose password nobody knows would be of no use
            _write_down(user, password)
            _make(actor, user, password)
            made.append(user)
    return made


def _make(actor: Actor, user: DemoUser, password: str) -> None:
    with everything("the demo's accounts are made by the system"):
        body = Organisation.objects.filter(division_id=user.division, name=user.organisation).first()
    if body is None:
        kind = "street" if user.division % 10**6 else "bureau"
        body = actions.add_organisation(actor, name=user.organisation, kind=kind, division=user.division)
    account = actions.add_user(
        actor,
        username=user.username,
        name=user.name,
        position=user.position,
        password=password,
        organisation=body,
        temporary=False,
    )
    actions.grant(actor, user=account, role=user.role, organisation=body, division=user.division)


def new_password() -> str:
    """Easy to type, hard to guess: three syllables and six digits."""
    words = "-".join(secrets.choice(SYLLABLES).capitalize() for _ in range(3))
    return f"{words}-{secrets.randbelow(10**6):06d}"


def _write_down(user: DemoUser, password: str) -> None:
    known = {**known_passwords(), user.username: password}
    lines = ["# 演示账号，只用于演示环境 / demo accounts, never for real data"]
    lines += [f"{name} {word}" for name, word in known.items()]
    file().parent.mkdir(parents=True, exist_ok=True)
    fresh = file().with_suffix(".new")
    with os.fdopen(
        os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8"
    ) as out:
        out.write("\n".join(lines) + "\n")
    fresh.replace(file())


def actor_of(users: list[DemoUser], role: str) -> Actor:
    """The demo's account of a role as an actor. Raises LookupError when the city's demo has none."""
    for user in users:
        if user.role == role:
            return Actor.of(User.objects.get(username=user.username), "command")
    raise LookupError(f"no demo account with the role {role}")
