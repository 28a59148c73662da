"""Authenticated encryption of single values, and keyed fingerprints for exact search. No Django here.

A sealed value is ``version (1) | key id (4, big endian) | iv (12) | tag (16) | cipher text``.
SM4 is GB/T 32907-2016, SM3 is GB/T 32905-2016; GCM per NIST SP 800-38D.
"""

from __future__ import annotations

import os
import struct
import unicodedata
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

Algorithm = Literal["sm4", "aes"]

VERSION = 1
IV_SIZE = 12
TAG_SIZE = 16
INDEX_SIZE = 16  # 128 bits of the HMAC: no chance collision in a country's population, half the index
KEY_SIZE: dict[Algorithm, int] = {"sm4": 16, "aes": 32}

_header = struct.Struct(">BI")
HEADER_SIZE = _header.size


def as_algorithm(name: str) -> Algorithm:
    """Check the name of an algorithm; raises ``ValueError`` for any but ``sm4`` and ``aes``."""
    if name not in KEY_SIZE:
        raise ValueError(f"unknown algorithm {name!r}, use 'sm4' or 'aes'")
    return name


def new_secret(algorithm: Algorithm) -> bytes:
    return os.urandom(KEY_SIZE[algorithm])


def header(key_id: int) -> bytes:
    """The first bytes of every value sealed with this key."""
    return _header.pack(VERSION, key_id)


def key_id_of(blob: bytes) -> int:
    """The id of the key a value was sealed with; raises ``ValueError`` when it is no sealed value."""
    if len(blob) < HEADER_SIZE + IV_SIZE + TAG_SIZE or blob[0] != VERSION:
        raise ValueError("not a sealed value")
    return int(_header.unpack_from(blob)[1])


def bound_to(path: str, uid: UUID) -> bytes:
    """The additional data that binds a value to its column (``app.model.field``) and its row."""
    return path.encode() + b"\0" + uid.bytes


@dataclass(frozen=True)
class Key:
    """A secret that encrypts; ``id`` goes into the header of what it seals."""

    id: int
    algorithm: Algorithm
    secret: bytes = field(repr=False)

    @cached_property
    def _aes(self) -> AESGCM:
        return AESGCM(self.secret)

    @cached_property
    def _sm4(self) -> algorithms.SM4:
        return algorithms.SM4(self.secret)

    def encrypt(self, plain: bytes, aad: bytes) -> bytes:
        """A sealed value: header, iv, tag, cipher text."""
        iv = os.urandom(IV_SIZE)
        out = self.encrypt_with(iv, plain, aad)
        return header(self.id) + iv + out[-TAG_SIZE:] + out[:-TAG_SIZE]

    def decrypt(self, blob: bytes, aad: bytes) -> bytes:
        """The plain bytes; raises ``cryptography.exceptions.InvalidTag`` when anything was changed."""
        iv_end = HEADER_SIZE + IV_SIZE
        tag_end = iv_end + TAG_SIZE
        return self.decrypt_with(blob[HEADER_SIZE:iv_end], blob[tag_end:] + blob[iv_end:tag_end], aad)

    def encrypt_with(self, iv: bytes, plain: bytes, aad: bytes) -> bytes:
        """Cipher text and tag for an iv of the caller's, who never uses it twice with this key."""
        if self.algorithm == "aes":
            return self._aes.encrypt(iv, plain, aad)
        # cryptography has no one-shot AEAD class for SM4, hence the streaming interface
        encryptor = Cipher(self._sm4, modes.GCM(iv)).encryptor()
        encryptor.authenticate_additional_data(aad)
        return encryptor.update(plain) + encryptor.finalize() + encryptor.tag

    def decrypt_with(self, iv: bytes, sealed: bytes, aad: bytes) -> bytes:
        """The plain bytes of cipher text and tag; raises ``InvalidTag``."""
        if len(sealed) < TAG_SIZE or len(iv) != IV_SIZE:
            raise InvalidTag
        if self.algorithm == "aes":
            return self._aes.decrypt(iv, sealed, aad)
        decryptor = Cipher(self._sm4, modes.GCM(iv, sealed[-TAG_SIZE:])).decryptor()
        decryptor.authenticate_additional_data(aad)
        return decryptor.update(sealed[:-TAG_SIZE]) + decryptor.finalize()


def normalised(text: str) -> str:
    """The form in which texts are compared: half-width, no spaces around, upper case (…x = …X)."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return text.strip().upper()


@dataclass(frozen=True)
class IndexKey:
    """A secret that makes blind indexes: HMAC-SM3 (GB/T 15852.2) or HMAC-SHA256."""

    algorithm: Algorithm
    secret: bytes = field(repr=False)

    @cached_property
    def _start(self) -> hmac.HMAC:
        return hmac.HMAC(self.secret, hashes.SM3() if self.algorithm == "sm4" else hashes.SHA256())

    def fingerprint(self, path: str, text: str) -> bytes:
        """16 bytes that are equal exactly when path and normalised text are."""
        digest = self._start.copy()
        digest.update(path.encode() + b"\0" + normalised(text).encode())
        return digest.finalize()[:INDEX_SIZE]
