"""The rule as DuckDB expressions over two sides `l` and `r`, made from the same weights.

Levels are numbers: the place of the level in the file's order. A test holds this and `judging.judge` against each
other row by row. Both sides have: name folded bag pinyin sound birth ymd solar sex p1 p2, the left one also birth_given and
sex_given (the register's own are always given); ids come as `slip` (a
level name from the blind index, or null), `l.id_hash`, `r.id_hash`, `l.tail`, `r.tail`,
and whether they can be right as `id_sound`.
"""

from __future__ import annotations

from collections.abc import Iterable

from .names import ALIKE
from .weights import FieldName, Weights

Cases = Iterable[tuple[str, str]]


def sound(column: str) -> str:
    """`names.fold_sound` on a column."""
    for written, said in ALIKE:
        column = f"replace({column}, '{written}', '{said}')"
    return column


def level(weights: Weights, field: FieldName) -> str:
    """The level of a field as a number."""
    places = {each.level: at for at, each in enumerate(weights.fields[field].levels)}
    return _case(((test, str(places[name])) for test, name in _TESTS[field][0]), places[_TESTS[field][1]])


def bits(weights: Weights, field: FieldName, column: str, share: str) -> str:
    """The bits of a level number in `column`; `share` is an expression for how common the name is, or null."""
    found = weights.fields[field]
    cases = []
    for at, each in enumerate(found.levels):
        value = repr(each.bits)
        often = found.by_frequency
        if often and often.level == each.level and each.m:
            least = found.levels[at + 1].bits
            counted = f"least(greatest(log2({each.m!r} / {share}), {least!r}), {often.most_bits!r})"
            value = f"CASE WHEN {share} IS NULL THEN {value} ELSE {counted} END"
        cases.append((f"{column} = {at}", value))
    return _case(cases, "0")


def _case(cases: Cases, otherwise: object) -> str:
    whens = " ".join(f"WHEN {test} THEN {value}" for test, value in cases)
    return f"CASE {whens} ELSE {otherwise} END"


def _combined(test: str) -> str:
    """A test of one division against one, true for any combination of both sides' (null: not known)."""
    pairs = ((a, b) for a in ("l.p1", "l.p2") for b in ("r.p1", "r.p2"))
    return "(" + " OR ".join(f"coalesce({test.format(a=a, b=b)}, false)" for a, b in pairs) + ")"


_SAME_LENGTH = "length(l.folded) = length(r.folded)"
_WRONG = "len(list_filter(range(1, length(l.folded) + 1), lambda i: l.folded[i] <> r.folded[i]))"
_TAKEN_OUT = (
    "list_contains(list_transform(range(1, length({long}) + 1), "
    "lambda i: concat({long}[1:i - 1], {long}[i + 1:])), {short})"
)
_PART = (
    f"(length(l.folded) - length(r.folded) = 1 AND length(r.folded) > 1 AND {_TAKEN_OUT.format(long='l.folded', short='r.folded')})"
    f" OR (length(r.folded) - length(l.folded) = 1 AND length(l.folded) > 1 AND {_TAKEN_OUT.format(long='r.folded', short='l.folded')})"
)
_ONE_NUMBER = "(slip IS NOT NULL OR coalesce(l.id_hash = r.id_hash, false))"
_FIRST = "(month({0}.birth) = 1 AND day({0}.birth) = 1)"
_SLIP = "hamming(l.ymd, r.ymd) = 1 OR (hamming(l.ymd, r.ymd) = 2 AND damerau_levenshtein(l.ymd, r.ymd) = 1)"

# (test, level) in the order they are asked, and what is left.
_TESTS: dict[FieldName, tuple[tuple[tuple[str, str], ...], str]] = {
    "id": (
        (
            ("l.id_hash IS NULL OR r.id_hash IS NULL", "missing"),
            ("l.id_hash = r.id_hash", "equal"),
            ("slip = 'check'", "check"),
            ("slip = 'digit'", "digit"),
            ("slip = 'swap'", "swap"),
            ("slip = 'length'", "length"),
            ("l.tail = r.tail", "tail"),
            ("NOT (l.id_sound AND r.id_sound)", "wrong"),
        ),
        "different",
    ),
    "name": (
        (
            ("l.name IS NULL OR r.name IS NULL", "missing"),
            ("l.name = r.name", "equal"),
            ("l.folded = r.folded", "variant"),
            (f"{_SAME_LENGTH} AND l.pinyin = r.pinyin", "homophone"),
            ("l.bag = r.bag", "swapped"),
            (f"{_SAME_LENGTH} AND l.sound = r.sound", "similar"),
            (f"{_SAME_LENGTH} AND length(l.folded) >= 3 AND {_WRONG} = 1", "one"),
            (_PART, "part"),
            ("l.folded[1] = r.folded[1]", "surname"),
        ),
        "different",
    ),
    "birth": (
        (
            (f"l.birth IS NULL OR r.birth IS NULL OR ({_ONE_NUMBER} AND NOT l.birth_given)", "missing"),
            ("l.birth = r.birth", "equal"),
            (
                "year(l.birth) = year(r.birth) AND month(l.birth) = day(r.birth) AND day(l.birth) = month(r.birth)",
                "swapped",
            ),
            ("l.solar = r.birth OR r.solar = l.birth", "lunar"),
            (_SLIP, "digit"),
            (
                f"year(l.birth) = year(r.birth) AND ({_FIRST.format('l')} OR {_FIRST.format('r')})",
                "day_unknown",
            ),
            ("l.ymd[1:6] = r.ymd[1:6]", "month"),
            ("abs(year(l.birth) - year(r.birth)) <= 1", "year"),
        ),
        "different",
    ),
    "sex": (
        (
            (f"l.sex IS NULL OR r.sex IS NULL OR ({_ONE_NUMBER} AND NOT l.sex_given)", "missing"),
            ("l.sex = r.sex", "equal"),
        ),
        "different",
    ),
    "place": (
        (
            ("l.p1 IS NULL OR r.p1 IS NULL", "missing"),
            (_combined("{a} = {b} AND {a} % 1000 > 0"), "village"),
            (_combined("{a} // 1000 = {b} // 1000 AND {a} // 1000 % 1000 > 0"), "street"),
            (_combined("{a} // 1000000 = {b} // 1000000"), "county"),
        ),
        "other",
    ),
}
