"""Pictures without what the camera wrote beside them. No Django models here.

By hand, because the libraries that do it decode and encode the picture anew, which costs quality and memory, while
to leave out blocks of a file copies the picture byte for byte.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from yanglao.kernel.files.kinds import FileRefused

_ORIENTATION = 0x0112
_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_BESIDE = frozenset({b"eXIf", b"tEXt", b"iTXt", b"zTXt", b"tIME"})
_WEBP_BESIDE = frozenset({b"EXIF", b"XMP "})
_WEBP_FLAGS = 0x0C  # of VP8X: "has EXIF", "has XMP"
_SOS, _EOI, _APP0, _APP1, _APP2, _APP14, _COMMENT = 0xDA, 0xD9, 0xE0, 0xE1, 0xE2, 0xEE, 0xFE


def bare(picture: bytes) -> bytes:
    """The same picture (JPEG, PNG or WebP) without place, time, device, owner, comments; which way is up stays.

    Raises FileRefused when the file breaks off. Source: Exif 2.32, JPEG ITU-T T.81 annex B, PNG 3rd edition, RFC 9649.
    """
    try:
        if picture[:2] == b"\xff\xd8":
            return b"".join(_jpeg(picture))
        if picture[:8] == _PNG:
            return b"".join(_png(picture))
        if picture[:4] == b"RIFF" and picture[8:12] == b"WEBP":
            return _webp(picture)
    except IndexError:
        raise FileRefused(_("图片不完整，打不开。请重新拍摄或另存后再上传。"), code="broken") from None
    return picture


def _jpeg(data: bytes) -> Iterator[bytes]:
    """The segments that make the picture; what follows its end (further pictures with their own EXIF) is left out."""
    yield data[:2]
    at = 2
    while True:
        marker = data[at + 1]
        if marker == 0xFF:  # a filling byte
            at += 1
            continue
        if marker == _EOI:
            yield b"\xff\xd9"
            return
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        yield _kept(marker, data[at:end])
        at = _after_scan(data, end) if marker == _SOS else end
        if marker == _SOS:
            yield data[end:at]


def _kept(marker: int, segment: bytes) -> bytes:
    if marker == _APP1:
        return _upright(segment) if segment[4:10] == b"Exif\0\0" else b""
    if marker == _APP2:
        return segment if segment[4:15] == b"ICC_PROFILE" else b""
    if marker == _COMMENT or (_APP0 < marker <= 0xEF and marker != _APP14):
        return b""
    return segment


def _after_scan(data: bytes, at: int) -> int:
    """Where the next marker stands: within a scan 0xFF is followed by 0 or by a restart."""
    while True:
        at = data.find(b"\xff", at)
        if at < 0:
            raise IndexError
        if data[at + 1] != 0 and not 0xD0 <= data[at + 1] <= 0xD7:
            return at
        at += 2


def _upright(segment: bytes) -> bytes:
    """An EXIF segment that says which way is up, and nothing else; empty when it says nothing of it."""
    value = _orientation(segment[10:])
    if not 2 <= value <= 8:
        return b""
    entry = _ORIENTATION.to_bytes(2, "big") + b"\0\x03\0\0\0\x01" + value.to_bytes(2, "big") + b"\0\0"
    body = b"Exif\0\0MM\0*\0\0\0\x08\0\x01" + entry + b"\0\0\0\0"
    return b"\xff\xe1" + (len(body) + 2).to_bytes(2, "big") + body


def _orientation(tiff: bytes) -> int:
    order: str = "little" if tiff[:2] == b"II" else "big"

    def number(at: int, size: int) -> int:
        return int.from_bytes(tiff[at : at + size], order)  # type: ignore[arg-type]

    first = number(4, 4)
    for entry in range(min(number(first, 2), 200)):
        at = first + 2 + 12 * entry
        if number(at, 2) == _ORIENTATION:
            return number(at + 8, 2)
    return 1


def _png(data: bytes) -> Iterator[bytes]:
    yield data[:8]
    at, kind = 8, b""
    while kind != b"IEND":
        kind, end = data[at + 4 : at + 8], at + 12 + int.from_bytes(data[at : at + 4], "big")
        if end > len(data):
            raise IndexError
        if kind not in _PNG_BESIDE:
            yield data[at:end]
        at = end


def _webp(data: bytes) -> bytes:
    at, kept = 12, []
    while at + 8 <= len(data):
        kind, size = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        end = at + 8 + size + size % 2
        if end > len(data) + size % 2:
            raise IndexError
        chunk = data[at:end]
        if kind == b"VP8X":
            chunk = chunk[:8] + bytes([chunk[8] & ~_WEBP_FLAGS]) + chunk[9:]
        kept += [] if kind in _WEBP_BESIDE else [chunk]
        at = end
    body = b"WEBP" + b"".join(kept)
    return b"RIFF" + len(body).to_bytes(4, "little") + body
