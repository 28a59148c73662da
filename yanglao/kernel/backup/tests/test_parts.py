from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.audit.models import AuditEntry
from yanglao.kernel.backup import databases, keys, taking
from yanglao.kernel.backup.actions import record
from yanglao.kernel.backup.manifest import BackupError, Manifest, everything_in, verify
from yanglao.kernel.backup.restoring import restore
from yanglao.kernel.backup.taking import Made
from yanglao.kernel.calendar.models import SpecialDay
from yanglao.kernel.scope import everything


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small backup."""
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "one").write_bytes(b"1")
    Manifest("0", "2026-01-01", "sqlite", ["m"], ["a.0001"], everything_in(tmp_path)).write(tmp_path)
    return tmp_path


def test_a_whole_backup_is_accepted(folder: Path) -> None:
    assert list(verify(folder).files) == ["files/one"]


@pytest.mark.parametrize(
    ("damage", "why"),
    [
        (lambda f: (f / "files" / "one").write_bytes(b"2"), "与清单不符"),
        (lambda f: (f / "files" / "one").unlink(), "缺少 files/one"),
        (lambda f: (f / "manifest.json").unlink(), "不是备份目录"),
        (lambda f: (f / "manifest.json").write_text("{}"), "已损坏"),
    ],
)
def test_a_damaged_backup_is_refused_by_name(folder: Path, damage: Any, why: str) -> None:
    damage(folder)
    with pytest.raises(BackupError, match=why):
        verify(folder)


def test_a_manifest_leads_nowhere_else(folder: Path) -> None:
    manifest = Manifest.read(folder)
    outside = {"../secret": manifest.files["files/one"]}
    Manifest("0", "", "sqlite", [], [], outside).write(folder)
    with pytest.raises(BackupError, match="缺少"):
        verify(folder)


def test_a_backup_of_a_newer_program_is_refused(folder: Path) -> None:
    Manifest("9", "", "sqlite", [], [], {}, format=99).write(folder)
    with pytest.raises(BackupError, match="先升级程序"):
        Manifest.read(folder)


def test_keys_do_not_lie_with_the_backup(tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="分开存放"):
        taking.make(tmp_path / "backups", tmp_path / "backups" / "keys.json")
    (tmp_path / "keys.json").write_text("{}")
    with pytest.raises(BackupError, match="不会覆盖"):
        taking.make(tmp_path / "backups", tmp_path / "keys.json")


def test_keys_go_and_come_back(tmp_path: Path, settings: Any) -> None:
    settings.KEYS = tmp_path / "keys"
    settings.KEYS.mkdir()
    with pytest.raises(BackupError, match="没有密钥文件"):
        keys.save(tmp_path / "none.json")
    (settings.KEYS / "master.key").write_text("m")
    (settings.KEYS / "audit.key").write_text("a")
    assert keys.save(tmp_path / "saved.json") == ["audit.key", "master.key"]
    fresh = tmp_path / "fresh"
    fresh.mkdir()
    (fresh / "audit.key").write_text("made at first start")
    keys.restore(tmp_path / "saved.json", fresh)
    assert (fresh / "audit.key").read_text() == "a"
    assert (fresh / "audit.key.before-restore").read_text() == "made at first start"
    assert (fresh / "master.key").stat().st_mode & 0o077 == 0
    with pytest.raises(BackupError, match="不是密钥备份文件"):
        keys.restore(fresh / "master.key", fresh)


def test_only_old_backups_are_pruned(tmp_path: Path) -> None:
    for day in range(1, 5):
        path = tmp_path / f"yanglao-2026010{day}-020000"
        path.mkdir()
        (path / "manifest.json").write_text("{}")
    (tmp_path / "yanglao-notes").mkdir()
    assert taking.prune(tmp_path, keep=2) == 2
    assert sorted(p.name[8:16] for p in tmp_path.iterdir()) == ["20260103", "20260104", "notes"]


def test_a_site_in_use_is_not_restored_over(folder: Path, house: Any) -> None:
    house.user("street_worker")
    manifest = Manifest("0", "2026-01-01", connection.vendor, ["m"], ["a.0001"], everything_in(folder))
    manifest.write(folder)
    with pytest.raises(BackupError, match="已有数据"):
        restore(folder, None, None)


@pytest.mark.django_db
def test_a_backup_of_another_database_is_refused(folder: Path) -> None:
    Manifest("0", "2026-01-01", "oracle", ["m"], ["a.0001"], everything_in(folder)).write(folder)
    with pytest.raises(BackupError, match="备份来自 oracle"):
        restore(folder, None, None)


@pytest.mark.django_db
def test_a_backup_is_recorded(tmp_path: Path) -> None:
    record(Actor.system("test"), made=Made(tmp_path / "yanglao-1", 3, 1000, ["master.key"]))
    with everything("reading the audit"):
        entry = AuditEntry.objects.get(verb="backup.made")
    assert entry.notes == {"folder": "yanglao-1", "files": 3, "bytes": 1000, "keys": 1}


@pytest.mark.django_db
def test_a_backup_from_before_migrations_were_joined_is_of_the_same_form() -> None:
    now = databases.migrations()
    before = [name for name in now if "_squashed_" not in name]
    assert before != now
    assert databases.same_form(now, before)
    assert not databases.same_form(now, before[:-1])
    assert not databases.same_form(now, [name for name in before if name != "people.0003_life"])


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite is copied as a file, see the drill")
def test_tables_go_out_and_come_back(tmp_path: Path) -> None:
    before = list(SpecialDay.objects.order_by("day").values_list())
    databases.dump(tmp_path)
    SpecialDay.objects.all().delete()
    databases.load_tables(tmp_path / databases.TABLES, databases.migrations())
    assert list(SpecialDay.objects.order_by("day").values_list()) == before
    with pytest.raises(BackupError, match="结构与本程序版本不同"):
        databases.load_tables(tmp_path / databases.TABLES, ["other.0001"])


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite is copied as a file, see the drill")
def test_a_whole_backup_of_postgresql(tmp_path: Path, settings: Any) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "files"},
        },
    }
    default_storage.save("ab/cd/content", ContentFile(b"x"))
    made = taking.make(tmp_path / "backups")
    manifest = verify(made.folder)
    assert manifest.engine == "postgresql"
    assert "database/calendar_specialday.copy.gz" in manifest.files
    assert "files/ab/cd/content" in manifest.files
