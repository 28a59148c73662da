"""Reading about files."""

from __future__ import annotations

import hashlib
import io
from typing import cast

from yanglao.kernel.crypto.errors import CryptoError
from yanglao.kernel.files.models import StoredFile


def damaged() -> tuple[int, list[str]]:
    """Read every content: how many there are, and the hashes of those that are missing or do not hold."""
    checked, broken = 0, []
    rows = StoredFile.objects.order_by("sha256", "pk").iterator(chunk_size=500)
    last = ""
    for stored in rows:
        if stored.sha256 == last:
            continue
        last = stored.sha256
        checked += 1
        if not _whole(stored):
            broken.append(stored.sha256)
    return checked, broken


def _whole(stored: StoredFile) -> bool:
    try:
        with stored.open() as content:
            return (
                hashlib.file_digest(cast(io.BufferedReader, content), "sha256").hexdigest() == stored.sha256
            )
    except (OSError, CryptoError):
        return False
