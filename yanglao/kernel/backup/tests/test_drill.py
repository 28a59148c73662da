"""The restore drill: a site is used, backed up while somebody writes, and stands up again elsewhere."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from yanglao.kernel.backup.manifest import BackupError, verify
from yanglao.kernel.backup.restoring import prove, restore

SITE = """
import io, os, sys, threading, time
os.environ["DJANGO_SETTINGS_MODULE"] = "yanglao.settings"
import django; django.setup()
from datetime import date, timedelta
from django.core.management import call_command
from tests.harness.database import migrate
from django.db import connection
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.calendar.actions import set_day
from yanglao.kernel.files.actions import store

backups, keys = sys.argv[1:]
actor = Actor.system("drill")
stop, written, during = threading.Event(), [], []

def write_on():
    day = date(2040, 1, 1)
    while not stop.is_set():
        set_day(actor, day, working=False, name="drill", source="drill")
        written.append(time.monotonic())
        day += timedelta(days=1)
    connection.close()

migrate()
store(actor, "a.csv", io.BytesIO("姓名\\n甲某\\n".encode()), kind="csv", division=None)
writer = threading.Thread(target=write_on)
writer.start()
while len(written) < 3:
    time.sleep(0.01)
begun = time.monotonic()
call_command("backup", backups, keys=__import__("pathlib").Path(keys))
ended = time.monotonic()
time.sleep(1.1)  # a backup is named by its second
call_command("backup", backups)
stop.set()
writer.join()
print("during", sum(begun < moment < ended for moment in written))
"""


@pytest.fixture(scope="module")
def drilled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A site that was used and backed up twice under way; then the machine is lost. Gives what is left."""
    left = tmp_path_factory.mktemp("drill")
    var = left / "var"
    environment = {**os.environ, "YANGLAO_VAR": str(var), "YANGLAO_KEYS": str(var / "keys")}
    environment["YANGLAO_DATABASE"] = f"sqlite:///{var / 'yanglao.sqlite3'}"
    command = [sys.executable, "-c", SITE, str(left / "backups"), str(left / "safe" / "keys.json")]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    shutil.rmtree(var)
    return left, done.stdout


def test_it_is_made_while_others_write(drilled: tuple[Path, str]) -> None:
    _left, said = drilled
    assert "备份完成并已核对" in said
    assert "请把它放到与备份不同的地方" in said
    assert "备份中没有密钥" in said, "the second one was made without --keys"
    assert int(said.split()[-1]) > 0, "the writer was not held up"


def test_a_site_stands_up_again_from_it(drilled: tuple[Path, str], tmp_path: Path) -> None:
    left, _said = drilled
    first, _second = sorted((left / "backups").iterdir())
    assert not list(first.rglob("*.key")), "the keys are not with the backup"
    keys = left / "safe" / "keys.json"
    assert keys.stat().st_mode & 0o077 == 0
    restore(first, keys, tmp_path / "new")
    said = prove(tmp_path / "new")
    assert "密钥与数据库相符" in said
    assert "文件完好：1 个" in said
    assert "审计链完整" in said
    with closing(sqlite3.connect(tmp_path / "new" / "yanglao.sqlite3")) as database:
        (days,) = database.execute("SELECT count(*) FROM calendar_specialday WHERE name = 'drill'").fetchone()
    assert days >= 3


def test_it_overwrites_nothing(drilled: tuple[Path, str], tmp_path: Path) -> None:
    left, _said = drilled
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(BackupError, match="不是空目录"):
        restore(sorted((left / "backups").iterdir())[0], None, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_it_does_not_prove_without_its_keys(drilled: tuple[Path, str], tmp_path: Path) -> None:
    left, _said = drilled
    restore(sorted((left / "backups").iterdir())[0], None, tmp_path / "new")
    with pytest.raises(BackupError, match="主密钥文件"):
        prove(tmp_path / "new")


def test_unchanged_contents_share_their_bytes_and_damage_is_named(
    drilled: tuple[Path, str], tmp_path: Path
) -> None:
    left, _said = drilled
    first, second = sorted((left / "backups").iterdir())
    manifest = json.loads((second / "manifest.json").read_text("utf-8"))
    assert {name.split("/")[0] for name in manifest["files"]} == {"database.sqlite3", "files"}
    (content,) = [name for name in manifest["files"] if name.startswith("files/")]
    assert (first / content).samefile(second / content)
    damaged = tmp_path / "damaged"
    shutil.copytree(second, damaged)
    (damaged / content).write_bytes(b"damaged")
    with pytest.raises(BackupError, match="备份已损坏"):
        verify(damaged)
    with pytest.raises(BackupError, match="备份已损坏"):
        restore(damaged, None, tmp_path / "new")
    assert not (tmp_path / "new").exists()
