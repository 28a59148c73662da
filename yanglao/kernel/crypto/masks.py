"""What is shown of personal data when it is not revealed. Pure functions, text to text."""

from __future__ import annotations

import re
from collections.abc import Callable

STARS = "******"

# no digit before it: a "town" behind a house number is the name of an estate
_STREET = re.compile(r"^\D*?(?:街道|(?<!城)镇(?!海)|乡(?!镇))")
_COUNTY = re.compile(r"^\D*?(?:自治[县旗]|(?<![小社园])[区县旗])")
_CITY = re.compile(r"^\D*?(?<!城)市(?!场)")


def _keep(text: str, first: int, last: int) -> str:
    hidden = len(text) - first - last
    if hidden <= 0:
        return "*" * len(text)
    return text[:first] + "*" * hidden + text[len(text) - last :]


def id_number(text: str) -> str:
    """``33**************34``: province and the last two characters.

    The wide-spread form that hides only the birth date (six first, four last) does not serve here: our
    tables show birth date and district beside it, which would leave nothing hidden.
    """
    return _keep(text, 2, 2)


def phone(text: str) -> str:
    """``138****1234`` for a mobile number; other numbers keep their last two digits."""
    if len(text) >= 10:
        return text[:3] + "****" + text[-4:]
    return _keep(text, 0, 2)


def address(text: str) -> str:
    """Up to the street or town (街道、镇、乡), else up to the county; what identifies the home is hidden."""
    found = _STREET.match(text) or _COUNTY.match(text) or _CITY.match(text)
    return (found.group(0) if found else "") + "***"


def bank_account(text: str) -> str:
    """``**** 1234``: the last four digits, as banks print it."""
    return "**** " + text[-4:] if len(text) > 8 else STARS


def hidden(text: str) -> str:
    """Nothing is shown."""
    return STARS


MASKS: dict[str, Callable[[str], str]] = {
    "id_number": id_number,
    "phone": phone,
    "address": address,
    "bank_account": bank_account,
    "hidden": hidden,
}
