"""Numbers by rule: of sessions, enrolments, certificates."""

from __future__ import annotations

import calendar
import datetime as dt
import secrets

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without 0/O and 1/I: these numbers are read aloud and typed by hand."""


def session_code(year: int, division: int, order: int) -> str:
    """`P2026-330203-0007`: year, county, order in the county's year."""
    return f"P{year}-{division // 10**6}-{order:04d}"


def certificate_number(year: int, division: int, order: int) -> str:
    """`3302032026000123`: county, year, order in the county's year (six digits)."""
    return f"{division // 10**6}{year}{order:06d}"


def enrolment_number() -> str:
    """Eight characters nobody can guess."""
    return "".join(secrets.choice(ALPHABET) for _ in range(8))


def months_later(day: dt.date, months: int) -> dt.date:
    """The same day some months on; the month's last day where there is none such."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return dt.date(year, month + 1, min(day.day, last))
