"""The master key (KEK) that wraps the data keys, outside the database: in a file or the environment.

The file holds one key per line, ``yanglao-master-1 <64 hex digits>``; the first is the current one, others
are older ones that may still open data keys while a change of the master key is under way.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.utils.translation import gettext as _

from .cipher import KEY_SIZE, Algorithm, Key
from .errors import KeyMissing

ENVIRONMENT = "YANGLAO_MASTER_KEY"
_PREFIX = "yanglao-master-1"
_SIZE = 32


@dataclass(frozen=True)
class MasterKey:
    """32 secret bytes; from them one wrapping key per algorithm is derived (HKDF, RFC 5869)."""

    secret: bytes = field(repr=False)

    @property
    def mark(self) -> str:
        """A public fingerprint by which a data key names the master key that wraps it."""
        return hashlib.sha256(b"yanglao master key\0" + self.secret).hexdigest()[:16]

    def _wrapper(self, algorithm: Algorithm) -> Key:
        digest = hashes.SM3() if algorithm == "sm4" else hashes.SHA256()
        derive = HKDF(digest, KEY_SIZE[algorithm], salt=None, info=b"yanglao wrap " + algorithm.encode())
        return Key(0, algorithm, derive.derive(self.secret))

    def wrap(self, secret: bytes, algorithm: Algorithm, purpose: str) -> bytes:
        return self._wrapper(algorithm).encrypt(secret, f"datakey {purpose}".encode())

    def unwrap(self, wrapped: bytes, algorithm: Algorithm, purpose: str) -> bytes | None:
        """The data key's secret, or None when this master key does not open it."""
        try:
            return self._wrapper(algorithm).decrypt(wrapped, f"datakey {purpose}".encode())
        except InvalidTag:
            return None


def generate() -> MasterKey:
    return MasterKey(os.urandom(_SIZE))


def to_text(keys: list[MasterKey]) -> str:
    return "".join(f"{_PREFIX} {key.secret.hex()}\n" for key in keys)


def from_text(text: str) -> list[MasterKey]:
    """The keys written in ``text``; raises ``ValueError`` when a line is not such a key."""
    return [_from_line(line) for line in text.splitlines() if line.strip()]


def _from_line(line: str) -> MasterKey:
    prefix, _, digits = line.strip().rpartition(" ")
    secret = bytes.fromhex(digits)
    if prefix not in ("", _PREFIX) or len(secret) != _SIZE:
        raise ValueError("not a master key")
    return MasterKey(secret)


def read(path: Path) -> list[MasterKey]:
    """The master keys, current one first; empty when there is none. Raises ``KeyMissing`` if unreadable."""
    in_environment = os.environ.get(ENVIRONMENT, "")
    source = ENVIRONMENT if in_environment else str(path)
    try:
        text = in_environment.replace(",", "\n") if in_environment else path.read_text("ascii")
        return from_text(text)
    except FileNotFoundError:
        return []
    except ValueError as error:
        message = _("主密钥 %(source)s 的内容不是密钥。请从密钥备份恢复。") % {"source": source}
        raise KeyMissing(message) from error
    except OSError as error:
        message = _("主密钥 %(source)s 无法读取（%(reason)s）。请检查文件属主与权限。")
        raise KeyMissing(message % {"source": source, "reason": error.strerror}) from error


def create(path: Path) -> None:
    """Write a new master key, readable by its owner only; one that is already there is kept."""
    written = _written_beside(path, [generate()])
    try:
        os.link(written, path)  # fails when the file exists: of two first starts at once, one wins
    except FileExistsError:
        pass
    finally:
        written.unlink()


def replace(path: Path, keys: list[MasterKey]) -> None:
    """Put these keys in place of the file's, in one step."""
    _written_beside(path, keys).replace(path)


def _written_beside(path: Path, keys: list[MasterKey]) -> Path:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".master-")  # mkstemp creates with mode 600
    with os.fdopen(handle, "w", encoding="ascii") as stream:
        stream.write(to_text(keys))
        stream.flush()
        os.fsync(stream.fileno())
    return Path(name)
