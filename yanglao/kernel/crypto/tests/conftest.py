from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import connection, models

from yanglao.kernel.crypto import keyring
from yanglao.kernel.crypto.fields import EncryptedField


class Holder(models.Model):
    """A table that exists in these tests only (its app is not installed)."""

    uid = models.UUIDField(default=uuid4, unique=True)
    name = models.CharField(max_length=20)
    id_number = EncryptedField("证件号码", mask="id_number", blind=True)
    phone = EncryptedField("电话", mask="phone", null=True, blank=True)

    class Meta:
        app_label = "crypto_tests"
        ordering = ("pk",)


@pytest.fixture(scope="session")
def holder_table(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    with django_db_blocker.unblock(), connection.schema_editor() as editor:  # type: ignore[attr-defined]
        editor.create_model(Holder)
    yield
    with django_db_blocker.unblock(), connection.schema_editor() as editor:  # type: ignore[attr-defined]
        editor.delete_model(Holder)


@pytest.fixture
def holders(holder_table: None, db: None) -> type[Holder]:
    return Holder


@pytest.fixture
def own_keys(db: None, settings: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    """A master key and data keys of this test's own; gives the key file."""
    settings.KEYS = tmp_path / "keys"  # type: ignore[attr-defined]
    keyring.DataKey.objects.all().delete()
    keyring.forget()
    keyring.ensure()
    yield keyring.key_file()
    keyring.forget()
