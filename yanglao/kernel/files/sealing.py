"""Files at rest: encrypted in chunks, so that a large one is written and read in any place without much memory.

Layout: ``YLF1 | key id (4) | prefix (7)``, then chunks of 64 KiB plain text, each followed by its tag (16).
The nonce of a chunk is prefix | number (4) | last (1), the STREAM construction (Hoang et al. 2015): no chunk can
be left out, moved or cut off unseen. The additional data is the SHA-256 of the plain content, its name.
"""

from __future__ import annotations

import io
import os
import struct
from collections.abc import Iterator
from typing import IO

from cryptography.exceptions import InvalidTag
from django.utils.translation import gettext as _

from yanglao.kernel.crypto import keyring
from yanglao.kernel.crypto.cipher import TAG_SIZE, Key
from yanglao.kernel.crypto.errors import Tampered

CHUNK = 64 * 1024
MAGIC = b"YLF1"
_HEADER = struct.Struct(">4sI7s")


def _nonce(prefix: bytes, number: int, last: bool) -> bytes:
    return prefix + struct.pack(">IB", number, last)


def sealed_size(plain: int) -> int:
    """How many bytes a content of this size takes when sealed."""
    return _HEADER.size + plain + TAG_SIZE * max(1, -(-plain // CHUNK))


def seal(stream: IO[bytes], sha256: str) -> Iterator[bytes]:
    """The sealed bytes of a plain stream, piece by piece."""
    key = keyring.current().active
    prefix = os.urandom(7)
    yield _HEADER.pack(MAGIC, key.id, prefix)
    chunk, number = stream.read(CHUNK), 0
    while True:
        following = stream.read(CHUNK)
        yield key.encrypt_with(_nonce(prefix, number, not following), chunk, sha256.encode())
        if not following:
            return
        chunk, number = following, number + 1


class Unsealed(io.RawIOBase):
    """Plain view of a sealed file: readable and seekable. Raises Tampered where it was changed."""

    def __init__(self, sealed: IO[bytes], size: int, sha256: str) -> None:
        self._sealed, self._size, self._sha256 = sealed, size, sha256
        self._at = 0
        self._chunk: tuple[int, bytes] = (-1, b"")
        magic, key_id, self._prefix = _HEADER.unpack(sealed.read(_HEADER.size).ljust(_HEADER.size))
        if magic != MAGIC:
            raise Tampered(_damaged(sha256))
        self._key: Key = keyring.key(key_id)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, start + offset)
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        number, inside = divmod(self._at, CHUNK)
        if self._at >= self._size and self._size:
            return 0
        piece = self._open(number)[inside : inside + len(buffer)]
        buffer[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)

    def _open(self, number: int) -> bytes:
        if self._chunk[0] != number:
            self._sealed.seek(_HEADER.size + number * (CHUNK + TAG_SIZE))
            last = (number + 1) * CHUNK >= self._size
            nonce = _nonce(self._prefix, number, last)
            try:
                # one byte more than a chunk: what hangs on behind the last one is noticed too
                sealed = self._sealed.read(CHUNK + TAG_SIZE + last)
                self._chunk = (number, self._key.decrypt_with(nonce, sealed, self._sha256.encode()))
            except InvalidTag as error:
                raise Tampered(_damaged(self._sha256)) from error
        return self._chunk[1]

    def close(self) -> None:
        self._sealed.close()
        super().close()


def _damaged(sha256: str) -> str:
    return _("文件内容已损坏或被改动（%(mark)s…）。请从备份恢复该文件。") % {"mark": sha256[:12]}
