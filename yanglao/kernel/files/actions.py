"""Taking files in. Called by a room's own action, which has checked its right: the file is part of its record."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator
from typing import IO, Any

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.files.kinds import KINDS, MB, FileRefused, Kind, check, clean_name
from yanglao.kernel.files.models import StoredFile, place_of
from yanglao.kernel.files.sealing import seal, sealed_size

IN_MEMORY = 4 * MB


def store(actor: Actor, name: str, stream: IO[bytes], *, kind: str, division: int | None) -> StoredFile:
    """Keep a file of a declared kind (see `kinds.KINDS`) for a division; `stream` is read once, to its end.

    Raises FileRefused (a ValidationError) when it is too large, empty, harmful, or not of that kind.
    """
    wanted = KINDS[kind]
    shown = clean_name(name)
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as copy:
        sha256, size = _copy(stream, copy, wanted, shown)
        media_type = check(shown, copy, wanted)
        keep(copy, sha256, size)
    return StoredFile.objects.create(
        name=shown,
        sha256=sha256,
        size=size,
        media_type=media_type,
        kind=kind,
        division_id=division,
        uploaded_by_id=actor.user_id,
    )


def _copy(stream: IO[bytes], copy: IO[bytes], kind: Kind, name: str) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    for piece in iter(lambda: stream.read(MB), b""):
        size += len(piece)
        if size > kind.max_bytes:
            message = _("“%(name)s”超过 %(limit)d MB，不能上传。请拆分成几个文件，或删去图片和多余的格式。")
            raise FileRefused(message % {"name": name, "limit": kind.max_bytes // MB}, code="size")
        digest.update(piece)
        copy.write(piece)
    if not size:
        raise FileRefused(
            _("“%(name)s”是空文件（0 字节）。请重新导出或保存后上传。") % {"name": name}, code="empty"
        )
    return digest.hexdigest(), size


class _Pieces(File):  # type: ignore[type-arg]
    """Sealed pieces as a file a storage can save; object storages read, the local one takes chunks."""

    def __init__(self, pieces: Iterator[bytes], size: int) -> None:
        super().__init__(None, "content")
        self._pieces, self._rest = pieces, b""
        self.size = size

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        return self._pieces

    def read(self, size: int = -1) -> bytes:
        while size < 0 or len(self._rest) < size:
            piece = next(self._pieces, b"")
            if not piece:
                break
            self._rest += piece
        end = len(self._rest) if size < 0 else size
        out, self._rest = self._rest[:end], self._rest[end:]
        return out

    def multiple_chunks(self, chunk_size: Any = None) -> bool:
        return True


def keep(content: IO[bytes], sha256: str, size: int) -> None:
    """Put a content into the storage unless it is there already, whole."""
    place = place_of(sha256)
    if default_storage.exists(place):
        if default_storage.size(place) == sealed_size(size):
            return
        default_storage.delete(place)  # what a crash left half written
    content.seek(0)
    written = default_storage.save(place, _Pieces(seal(content, sha256), sealed_size(size)))
    if written != place:  # somebody stored the same content at the same moment, and was first
        default_storage.delete(written)


def discard(stored: StoredFile) -> None:
    """Forget a file; its content goes with the next sweep when nobody else has the same."""
    stored.delete()
