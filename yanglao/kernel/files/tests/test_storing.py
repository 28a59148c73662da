from __future__ import annotations

import hashlib
import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.crypto import keyring
from yanglao.kernel.crypto.errors import Tampered
from yanglao.kernel.files import kinds
from yanglao.kernel.files.actions import discard, store
from yanglao.kernel.files.kinds import FileRefused, Kind
from yanglao.kernel.files.models import StoredFile, place_of
from yanglao.kernel.files.responses import download
from yanglao.kernel.files.sealing import CHUNK, Unsealed, seal, sealed_size
from yanglao.kernel.files.sweeping import sweep

from .conftest import XLSX

pytestmark = pytest.mark.django_db
TEXT = "姓名,证件号码\n甲某,330203194001011234\n".encode()


def on_disk(stored: StoredFile) -> Path:
    return Path(default_storage.path(place_of(stored.sha256)))


def test_it_keeps_a_file_under_its_hash_and_sealed(clerk: Actor) -> None:
    stored = store(clerk, "名册.csv", io.BytesIO(TEXT), kind="csv", division=330203000000)
    assert stored.sha256 == hashlib.sha256(TEXT).hexdigest()
    assert (stored.size, stored.media_type, stored.division_id) == (len(TEXT), "text/csv", 330203000000)
    assert b"330203194001011234" not in on_disk(stored).read_bytes()
    with stored.open() as content:
        assert content.read() == TEXT


def test_it_takes_an_upload(clerk: Actor) -> None:
    upload = SimpleUploadedFile("名册.xlsx", XLSX)
    with store(clerk, upload.name, upload, kind="sheet", division=None).on_disk() as path:
        assert path.suffix == ".xlsx"
        assert path.read_bytes() == XLSX
    assert not path.exists()


def test_the_same_content_is_kept_once(clerk: Actor) -> None:
    first = store(clerk, "a.csv", io.BytesIO(TEXT), kind="csv", division=None)
    written = on_disk(first).stat().st_mtime_ns
    second = store(clerk, "b.csv", io.BytesIO(TEXT), kind="csv", division=None)
    assert on_disk(second).stat().st_mtime_ns == written
    assert StoredFile.objects.count() == 2


def test_it_mends_what_a_crash_left_half_written(clerk: Actor) -> None:
    stored = store(clerk, "a.csv", io.BytesIO(TEXT), kind="csv", division=None)
    on_disk(stored).write_bytes(on_disk(stored).read_bytes()[:20])
    again = store(clerk, "a.csv", io.BytesIO(TEXT), kind="csv", division=None)
    assert again.open().read() == TEXT


def test_it_stops_reading_where_it_is_too_large(clerk: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(kinds.KINDS, "csv", Kind("csv", "CSV", ("text/csv",), 2 * kinds.MB))
    stream = io.BytesIO(b"a" * (9 * kinds.MB))
    with pytest.raises(FileRefused, match="超过 2 MB"):
        store(clerk, "a.csv", stream, kind="csv", division=None)
    assert stream.tell() == 3 * kinds.MB
    assert not StoredFile.objects.exists()


def test_it_refuses_an_empty_file(clerk: Actor) -> None:
    with pytest.raises(FileRefused, match="空文件"):
        store(clerk, "a.csv", io.BytesIO(b""), kind="csv", division=None)


@pytest.mark.parametrize("size", [1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 7])
def test_it_reads_any_place_of_a_file(size: int) -> None:
    plain = bytes(n * 31 % 251 for n in range(size))
    sealed = b"".join(seal(io.BytesIO(plain), "ab"))
    assert len(sealed) == sealed_size(size)
    view = io.BufferedReader(Unsealed(io.BytesIO(sealed), size, "ab"))
    assert view.read() == plain
    for place in (0, size // 2, size - 1, max(0, size - CHUNK)):
        view.seek(place)
        assert view.read(9) == plain[place : place + 9]
    view.seek(-1, io.SEEK_END)
    assert view.read() == plain[-1:]


@given(st.binary(min_size=1, max_size=300), st.integers(0, 10_000), st.integers(0, 7))
def test_a_changed_bit_is_noticed(plain: bytes, place: int, bit: int) -> None:
    sealed = bytearray(b"".join(seal(io.BytesIO(plain), "ab")))
    place = 8 + place % (len(sealed) - 8)  # magic and key id have errors of their own
    sealed[place] ^= 1 << bit
    with pytest.raises(Tampered):
        Unsealed(io.BytesIO(bytes(sealed)), len(plain), "ab").read()


@pytest.mark.parametrize("change", ["cut", "longer", "swapped", "other name"])
def test_chunks_cannot_be_cut_off_added_or_moved(change: str) -> None:
    plain = bytes(3 * CHUNK)
    sealed = b"".join(seal(io.BytesIO(plain), "ab"))
    step, start = CHUNK + 16, 15
    chunks = [sealed[start + n * step : start + (n + 1) * step] for n in range(3)]
    name, size = "ab", len(plain)
    if change == "cut":
        chunks, size = chunks[:2], 2 * CHUNK
    elif change == "longer":
        chunks.append(b"x")
    elif change == "swapped":
        chunks = [chunks[1], chunks[0], chunks[2]]
    else:
        name = "cd"
    with pytest.raises(Tampered, match="已损坏或被改动"):
        Unsealed(io.BytesIO(sealed[:start] + b"".join(chunks)), size, name).readall()


def test_a_file_is_readable_after_the_data_key_changed(clerk: Actor) -> None:
    stored = store(clerk, "a.csv", io.BytesIO(TEXT), kind="csv", division=None)
    keyring.DataKey.objects.filter(purpose="data").update(state="retired")
    keyring.new_key("data")
    keyring.forget()
    assert stored.open().read() == TEXT


def test_it_is_given_out_as_an_attachment(clerk: Actor) -> None:
    stored = store(clerk, "../名 册.csv", io.BytesIO(TEXT), kind="csv", division=None)
    response = download(stored)
    assert b"".join(response.streaming_content) == TEXT
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert (response["Content-Type"], response["Content-Length"]) == ("text/csv", str(len(TEXT)))
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    response.close()


def test_the_sweep_takes_only_what_nobody_names(clerk: Actor) -> None:
    kept = store(clerk, "a.csv", io.BytesIO(TEXT), kind="csv", division=None)
    gone = store(clerk, "b.csv", io.BytesIO(b"other"), kind="csv", division=None)
    stranger = Path(default_storage.path("notes.txt"))
    stranger.write_text("not ours")
    discard(gone)
    assert sweep() == 0, "too young"
    assert sweep(timezone.now() + timedelta(days=2)) == 1
    assert on_disk(kept).exists()
    assert not Path(default_storage.path(place_of(hashlib.sha256(b"other").hexdigest()))).exists()
    assert stranger.exists()


def test_an_action_that_is_rolled_back_leaves_a_content_for_the_sweep(clerk: Actor) -> None:
    def fail() -> None:
        with transaction.atomic():
            store(clerk, "a.csv", io.BytesIO(TEXT), kind="csv", division=None)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert sweep(timezone.now() + timedelta(days=2)) == 1


def test_two_who_store_the_same_at_once_keep_one(clerk: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    first = store(clerk, "a.csv", io.BytesIO(TEXT), kind="csv", division=None)
    asked: list[Any] = []
    real = default_storage.exists  # bound before it is replaced

    def blind_once(place: str) -> bool:
        asked.append(place)
        return False if len(asked) == 1 else real(place)

    monkeypatch.setattr(type(default_storage._wrapped), "exists", lambda self, place: blind_once(place))
    store(clerk, "b.csv", io.BytesIO(TEXT), kind="csv", division=None)
    assert [path.name for path in on_disk(first).parent.iterdir()] == [first.sha256]
