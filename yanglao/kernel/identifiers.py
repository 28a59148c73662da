"""Numbers that people and organisations are known by: resident id, credit code, telephone, bank account.

Pure functions, no Django: any room may use them. Each refuses with `Refused(code, detail)`; the sentence a
user reads is chosen from the code where the user's language is known.
"""

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass, field
from typing import Final, Literal

Problem = Literal[
    "empty",
    "scientific",
    "length",
    "characters",
    "province",
    "birth_date",
    "future",
    "checksum",
    "test_number",
    "department",
    "mobile",
    "landline",
]


class Refused(ValueError):
    """A number that cannot be right; `code` says why, `detail` the part that is wrong (never the whole)."""

    def __init__(self, code: Problem, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code: Final[Problem] = code
        self.detail: Final[str] = detail


# GB/T 2260 province prefixes in use. 83 is issued to Taiwan residents (since 2018), 81 and 82 to Hong Kong
# and Macao residents, 9x to foreigners with permanent residence. Deeper prefixes are not checked on purpose:
# most older people were born before their county's present code was assigned, so a list of today's counties
# refuses nearly all of them.
_PROVINCE_RANGES: Final = (
    (11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65), (71, 71), (81, 83), (91, 96)
)  # fmt: skip
PROVINCES: Final = frozenset(
    {str(code) for first, last in _PROVINCE_RANGES for code in range(first, last + 1)}
)
# Prefixes no province has or had: the real first digit with 9 behind it (浙江 33 → 39). Numbers under them
# carry a right checksum and can belong to nobody: demo data and tests use only these.
TEST_PROVINCES: Final = frozenset({"19", "29", "39", "49", "59", "69", "79"})

_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS: Final = "10X98765432"
_CENTENARIAN_ORDERS: Final = frozenset({"996", "997", "998", "999"})
_EARLIEST: Final = dt.date(1850, 1, 1)
_NOISE: Final = re.compile(r"[\s'’‘`\"“”_.·,，\-\u2010-\u2015\u200b-\u200f\u2060\ufeff]+")
_SCIENTIFIC: Final = re.compile(r"^\d(\.\d+)?E\+?\d+$")


def clean(text: str) -> str:
    """Full-width to half-width, upper case, without blanks, quotes, hyphens and invisible characters."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", text)).upper().replace("×", "X").replace("Х", "X")


@dataclass(frozen=True, slots=True)
class ResidentId:
    """A resident id (公民身份号码) that passed all checks, always in its 18-digit form."""

    number: str
    birth_date: dt.date
    sex: Literal[1, 2]
    was_short: bool = field(default=False, compare=False)

    @property
    def is_test(self) -> bool:
        """True for numbers of demo data, which no real person can hold."""
        return self.number[:2] in TEST_PROVINCES

    @property
    def tail(self) -> str:
        """The last four characters, by which a clerk looks a person up."""
        return self.number[-4:]


def check_digit(first17: str) -> str:
    """The 18th character by ISO 7064 MOD 11-2 (GB 11643-1999)."""
    return _CHECKS[sum(int(d) * w for d, w in zip(first17, _WEIGHTS, strict=True)) % 11]


def lengthen(short: str) -> str:
    """The 18-digit form of a 15-digit number (first generation card, until 1999).

    Order codes 996-999 were kept for people who were already a hundred years old, so they were born in the
    nineteenth century; all others were born in the twentieth.
    """
    century = "18" if short[12:] in _CENTENARIAN_ORDERS else "19"
    first17 = short[:6] + century + short[6:]
    return first17 + check_digit(first17)


def resident_id(text: str, *, today: dt.date, allow_test: bool = True) -> ResidentId:
    """Read a resident id as people write it; raises `Refused` with the first thing that is wrong."""
    raw = unicodedata.normalize("NFKC", text).strip().upper()
    if _SCIENTIFIC.match(raw):
        raise Refused("scientific")
    number = clean(text)
    if not number:
        raise Refused("empty")
    if len(number) not in (15, 18):
        raise Refused("length", str(len(number)))
    short = len(number) == 15
    if not (number.isascii() and (number if short else number[:17]).isdigit()):
        raise Refused("characters")
    if short:
        number = lengthen(number)
    elif number[17] not in _CHECKS:
        raise Refused("characters", number[17])
    return ResidentId(number, _birth(number, today, allow_test), 1 if int(number[16]) % 2 else 2, short)


def _birth(number: str, today: dt.date, allow_test: bool) -> dt.date:
    if number[:2] not in PROVINCES:
        if number[:2] not in TEST_PROVINCES:
            raise Refused("province", number[:2])
        if not allow_test:
            raise Refused("test_number", number[:2])
    try:
        born = dt.date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        raise Refused("birth_date", number[6:14]) from None
    if not _EARLIEST <= born <= today:
        raise Refused("future" if born > today else "birth_date", number[6:14])
    if check_digit(number[:17]) != number[17]:
        raise Refused("checksum", number[17])
    return born


_CREDIT_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_VALUES: Final = {c: i for i, c in enumerate(_CREDIT_ALPHABET)}
_CREDIT_WEIGHTS: Final = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)


def credit_check_digit(first17: str) -> str:
    """The 18th character of a unified social credit code, modulus 31 (GB 32100-2015)."""
    total = sum(_CREDIT_VALUES[c] * w for c, w in zip(first17, _CREDIT_WEIGHTS, strict=True))
    return _CREDIT_ALPHABET[(31 - total % 31) % 31]


def credit_code(text: str) -> str:
    """Read a unified social credit code (统一社会信用代码); raises `Refused`. Returns 18 characters."""
    code = clean(text)
    if not code:
        raise Refused("empty")
    if len(code) != 18:
        raise Refused("length", str(len(code)))
    strange = [c for c in code if c not in _CREDIT_VALUES]
    if strange or not code[2:8].isdigit():
        raise Refused("characters", strange[0] if strange else code[2:8])
    if credit_check_digit(code[:17]) != code[17]:
        raise Refused("checksum", code[17])
    return code


_MOBILE: Final = re.compile(r"^1[3-9]\d{9}$")
_LANDLINE: Final = re.compile(r"^(0(?:10|2\d|[3-9]\d{2}))?([2-9]\d{6,7})(?:转(\d{1,6}))?$")


def phone(text: str, *, area_code: str = "") -> str:
    """A telephone number as digits: `13800000000`, `0574-87654321`, `0574-87654321转8`; raises `Refused`."""
    digits = clean(text).replace("(", "").replace(")", "").replace("+", "")
    digits = re.sub(r"^(?:00)?86(?=1\d{10}$|0?\d{9,11}$)", "", digits).replace("EXT", "转").replace("#", "转")
    if not digits:
        raise Refused("empty")
    if digits.startswith("01") and _MOBILE.match(digits[1:]):
        digits = digits[1:]
    if _MOBILE.match(digits):
        return digits
    if len(digits) == 11 and digits.startswith("1"):
        raise Refused("mobile")
    found = _LANDLINE.match(digits)
    if not found:
        raise Refused("landline" if digits.isdigit() else "characters")
    area, local, extension = found.group(1) or area_code, found.group(2), found.group(3)
    return (f"{area}-{local}" if area else local) + (f"转{extension}" if extension else "")


def bank_account(text: str) -> str:
    """A bank account or card as digits. Passbooks (存折) carry no check digit, so only the form is held."""
    raw = unicodedata.normalize("NFKC", text).strip().upper()
    if _SCIENTIFIC.match(raw):
        raise Refused("scientific")
    account = clean(text)
    if not account:
        raise Refused("empty")
    if not account.isdigit() or not account.isascii():
        raise Refused("characters")
    if not 8 <= len(account) <= 32:
        raise Refused("length", str(len(account)))
    return account
