"""Days of addresses."""

from __future__ import annotations

import datetime as dt

from django.utils.dateparse import parse_date


def day_asked(text: str | None, otherwise: dt.date) -> dt.date:
    """A day typed into an address; `otherwise` for none and for what is no day within reason."""
    try:
        day = parse_date(text or "")
    except ValueError:
        return otherwise
    return day if day and dt.date(1950, 1, 1) <= day <= otherwise + dt.timedelta(days=3660) else otherwise
