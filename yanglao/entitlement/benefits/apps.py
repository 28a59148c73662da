from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class BenefitsConfig(AppConfig):
    name = "yanglao.entitlement.benefits"
    label = "benefits"
    verbose_name = _("补贴")

    def ready(self) -> None:
        post_migrate.connect(_guard, sender=self)


def _guard(using: str, **kwargs: Any) -> None:
    """After every migrate: SQLite forgets triggers when it rebuilds a table."""
    from django.db import connections

    from yanglao.entitlement.benefits.triggers import install

    if "benefits_ledgerline" in connections[using].introspection.table_names():
        install(using)
