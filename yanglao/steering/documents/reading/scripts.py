"""Traditional characters read as simplified ones."""

from __future__ import annotations

from functools import cache

from opencc import OpenCC


@cache
def _converter() -> OpenCC:
    return OpenCC("t2s")


def simplified(text: str) -> str:
    """The text in simplified characters; character for character (a phrase that changes its length is kept)."""
    converted: str = _converter().convert(text)
    if len(converted) == len(text):
        return converted
    return "".join(_one(sign) for sign in text)


@cache
def _one(sign: str) -> str:
    converted: str = _converter().convert(sign)
    return converted if len(converted) == 1 else sign
