"""What a phone may send. Pure: no Django models, no database."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

RECORD_BYTES = 512 * 1024
PHOTO_BYTES = 4 * 1024 * 1024
PHOTOS = 20
SKEW_TOLD = 120
"""Seconds a phone's clock may differ before its owner is told and its times are put right."""
_SHA256 = re.compile(r"[0-9a-f]{64}")


class Malformed(ValidationError):
    """Not what our page sends; nothing is kept of it."""


@dataclass(frozen=True)
class Sent:
    """A form as the phone sends it. `photos` and `signatures` as in `OfflineRecord`."""

    uid: UUID
    kind: str
    subject: str
    sequence: int
    made_at: datetime
    sent_at: datetime
    answers: Mapping[str, Any]
    signatures: Sequence[Mapping[str, Any]]
    photos: Sequence[Mapping[str, Any]]
    said: Sequence[tuple[str, str]] = ()  # questions and answers as the phone showed them
    basis: Mapping[str, str] = field(default_factory=dict)

    @property
    def hashes(self) -> tuple[str, ...]:
        """The files that belong to it: photos, and signatures that were drawn."""
        named = [p["sha256"] for p in self.photos] + [s["drawn"] for s in self.signatures if s.get("drawn")]
        return tuple(dict.fromkeys(named))


def is_sha256(text: str) -> bool:
    return bool(_SHA256.fullmatch(text))


def read(data: Any) -> Sent:
    """The form in the parsed body of a request. Raises Malformed."""
    try:
        sent = Sent(
            uid=UUID(str(data["uid"])),
            kind=_short(data["kind"]),
            subject=_short(data["subject"]),
            sequence=_natural(data["sequence"]),
            made_at=_moment(data["made_at"]),
            sent_at=_moment(data["sent_at"]),
            answers=_mapping(data["answers"]),
            signatures=[_signature(s) for s in data.get("signatures", ())],
            photos=[_photo(p) for p in data.get("photos", ())],
            said=[(str(question)[:200], str(answer)[:500]) for question, answer in data.get("said", ())],
            basis={str(k)[:60]: str(v)[:100] for k, v in _mapping(data.get("basis") or {}).items()},
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Malformed(
            _("收到的内容不完整，没有收下。请刷新页面后再发送；填好的内容仍在手机上。")
        ) from error
    if len(sent.hashes) > PHOTOS:
        raise Malformed(_("一份表最多带 %(most)d 张照片和签名。请删去几张后再发送。") % {"most": PHOTOS})
    return sent


def _short(value: Any) -> str:
    text = str(value)
    if not 0 < len(text) <= 60:
        raise ValueError(text[:20])
    return text


def _natural(value: Any) -> int:
    number = int(value)
    if not 0 <= number < 2**31:
        raise ValueError(number)
    return number


def _moment(value: Any) -> datetime:
    moment = datetime.fromisoformat(str(value).replace("Z", "+00:00"))
    if moment.tzinfo is None:
        raise ValueError(value)
    return moment


def _mapping(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise TypeError
    return value


def _hash(value: Any) -> str:
    if not is_sha256(str(value)):
        raise ValueError
    return str(value)


def _signature(value: Any) -> dict[str, str]:
    drawn = value.get("drawn") or ""
    return {
        "code": _short(value["code"]),
        "name": str(value.get("name", "")).strip()[:60],
        "drawn": _hash(drawn) if drawn else "",
    }


def _photo(value: Any) -> dict[str, str]:
    return {
        "sha256": _hash(value["sha256"]),
        "item": str(value.get("item", ""))[:60],
        "taken_at": _moment(value["taken_at"]).isoformat(),
    }


def skew(sent_at: datetime, now: datetime) -> int:
    """Seconds by which the phone's clock is ahead of ours; at most a century either way."""
    seconds = round((sent_at - now).total_seconds())
    return max(-(2**31), min(2**31 - 1, seconds))


def put_right(made_at: datetime, skewed: int, now: datetime) -> datetime:
    """When a form was really made: the phone's clock corrected when it is off, and never later than now."""
    if abs(skewed) > SKEW_TOLD:
        made_at -= timedelta(seconds=skewed)
    return min(made_at, now)
