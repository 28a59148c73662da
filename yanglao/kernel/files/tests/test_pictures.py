"""What the camera wrote beside a picture is left out; the picture stays byte for byte."""

from __future__ import annotations

import pytest

from yanglao.kernel.files.kinds import FileRefused
from yanglao.kernel.files.pictures import bare

SCAN = bytes(range(1, 200)) + b"\xff\x00\xff\xd0" + bytes(range(50))
ICC = b"ICC_PROFILE\0\x01\x01profile"
GPS = b"N29.87 E121.55"


def segment(marker: int, body: bytes) -> bytes:
    return bytes([0xFF, marker]) + (len(body) + 2).to_bytes(2, "big") + body


def exif(order: str, orientation: int) -> bytes:
    """An EXIF body as a camera writes it: maker, orientation, a place."""
    little = order == "II"

    def n(value: int, size: int) -> bytes:
        return value.to_bytes(size, "little" if little else "big")

    maker = n(0x010F, 2) + n(2, 2) + n(4, 4) + b"abc\0"
    up = n(0x0112, 2) + n(3, 2) + n(1, 4) + n(orientation, 2) + b"\0\0"
    head = order.encode() + n(42, 2) + n(8, 4)
    return b"Exif\0\0" + head + n(2, 2) + maker + up + n(0, 4) + GPS


def jpeg(*beside: bytes, tail: bytes = b"") -> bytes:
    picture = segment(0xDB, b"quant") + segment(0xC0, b"frame") + segment(0xC4, b"huff\xff\xd9")
    scans = segment(0xDA, b"one") + SCAN + segment(0xC4, b"x\xff\xd9") + segment(0xDA, b"two") + SCAN
    return b"\xff\xd8" + b"".join(beside) + picture + scans + b"\xff\xd9" + tail


@pytest.mark.parametrize("order", ["II", "MM"])
def test_place_and_device_go_and_which_way_is_up_stays(order: str) -> None:
    found = bare(jpeg(segment(0xE1, exif(order, 6)), segment(0xFE, b"note"), segment(0xE1, b"http://xmp")))
    assert GPS not in found
    assert b"abc\0" not in found
    assert b"note" not in found
    assert b"xmp" not in found
    upright = segment(0xE1, b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0")
    assert found == jpeg(upright)
    assert bare(found) == found


def test_colours_stay_and_what_follows_the_picture_goes() -> None:
    frame, colours = segment(0xE0, b"JFIF\0"), segment(0xE2, ICC)
    hidden = b"\xff\xd8" + segment(0xE1, exif("MM", 1)) + b"\xff\xd9"
    found = bare(jpeg(frame, colours, segment(0xE2, b"MPF\0"), tail=hidden))
    assert found == jpeg(frame, colours)


def test_a_png_and_a_webp_keep_their_picture_only() -> None:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return len(body).to_bytes(4, "big") + kind + body + b"crc!"

    head = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", b"x" * 13)
    end = chunk(b"IDAT", b"picture") + chunk(b"IEND", b"")
    assert bare(head + chunk(b"eXIf", GPS) + chunk(b"tEXt", b"me") + end + b"more") == head + end

    def riff(*chunks: tuple[bytes, bytes]) -> bytes:
        body = b"".join(k + len(b).to_bytes(4, "little") + b + b"\0" * (len(b) % 2) for k, b in chunks)
        return b"RIFF" + (len(body) + 4).to_bytes(4, "little") + b"WEBP" + body

    sent = riff((b"VP8X", b"\x1c" + b"\0" * 9), (b"VP8 ", b"picture"), (b"EXIF", GPS), (b"XMP ", b"abc"))
    assert bare(sent) == riff((b"VP8X", b"\x10" + b"\0" * 9), (b"VP8 ", b"picture"))


@pytest.mark.parametrize("end", [3, 20, 60, -2])
def test_a_picture_that_breaks_off_is_refused_in_words(end: int) -> None:
    with pytest.raises(FileRefused, match="不完整"):
        bare(jpeg(segment(0xE1, exif("MM", 6)))[:end])


def test_what_is_no_picture_is_left_as_it_is() -> None:
    assert bare(b"%PDF-1.7") == b"%PDF-1.7"
