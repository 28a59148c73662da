"""QR codes and the short-lived tokens in them."""

from __future__ import annotations

import io
from datetime import timedelta

import segno
from django.core.signing import BadSignature, TimestampSigner

SHOWN = timedelta(minutes=3)
"""How long a code on the teacher's screen may be scanned: a photo of it sent home is of no use."""
USED = timedelta(minutes=15)
"""How long the page it opens may be sent: time to type a phone number."""
_SIGNER = TimestampSigner(salt="training.lesson")


def token(lesson_id: int) -> str:
    """A token for a lesson, signed with the moment."""
    return _SIGNER.sign_object({"lesson": lesson_id})


def lesson_of(text: str, *, within: timedelta) -> int | None:
    """The lesson of a token not older than `within`; None for any other text."""
    try:
        return int(_SIGNER.unsign_object(text, max_age=within)["lesson"])
    except (BadSignature, KeyError, TypeError, ValueError):
        return None


def svg(text: str, *, scale: int = 8) -> bytes:
    """A QR code as an SVG file, 25 % of it may be damaged (level Q)."""
    out = io.BytesIO()
    segno.make(text, error="q", micro=False).save(
        out, kind="svg", scale=scale, border=3, dark="#0b2c30", light="#fff"
    )
    return out.getvalue()
