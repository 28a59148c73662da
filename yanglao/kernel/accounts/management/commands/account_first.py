"""`yanglao account first`: the first account manager of a city, made on the server, with a temporary password."""

from __future__ import annotations

import secrets
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from yanglao.kernel.accounts.actions import add_user, grant
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.accounts.models import Grant, Organisation
from yanglao.kernel.scope import everything


class Command(BaseCommand):
    help = "为一座城市建立第一个账号管理员（之后的账号都在页面上建立）。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--division", type=int, required=True, help="12 位区划代码，例如 330200000000")
        parser.add_argument("--username", required=True, help="账号")
        parser.add_argument("--name", required=True, help="姓名")

    def handle(self, *args: Any, division: int, username: str, name: str, **options: Any) -> None:
        with everything("the first account of a city"):
            if Grant.objects.filter(role="account_manager", division=division).exists():
                raise CommandError("该区划已有账号管理员；请由其在“账号与授权”页面上建立其他账号。")
            organisation = Organisation.objects.filter(division=division).order_by("id").first()
        if organisation is None:
            raise CommandError(f"区划 {division} 还没有单位。请先装载城市：yanglao city load cities/…")
        password = f"{secrets.token_urlsafe(9)}-Aa1"
        actor = Actor.system("account first")
        user = add_user(actor, username=username, name=name, password=password, organisation=organisation)
        for role in ("account_manager", "system_manager"):
            grant(actor, user=user, role=role, organisation=organisation, division=division)
        self.stdout.write(f"账号 {username}，临时密码 {password}（首次登录须修改）")
