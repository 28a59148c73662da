from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given
from hypothesis import strategies as st

from yanglao.kernel.crypto.cipher import (
    KEY_SIZE,
    IndexKey,
    Key,
    as_algorithm,
    bound_to,
    key_id_of,
    new_secret,
    normalised,
)

UID = UUID("6f1f7a52-5d5e-4b62-9a8b-3a5b0d1c2e3f")
algorithms = pytest.mark.parametrize("algorithm", sorted(KEY_SIZE))


@algorithms
@given(text=st.text(max_size=80))
def test_it_gives_back_what_it_sealed(algorithm: str, text: str) -> None:
    name = as_algorithm(algorithm)
    key = Key(7, name, new_secret(name))
    blob = key.encrypt(text.encode(), bound_to("a.b.c", UID))
    assert key_id_of(blob) == 7
    assert key.decrypt(blob, bound_to("a.b.c", UID)).decode() == text


@algorithms
@given(place=st.integers(0, 10_000), bit=st.integers(0, 7))
def test_it_refuses_a_changed_bit(algorithm: str, place: int, bit: int) -> None:
    name = as_algorithm(algorithm)
    key = Key(7, name, b"k" * KEY_SIZE[name])
    blob = bytearray(key.encrypt(b"330203194001011234", bound_to("a.b.c", UID)))
    place = 5 + place % (len(blob) - 5)  # behind the header, which only names the key
    blob[place] ^= 1 << bit
    with pytest.raises(InvalidTag):
        key.decrypt(bytes(blob), bound_to("a.b.c", UID))


@algorithms
def test_it_refuses_a_value_of_another_row_or_column(algorithm: str) -> None:
    name = as_algorithm(algorithm)
    key = Key(7, name, new_secret(name))
    blob = key.encrypt(b"x", bound_to("a.b.c", UID))
    for elsewhere in (bound_to("a.b.c", uuid4()), bound_to("a.b.d", UID)):
        with pytest.raises(InvalidTag):
            key.decrypt(blob, elsewhere)


def test_it_never_seals_the_same_text_the_same_way_twice() -> None:
    key = Key(1, "sm4", new_secret("sm4"))
    assert len({key.encrypt(b"same", b"") for _ in range(50)}) == 50


def test_it_knows_what_is_no_sealed_value() -> None:
    for blob in (b"", b"\x01", b"\x02" + bytes(60)):
        with pytest.raises(ValueError, match="not a sealed value"):
            key_id_of(blob)
    with pytest.raises(InvalidTag):
        Key(1, "sm4", bytes(16)).decrypt(b"\x01short", b"")


def test_it_refuses_an_unknown_algorithm() -> None:
    with pytest.raises(ValueError, match="'sm4' or 'aes'"):
        as_algorithm("des")


def test_it_does_not_print_secrets() -> None:
    assert "secret" not in repr(Key(1, "sm4", bytes(16)))
    assert "secret" not in repr(IndexKey("sm4", bytes(16)))


def test_its_index_finds_every_way_to_write_a_number() -> None:
    key = IndexKey("sm4", b"i" * 16)
    found = {
        key.fingerprint("p", text)
        for text in ("33020319400101123x", " 33020319400101123X ", "３３０２０３１９４００１０１１２３Ｘ")
    }
    assert len(found) == 1
    assert key.fingerprint("q", "33020319400101123X") not in found
    assert key.fingerprint("p", "330203194001011231") not in found


@given(st.text(max_size=40))
def test_its_normal_form_is_stable(text: str) -> None:
    once = normalised(text)
    assert normalised(once).casefold() == once.casefold()


def test_its_index_is_hmac_sm3_or_hmac_sha256() -> None:
    import hashlib
    import hmac

    expected = hmac.new(b"i" * 32, b"p\0" + b"A", hashlib.sha256).digest()[:16]
    assert IndexKey("aes", b"i" * 32).fingerprint("p", "a") == expected
    assert IndexKey("sm4", b"i" * 32).fingerprint("p", "a") != expected
