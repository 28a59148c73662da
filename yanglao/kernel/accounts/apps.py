"""Ties allauth's news to our accounts."""

from typing import Any

from allauth.account.signals import password_changed, password_set
from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "yanglao.kernel.accounts"

    def ready(self) -> None:
        password_changed.connect(_own_password_chosen, dispatch_uid="own-password")
        password_set.connect(_own_password_chosen, dispatch_uid="own-password")


def _own_password_chosen(sender: Any, user: Any, **kwargs: Any) -> None:
    if user.must_change_password:
        user.must_change_password = False
        user.save(update_fields=["must_change_password"])
