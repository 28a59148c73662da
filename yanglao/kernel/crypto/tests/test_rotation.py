from __future__ import annotations

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from yanglao.kernel.audit.models import AuditEntry
from yanglao.kernel.crypto import keyring, rotation
from yanglao.kernel.crypto.cipher import key_id_of
from yanglao.kernel.crypto.errors import Tampered
from yanglao.kernel.crypto.models import DataKey, Rotation
from yanglao.kernel.scope import everything

from .conftest import Holder


@pytest.fixture
def fifty(own_keys: Path, holders: type[Holder]) -> type[Holder]:
    rows = (Holder(name=str(n), id_number=f"{n:018}", phone=f"138{n:08}" if n % 2 else "") for n in range(50))
    holders.objects.bulk_create(rows)
    return holders


def key_ids(model: type[Holder]) -> set[int]:
    pairs = model.objects.values_list("id_number", "phone")
    return {key_id_of(value.blob) for pair in pairs for value in pair if value is not None}


def intact(model: type[Holder]) -> bool:
    expected = [(f"{n:018}", f"138{n:08}" if n % 2 else "") for n in range(50)]
    return [(h.id_number.reveal(), h.phone.reveal()) for h in model.objects.order_by("pk")] == expected


def test_it_seals_everything_with_a_new_key(fifty: type[Holder]) -> None:
    old = keyring.current().active.id
    report = rotation.run([fifty], batch=7)
    assert report.tables == {"crypto_tests_holder": 75}
    assert key_ids(fifty) == {report.key_id} != {old}
    assert intact(fifty)
    assert DataKey.objects.get(pk=old).state == DataKey.State.RETIRED


def test_it_goes_on_where_it_was_killed(fifty: type[Holder], monkeypatch: pytest.MonkeyPatch) -> None:
    batches = iter(range(3))

    def kill_after_three(table: str, done: int) -> None:
        if next(batches, None) is None:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rotation.run([fifty], batch=7, progress=kill_after_three)
    keyring.forget()
    assert len(key_ids(fifty)) == 2
    assert intact(fifty)
    seen: list[int] = []
    report = rotation.run([fifty], batch=7, progress=lambda table, done: seen.append(done))
    assert report.resumed
    assert report.tables == {"crypto_tests_holder": 75}
    assert seen[0] > 4 * 7, "the first batches were not done again"
    assert key_ids(fifty) == {report.key_id}
    assert intact(fifty)
    assert Rotation.objects.filter(finished_at=None).count() == 0


def test_it_catches_what_was_saved_with_the_old_key_meanwhile(fifty: type[Holder]) -> None:
    late: dict[str, Any] = {"ring": keyring.current()}

    def save_with_old_key(table: str, done: int) -> None:
        now, keyring._ring = keyring._ring, late["ring"]
        first = fifty.objects.order_by("pk").first()
        first.phone = "13900000000"
        first.save()
        keyring._ring = now

    report = rotation.run([fifty], batch=20, progress=save_with_old_key)
    assert key_ids(fifty) == {report.key_id}
    assert fifty.objects.order_by("pk").first().phone.reveal() == "13900000000"


def test_it_does_not_overwrite_a_change_made_between_read_and_write(fifty: type[Holder]) -> None:
    rotation.begin()
    rows = list(rotation._rows(fifty, rotation.models.Q(), 5))
    first = fifty.objects.order_by("pk").first()
    first.phone = "13900000000"
    first.save()
    rotation._reseal(fifty, rows)
    assert fifty.objects.order_by("pk").first().phone.reveal() == "13900000000"


def test_it_names_the_damaged_row_and_goes_on_after_mending(fifty: type[Holder]) -> None:
    row = fifty.objects.order_by("pk")[10]
    good = row.id_number.blob
    fifty.objects.filter(pk=row.pk).update(id_number=good[:-1] + bytes([good[-1] ^ 1]))
    with pytest.raises(Tampered, match=f"主键为 {row.pk} 的行"):
        rotation.run([fifty], batch=7)
    fifty.objects.filter(pk=row.pk).update(id_number=good)
    rotation.run([fifty], batch=7)
    assert intact(fifty)


def test_the_command_reports(own_keys: Path) -> None:
    out = StringIO()
    before = keyring.current().active.id
    call_command("crypto_rotate", stdout=out)
    assert "轮换完成" in out.getvalue()
    assert keyring.current().active.id > before
    with everything("reading the audit"):
        entry = AuditEntry.objects.get(verb="crypto.rotated")
    assert entry.notes["key"] == keyring.current().active.id
