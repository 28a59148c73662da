from __future__ import annotations

import stat
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from yanglao.kernel.crypto import checks, keyring, master
from yanglao.kernel.crypto.errors import KeyMismatch, KeyMissing
from yanglao.kernel.crypto.models import DataKey

from .conftest import Holder


def test_it_makes_the_key_file_for_its_owner_only(own_keys: Path) -> None:
    assert stat.S_IMODE(own_keys.stat().st_mode) == 0o600
    assert stat.S_IMODE(own_keys.parent.stat().st_mode) == 0o700
    assert [p.name for p in own_keys.parent.iterdir()] == ["master.key"]


def test_it_makes_keys_once(own_keys: Path) -> None:
    before = own_keys.read_text()
    keyring.ensure()
    master.create(own_keys)
    assert own_keys.read_text() == before
    assert sorted(DataKey.objects.values_list("purpose", flat=True)) == ["data", "index"]


def test_it_never_makes_a_new_master_key_for_a_database_that_has_one(own_keys: Path) -> None:
    own_keys.unlink()
    keyring.forget()
    keyring.ensure()
    assert not own_keys.exists()
    with pytest.raises(KeyMissing, match="不要新建"):
        keyring.current()


def test_it_says_when_the_master_key_does_not_fit(own_keys: Path) -> None:
    own_keys.unlink()
    master.create(own_keys)
    keyring.forget()
    with pytest.raises(KeyMismatch, match=r"主密钥与数据库不符.*请换回与此数据库一同备份的密钥文件"):
        keyring.verify()
    (problem,) = checks.key_fits_database(None)
    assert problem.id == "crypto.C001"
    with pytest.raises(CommandError, match="主密钥与数据库不符"):
        call_command("crypto_rotate", "--master", stdout=StringIO())


def test_it_says_when_the_file_is_no_key(own_keys: Path) -> None:
    own_keys.write_text("hello")
    with pytest.raises(KeyMissing, match="内容不是密钥"):
        keyring.verify()


def test_it_says_when_there_are_no_keys_at_all(own_keys: Path) -> None:
    DataKey.objects.all().delete()
    keyring.forget()
    with pytest.raises(KeyMissing, match="yanglao migrate"):
        keyring.current()


def test_it_warns_of_a_key_file_others_can_read(own_keys: Path) -> None:
    assert checks.key_fits_database(None) == []
    own_keys.chmod(0o644)
    assert [problem.id for problem in checks.key_fits_database(None)] == ["crypto.W001"]


def test_it_reads_the_master_key_from_the_environment(
    own_keys: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    digits = own_keys.read_text().split()[-1]
    own_keys.unlink()
    monkeypatch.setenv(master.ENVIRONMENT, digits)
    keyring.verify()
    newer = master.generate()
    monkeypatch.setenv(master.ENVIRONMENT, f"{newer.secret.hex()},{digits}")
    assert keyring.rewrap() == 2
    monkeypatch.setenv(master.ENVIRONMENT, newer.secret.hex())
    keyring.verify()


def test_it_changes_the_master_key(own_keys: Path, holders: type[Holder]) -> None:
    holders.objects.create(name="甲", id_number="330203194001011234")
    before = own_keys.read_text()
    out = StringIO()
    call_command("crypto_rotate", "--master", stdout=out)
    assert "2 把数据密钥已重新加密" in out.getvalue()
    keyring.forget()
    assert own_keys.read_text() != before
    assert len(own_keys.read_text().splitlines()) == 1
    assert holders.objects.get().id_number.reveal() == "330203194001011234"


def test_a_change_of_the_master_key_survives_being_cut_off(
    own_keys: Path, holders: type[Holder], monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut(*args: Any) -> None:
        raise KeyboardInterrupt

    holders.objects.create(name="甲", id_number="330203194001011234")
    with monkeypatch.context() as patch:
        patch.setattr(keyring, "_wrap_anew", cut)
        with pytest.raises(KeyboardInterrupt):
            keyring.rewrap()
    keyring.forget()
    assert holders.objects.get().id_number.reveal() == "330203194001011234"
    keyring.rewrap()
    keyring.forget()
    assert holders.objects.get().id_number.reveal() == "330203194001011234"


def test_it_works_with_either_algorithm_and_changes_over(
    own_keys: Path, holders: type[Holder], settings: Any
) -> None:
    settings.YANGLAO_CIPHER = "sm4"
    holders.objects.create(name="甲", id_number="1")
    settings.YANGLAO_CIPHER = "aes"
    assert [problem.id for problem in checks.key_fits_database(None)] == ["crypto.W002"]
    keyring.DataKey.objects.filter(purpose="data").update(state="retired")
    keyring.new_key("data")
    keyring.forget()
    holders.objects.create(name="乙", id_number="2")
    assert keyring.current().active.algorithm == "aes"
    assert [h.id_number.reveal() for h in holders.objects.all()] == ["1", "2"]
    assert checks.key_fits_database(None) == []
