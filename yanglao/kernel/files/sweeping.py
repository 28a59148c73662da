"""Contents that no record names: left by actions that were rolled back, or by files that were discarded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.core.files.storage import default_storage
from django.utils import timezone

from yanglao.kernel.files.models import StoredFile

YOUNG = timedelta(days=1)  # its record may still be on the way
_HASH = re.compile(r"[0-9a-f]{64}")


def contents(folder: str = "") -> Iterator[str]:
    """The places of all contents in the storage."""
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in sorted(folders):
        yield from contents(f"{folder}/{name}".lstrip("/"))
    yield from (f"{folder}/{name}".lstrip("/") for name in sorted(files))


def sweep(now: datetime | None = None) -> int:
    """Delete contents older than a day that no StoredFile names. Returns how many; other files are left alone."""
    before = (now or timezone.now()) - YOUNG
    gone = 0
    for place in contents():
        sha256 = place.rpartition("/")[2][:64]
        if not _HASH.fullmatch(sha256) or default_storage.get_modified_time(place) > before:
            continue
        if not StoredFile.objects.filter(sha256=sha256).exists():
            default_storage.delete(place)
            gone += 1
    return gone
