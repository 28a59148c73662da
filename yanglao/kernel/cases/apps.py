from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


class CasesConfig(AppConfig):
    name = "yanglao.kernel.cases"
    label = "cases"
    verbose_name = _("办件")

    def ready(self) -> None:
        pre_migrate.connect(_unguard, sender=self)
        post_migrate.connect(_guard, sender=self)


def _guard(using: str, **kwargs: Any) -> None:
    """After every migrate: SQLite forgets triggers when it rebuilds a table; house defaults may have changed."""
    from django.db import connections

    from yanglao.kernel.cases.packs import keep_defaults
    from yanglao.kernel.cases.triggers import install

    if "cases_task" in connections[using].introspection.table_names():
        install(using)
        keep_defaults(using)


def _unguard(using: str, **kwargs: Any) -> None:
    from yanglao.kernel.cases.triggers import remove

    remove(using)
