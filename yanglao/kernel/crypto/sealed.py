"""The value of an encrypted attribute: shows a mask, reveals the plain text only when asked to."""

from __future__ import annotations

import logging
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from . import keyring
from .errors import CryptoError
from .masks import MASKS, STARS

logger = logging.getLogger(__name__)


class Sealed:
    """Personal data at rest: ``str()`` is the mask, ``reveal()`` the text, ``bool()`` whether there is any.

    Never equal to anything: compare blind indexes, or what was revealed.
    """

    __slots__ = ("_blob", "_mask", "_path", "_plain", "_uid")

    def __init__(
        self,
        path: str,
        mask: str,
        *,
        blob: bytes | None = None,
        plain: str | None = None,
        uid: UUID | None = None,
    ) -> None:
        self._path = path
        self._mask = mask
        self._blob = blob
        self._plain = plain
        self._uid = uid

    @property
    def blob(self) -> bytes | None:
        """The cipher text; None when empty or not saved yet."""
        return self._blob

    @property
    def pending(self) -> bool:
        """Whether this is plain text that waits to be saved."""
        return self._plain is not None

    @property
    def bound(self) -> bool:
        return self._uid is not None

    def bind(self, uid: UUID) -> None:
        """Tell which row this value stands in."""
        self._uid = uid

    def reveal(self, uid: UUID | None = None) -> str:
        """The plain text, "" when empty. To be called only by actions that record the reading.

        ``uid`` is needed for values read by ``values()``, which do not know their row. Raises ``Tampered``.
        """
        if self._plain is not None:
            return self._plain
        if self._blob is None:
            return ""
        row = uid or self._uid
        if row is None:
            raise TypeError(f"{self._path}: reveal(uid=…) needs the uid of the row")
        return keyring.unseal(self._path, row, self._blob)

    reveal.alters_data = True  # type: ignore[attr-defined]  # a template cannot call it

    def __bool__(self) -> bool:
        return self._plain is not None or self._blob is not None

    def __str__(self) -> str:
        if not self:
            return ""
        if self._uid is None and self._plain is None:
            return STARS
        try:
            return MASKS[self._mask](self.reveal())
        except CryptoError:
            # one damaged row must not take down the list it stands in; the log names the column only
            logger.exception("cannot decrypt %s", self._path)
            return _("无法解密")

    def __repr__(self) -> str:
        return f"<Sealed {self._path}>"

    def __eq__(self, other: object) -> bool:
        if isinstance(other, (Sealed, str)):
            raise TypeError(f"{self._path} is sealed: compare its blind index, or reveal() it first")
        return NotImplemented

    __hash__ = None  # type: ignore[assignment]

    def __copy__(self) -> Sealed:
        return Sealed(self._path, self._mask, blob=self._blob, plain=self._plain, uid=self._uid)

    def __deepcopy__(self, memo: Any) -> Sealed:
        return self.__copy__()

    def __reduce__(self) -> tuple[Any, ...]:
        if self._plain is not None:
            raise TypeError(f"{self._path} holds plain text that is not saved yet and cannot be pickled")
        return _restored, (self._path, self._mask, self._blob, self._uid)


def _restored(path: str, mask: str, blob: bytes | None, uid: UUID | None) -> Sealed:
    return Sealed(path, mask, blob=blob, uid=uid)
