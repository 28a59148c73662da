# i18n: data (names as they are)
"""Divisions as rosters write them: a code, or names from any level down (市/区/街道/社区), loosely."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

PROVINCES: Final[dict[str, int]] = {
    "北京": 11, "天津": 12, "河北": 13, "山西": 14, "内蒙古": 15, "辽宁": 21, "吉林": 22, "黑龙江": 23,
    "上海": 31, "江苏": 32, "浙江": 33, "安徽": 34, "福建": 35, "江西": 36, "山东": 37, "河南": 41,
    "湖北": 42, "湖南": 43, "广东": 44, "广西": 45, "海南": 46, "重庆": 50, "四川": 51, "贵州": 52,
    "云南": 53, "西藏": 54, "陕西": 61, "甘肃": 62, "青海": 63, "宁夏": 64, "新疆": 65, "台湾": 71,
    "香港": 81, "澳门": 82,
}  # fmt: skip
_BETWEEN: Final = re.compile(r"[\s/\\>＞|,，、·.\-—–_]+")
_ENDINGS: Final = re.compile(r"(?:街道办事处|街道|地区|镇|乡|自治[州县旗]|[省市区县旗])$")
_URBAN: Final = ("社区居民委员会", "社区居委会", "居民委员会", "居委会", "社区")
_RURAL: Final = ("村村民委员会", "村村委会", "村民委员会", "村委会", "村")
_KEPT: Final = 50_000  # texts remembered at a time
_COMMUNITY: Final = re.compile(f"^(.+?)({'|'.join((*_URBAN, *_RURAL))})$")


@dataclass(frozen=True)
class Found:
    """What a text means: `codes` of the divisions it may be (one when it is clear); `outside`: only its
    province is known, for it lies in none of the cities that were loaded."""

    codes: tuple[int, ...]
    outside: bool = False


@dataclass
class Gazetteer:
    """Names of the loaded divisions, to be asked many times."""

    names: dict[int, str] = field(default_factory=dict)
    children: dict[int | None, list[int]] = field(default_factory=lambda: defaultdict(list))
    by_name: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    _spelled: dict[int, dict[str, list[int]]] = field(default_factory=dict)
    _known: dict[str, Found] = field(default_factory=dict)

    @classmethod
    def of(cls, divisions: Iterable[tuple[int, str, int | None]]) -> "Gazetteer":
        """From (code, name, parent's code) of every division that stands."""
        made = cls()
        for code, written, parent in divisions:
            name = made.names[code] = _plain(written)
            made.children[parent].append(code)
            for spelling in spellings(name):
                made.by_name[spelling].append(code)
        return made

    def find(self, text: str) -> Found:
        """The division meant, `codes` empty when there is none. A roster says the same few places many times."""
        if text not in self._known:
            if len(self._known) >= _KEPT:
                self._known.clear()
            self._known[text] = self._find(text)
        return self._known[text]

    def _find(self, text: str) -> Found:
        plain = _plain(text)
        if plain.isdigit():
            return self._by_code(plain)
        found = {code for start in range(1, len(plain) + 1) for code in self._from(plain, start)}
        if found:
            return Found(tuple(sorted(found)))
        outside = next((c for name, c in PROVINCES.items() if plain.startswith(name)), None)
        loaded = outside is not None and any(code // 10**10 == outside for code in self.names)
        if outside is None or (loaded and not self._other_city(plain)):
            return Found(())
        return Found((outside * 10**10,), outside=True)

    def _by_code(self, digits: str) -> Found:
        if len(digits) not in (6, 9, 12):
            return Found(())
        code = int(digits.ljust(12, "0"))
        if code in self.names:
            return Found((code,))
        return Found(()) if self._is_loaded(code) else Found((code,), outside=True)

    def _is_loaded(self, code: int) -> bool:
        """Whether the city of a code was loaded, so that the code should be known."""
        city = code // 10**8
        return any(known // 10**8 == city and known % 10**8 for known in self.names)

    def _other_city(self, plain: str) -> bool:
        """A place in our province that names another city: 浙江省杭州市… in the books of Ningbo."""
        cities = [self.names[c] for c in self.names if c % 10**8 == 0 and c % 10**10]
        return len(plain) > 3 and not any(_ENDINGS.sub("", city) in plain for city in cities)

    def _from(self, plain: str, length: int) -> set[int]:
        """Divisions whose own name is the text's first `length` characters, and the rest leads down from."""
        rest = plain[length:]
        return {end for code in self.by_name.get(plain[:length], ()) for end in self._down(code, rest)}

    def _down(self, code: int, rest: str) -> set[int]:
        if not rest:
            return {code}
        found: set[int] = set()
        spelled = self._spelled.get(code) or self._spelled.setdefault(code, self._spell(code))
        for length in range(1, len(rest) + 1):
            for below in spelled.get(rest[:length], ()):
                found |= self._down(below, rest[length:])
        return found

    def _spell(self, code: int) -> dict[str, list[int]]:
        """What lies below a division, by every spelling of its name."""
        spelled: dict[str, list[int]] = defaultdict(list)
        for below in self._below(code):
            for spelling in spellings(self.names[below]):
                spelled[spelling].append(below)
        return spelled

    def _below(self, code: int) -> Iterable[int]:
        """Children and grandchildren: people leave a level out (宁波市南门街道)."""
        for child in self.children.get(code, ()):
            yield child
            yield from self.children.get(child, ())


def _plain(text: str) -> str:
    """Half-width, without blanks and signs between the parts."""
    return _BETWEEN.sub("", unicodedata.normalize("NFKC", text))


def spellings(name: str) -> tuple[str, ...]:
    """The ways a name is written: in full, and with other endings of its kind (万安社区居委会 → 万安, 万安社区)."""
    if found := _COMMUNITY.match(name):
        endings: tuple[str, ...] = ("", *_URBAN) if found[2] in _URBAN else ("", *_RURAL)
        return tuple(dict.fromkeys([name, *(found[1] + e for e in endings if len(found[1] + e) > 1)]))
    short = _ENDINGS.sub("", name)
    return (name, short) if len(short) > 1 and short != name else (name,)
