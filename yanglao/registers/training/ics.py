"""Lessons as a calendar file (RFC 5545). Written by hand: a dozen lines, where the library brings its own time zones."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from yanglao.registers.training.models import Lesson, Session

LINE = 73
"""Octets of a line before it is folded (75 with the break's blank)."""


def calendar(session: Session, lessons: Iterable[Lesson], url: str) -> bytes:
    """The file: one event per lesson, times in UTC, a day without times as a whole day."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Yanglao//training//ZH", "CALSCALE:GREGORIAN"]
    for lesson in lessons:
        lines += _event(session, lesson, url)
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line)).encode()


def _event(session: Session, lesson: Lesson, url: str) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{lesson.uid}@yanglao"
    yield f"DTSTAMP:{timezone.now().astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"
    if lesson.starts is None:
        yield f"DTSTART;VALUE=DATE:{lesson.on:%Y%m%d}"
    else:
        yield f"DTSTART:{_utc(lesson.on, lesson.starts)}"
        if lesson.ends is not None:
            yield f"DTEND:{_utc(lesson.on, lesson.ends)}"
    yield f"SUMMARY:{_escaped(session.name)}"
    yield f"LOCATION:{_escaped(session.where)}"
    yield f"DESCRIPTION:{_escaped(' '.join(filter(None, [lesson.topic, lesson.teacher, session.contact])))}"
    yield f"URL:{url}"
    yield "END:VEVENT"


def _utc(day: dt.date, time: dt.time) -> str:
    local = dt.datetime.combine(day, time, ZoneInfo(settings.TIME_ZONE))
    return f"{local.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    for sign, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r", ""), ("\n", "\\n")):
        text = text.replace(sign, written)
    return text


def _folded(line: str) -> Iterator[str]:
    """A line cut so that no part is longer than allowed, never within a character."""
    part = ""
    for sign in line:
        if len((part + sign).encode()) > LINE:
            yield part
            part = " "
        part += sign
    yield part
