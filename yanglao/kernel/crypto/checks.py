from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

from django.core import checks
from django.db import DatabaseError, connection
from django.utils.translation import gettext as _

from . import keyring
from .errors import CryptoError
from .models import DataKey


@checks.register(checks.Tags.security)
def key_fits_database(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """The house does not start with a master key that does not open its data."""
    if not _has_tables():
        return []
    try:
        if DataKey.objects.exists():
            keyring.verify()
    except CryptoError as error:
        return [checks.Critical(str(error), id="crypto.C001")]
    return [*_permissions(), *_algorithm()]


def _has_tables() -> bool:
    if connection.vendor == "sqlite" and not _on_disk(str(connection.settings_dict["NAME"])):
        return False  # connecting would create an empty database file
    try:
        return DataKey._meta.db_table in connection.introspection.table_names()
    except DatabaseError:
        return False  # that the database cannot be reached is said elsewhere


def _on_disk(name: str) -> bool:
    return "memory" in name or Path(name).exists()


def _permissions() -> list[checks.CheckMessage]:
    path = keyring.key_file()
    if not path.exists() or not stat.S_IMODE(path.stat().st_mode) & 0o077:
        return []
    message = _("主密钥文件 %(path)s 可被其他用户读取。请执行 chmod 600 %(path)s。") % {"path": path}
    return [checks.Warning(message, id="crypto.W001")]


def _algorithm() -> list[checks.CheckMessage]:
    rows = DataKey.objects.filter(purpose=DataKey.Purpose.DATA, state=DataKey.State.ACTIVE)
    active = rows.values_list("algorithm", flat=True).first()
    if active in (None, keyring.wanted_algorithm()):
        return []
    message = _("现有数据以 %(now)s 加密，而设置要求 %(wanted)s。请执行 yanglao crypto rotate 完成更换。")
    named = {"now": active, "wanted": keyring.wanted_algorithm()}
    return [checks.Warning(message % named, id="crypto.W002")]
