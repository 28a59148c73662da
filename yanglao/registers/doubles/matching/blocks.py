"""Which pairs are looked at: a pair that shares none of these is never compared (the blind spot of the method).

Each block is a join on values both sides have; pairs found by several blocks are compared once.
"""

from __future__ import annotations

from typing import Final

_STREETS = tuple(
    (f"l.{a} // 1000 = r.{b} // 1000 AND l.{a} // 1000 % 1000 > 0")
    for a in ("p1", "p2")
    for b in ("p1", "p2")
)
BLOCKS: Final[tuple[tuple[str, str], ...]] = (
    ("sound and year of birth", "l.sound = r.sound AND year(l.birth) = year(r.birth)"),
    (
        "sound and day of birth in another year",
        "l.sound = r.sound AND l.ymd[5:8] = r.ymd[5:8]",
    ),
    ("sound and lunar birth date", "l.sound = r.sound AND l.solar = r.birth"),
    ("sound and birth date that is lunar there", "l.sound = r.sound AND l.birth = r.solar"),
    ("end of the id and sound", "l.tail = r.tail AND l.sound = r.sound"),
    ("end of the id and birth date", "l.tail = r.tail AND l.birth = r.birth"),
    ("birth date and surname", "l.birth = r.birth AND l.folded[1] = r.folded[1]"),
    ("birth date and the characters of the name", "l.birth = r.birth AND l.bag = r.bag"),
    *(
        (f"birth date and street ({n})", f"l.birth = r.birth AND {test}")
        for n, test in enumerate(_STREETS, 1)
    ),
    *((f"sound and street ({n})", f"l.sound = r.sound AND {test}") for n, test in enumerate(_STREETS, 1)),
)


def pairs(left: str, condition: str = "true") -> str:
    """SELECT of the distinct (l, r) keys that share a block, where `condition` on l and r holds."""
    blocks = (
        f"SELECT l.key AS l, r.key AS r FROM {left} AS l JOIN register AS r ON {test} WHERE {condition}"
        for _, test in BLOCKS
    )
    return " UNION ".join(blocks)
