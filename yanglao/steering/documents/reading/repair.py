"""From the opened text to the one that is read: furniture out, pinyin out, simplified characters, sound words."""
# i18n: data

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from .aligned import Aligned, Edit
from .flattened import rebuild_tables
from .furniture import strip_furniture
from .garbling import mend_words
from .opened import Opened
from .scripts import simplified

_PINYIN = re.compile(r"([\u3400-\u9fff])[(（]([a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜüêńňǹḿ]{1,6})[)）]", re.IGNORECASE)
_ENOUGH_TRADITIONAL = 3


def repaired(opened: Opened) -> Aligned:
    """The text as it is read, every change in it beside what stood there."""
    text = Aligned(opened.text)
    text.apply(_pinyin(text.text))
    strip_furniture(text, opened)
    text.apply(_traditional(text.text))
    rebuild_tables(text)
    mend_words(text)
    return text


def _pinyin(text: str) -> Iterator[Edit]:
    """學(xué): the reading behind a character, where it is one of that character's."""
    for m in _PINYIN.finditer(text):
        if _reads(m.group(1), m.group(2)):
            yield Edit(m.start(2) - 1, m.end(), "", "pinyin")


def _reads(sign: str, written: str) -> bool:
    if any(unicodedata.combining(c) for c in unicodedata.normalize("NFD", written)):
        return True  # tone marks: nothing else is written so in brackets
    from pypinyin import Style, pinyin  # its dictionaries are a tenth of a start; few processes need them

    known = pinyin(sign, style=Style.NORMAL, heteronym=True, errors="ignore")
    return bool(known) and written.lower().replace("ü", "v") in {one.replace("ü", "v") for one in known[0]}


def _traditional(text: str) -> Iterator[Edit]:
    """Traditional characters, if the text is written in them (a single one may be a name)."""
    converted = simplified(text)
    at = [i for i, (old, new) in enumerate(zip(text, converted, strict=True)) if old != new]
    if len(at) < _ENOUGH_TRADITIONAL:
        return
    start = previous = at[0]
    for i in [*at[1:], -1]:
        if i != previous + 1:
            yield Edit(start, previous + 1, converted[start : previous + 1], "traditional")
            start = i
        previous = i
