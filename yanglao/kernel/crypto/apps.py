from typing import Any

from django.apps import AppConfig
from django.db import DEFAULT_DB_ALIAS
from django.db.models.signals import post_migrate


class CryptoConfig(AppConfig):
    name = "yanglao.kernel.crypto"
    label = "crypto"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import checks  # noqa: F401  (registers itself)

        post_migrate.connect(_first_keys, sender=self)


def _first_keys(using: str = DEFAULT_DB_ALIAS, **kwargs: Any) -> None:
    """The first data keys are made when the tables are: nothing can be saved before them."""
    from . import keyring

    keyring.forget()
    if using == DEFAULT_DB_ALIAS:
        keyring.ensure()
