"""The unwrapped keys of this process, and the two functions bulk loads call: ``seal`` and ``blind_index``."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidTag
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from . import master
from .cipher import Algorithm, IndexKey, Key, as_algorithm, bound_to, key_id_of, new_secret
from .errors import KeyMismatch, KeyMissing, Tampered
from .models import DataKey

RELOAD_SECONDS = 30.0  # how long a worker may go on with a key that another process has replaced


@dataclass(frozen=True)
class Keyring:
    active: Key
    keys: dict[int, Key]
    index: IndexKey
    loaded_at: float


_ring: Keyring | None = None


def key_file() -> Path:
    return Path(settings.KEYS) / "master.key"


def wanted_algorithm() -> Algorithm:
    return as_algorithm(settings.YANGLAO_CIPHER)


def forget() -> None:
    """Drop the unwrapped keys of this process; the next use loads them again."""
    global _ring
    _ring = None


def current() -> Keyring:
    """The keys, loaded at most every half minute. Raises ``KeyMissing`` or ``KeyMismatch``."""
    global _ring
    if _ring is None or time.monotonic() - _ring.loaded_at > RELOAD_SECONDS:
        _ring = _load()
    return _ring


def _load() -> Keyring:
    rows = list(DataKey.objects.order_by("pk"))
    masters = master.read(key_file())
    if rows and not masters:
        raise KeyMissing(_no_master(len(rows)))
    secrets = {row.pk: _opened(row, masters) for row in rows}
    keys = {row.pk: Key(row.pk, as_algorithm(row.algorithm), secrets[row.pk]) for row in rows}
    active = {row.purpose: row for row in rows if row.state == DataKey.State.ACTIVE}
    try:
        index = active[DataKey.Purpose.INDEX]
        data = active[DataKey.Purpose.DATA]
    except KeyError:
        raise KeyMissing(_("数据库中还没有数据密钥。请先执行 yanglao migrate。")) from None
    return Keyring(
        keys[data.pk], keys, IndexKey(keys[index.pk].algorithm, secrets[index.pk]), time.monotonic()
    )


def _no_master(rows: int) -> str:
    message = _(
        "主密钥文件 %(file)s 不存在，而数据库中已有 %(rows)d 把由它加密的数据密钥。"
        "请从密钥备份恢复该文件（或设置环境变量 %(variable)s），不要新建。"
    )
    return message % {"file": key_file(), "rows": rows, "variable": master.ENVIRONMENT}


def _opened(row: DataKey, masters: list[master.MasterKey]) -> bytes:
    for candidate in masters:
        if candidate.mark == row.master:
            secret = candidate.unwrap(bytes(row.wrapped), as_algorithm(row.algorithm), row.purpose)
            if secret is not None:
                return secret
    message = _(
        "主密钥与数据库不符：数据密钥 %(row)d 由指纹为 %(wanted)s 的主密钥加密，"
        "而 %(file)s 中的指纹是 %(found)s。请换回与此数据库一同备份的密钥文件。"
    )
    found = ", ".join(key.mark for key in masters)
    raise KeyMismatch(message % {"row": row.pk, "wanted": row.master, "file": key_file(), "found": found})


def verify() -> None:
    """Raise ``KeyMissing`` or ``KeyMismatch`` unless the master key opens every data key of the database."""
    _load()


def ensure() -> None:
    """Make the master key and the first data keys if this database has none yet."""
    if DataKey.objects.exists():
        return
    if not master.read(key_file()):
        master.create(key_file())
    with transaction.atomic():
        for purpose in DataKey.Purpose:
            new_key(purpose)


def new_key(purpose: str) -> DataKey:
    """A new active data key, wrapped by the current master key, of the algorithm of the settings."""
    algorithm = wanted_algorithm()
    keeper = master.read(key_file())[0]
    wrapped = keeper.wrap(new_secret(algorithm), algorithm, purpose)
    return DataKey.objects.create(purpose=purpose, algorithm=algorithm, master=keeper.mark, wrapped=wrapped)


def rewrap() -> int:
    """Change the master key: wrap all data keys anew. Returns their number.

    With a key file a new master key is made; it stands beside the old one in the file until the database
    has changed over, so being killed at any point loses nothing. With the environment variable, put
    ``new,old`` there first.
    """
    from_environment = master.ENVIRONMENT in os.environ
    masters = master.read(key_file())
    if not from_environment:
        masters = [master.generate(), *masters]
        master.replace(key_file(), masters)
    with transaction.atomic():
        rows = list(DataKey.objects.select_for_update().order_by("pk"))
        for row in rows:
            _wrap_anew(row, masters)
    if not from_environment:
        master.replace(key_file(), masters[:1])
    return len(rows)


def _wrap_anew(row: DataKey, masters: list[master.MasterKey]) -> None:
    secret = _opened(row, masters)
    row.wrapped = masters[0].wrap(secret, as_algorithm(row.algorithm), row.purpose)
    row.master = masters[0].mark
    row.save(update_fields=["wrapped", "master"])


def seal(path: str, uid: UUID, text: str) -> bytes:
    """Cipher text of ``text`` for column ``path`` (``app.model.field``) of the row with this ``uid``."""
    return current().active.encrypt(text.encode(), bound_to(path, uid))


def unseal(path: str, uid: UUID, blob: bytes) -> str:
    """The plain text. Raises ``Tampered`` when it was changed or moved, ``KeyMissing`` without its key."""
    try:
        return key(key_id_of(blob)).decrypt(blob, bound_to(path, uid)).decode()
    except (InvalidTag, ValueError) as error:
        message = _("%(path)s 的密文已被改动，或不属于这一行。请核对数据库是否被直接修改，并从备份恢复该行。")
        raise Tampered(message % {"path": path}) from error


def key(key_id: int) -> Key:
    """The key with that id, also a retired one. Raises ``KeyMissing``."""
    found = current().keys.get(key_id)
    if found is None:  # made by another process since we loaded
        forget()
        found = current().keys.get(key_id)
    if found is None:
        raise KeyMissing(_("数据密钥 %(key)d 不在数据库中。请恢复完整的数据库备份。") % {"key": key_id})
    return found


def blind_index(path: str, text: str) -> bytes:
    """16 bytes for exact search; full width, lower case and spaces around make no difference."""
    return current().index.fingerprint(path, text)
