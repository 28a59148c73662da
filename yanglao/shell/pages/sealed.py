"""Typed names and numbers must not stand in addresses (they end in logs): they travel sealed.

The text is readable to this installation only, so a filtered list can still be bookmarked and paged by address.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
from collections.abc import Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

_IV = 12


def _cipher() -> AESGCM:
    return AESGCM(hashlib.sha256(f"shell.sealed:{settings.SECRET_KEY}".encode()).digest())


def seal(values: Mapping[str, str]) -> str:
    """Values as an opaque, authenticated text for an address."""
    iv = os.urandom(_IV)
    plain = json.dumps(dict(values), ensure_ascii=False).encode()
    return base64.urlsafe_b64encode(iv + _cipher().encrypt(iv, plain, None)).decode().rstrip("=")


def unseal(text: str) -> dict[str, str]:
    """What was sealed; nothing for a text that was changed or comes from elsewhere."""
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        return json.loads(_cipher().decrypt(raw[:_IV], raw[_IV:], None))  # type: ignore[no-any-return]
    except (ValueError, InvalidTag):
        return {}
