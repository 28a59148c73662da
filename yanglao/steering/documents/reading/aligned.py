"""A text that is being repaired and still knows, for each character, where it stood in the original."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Change:
    """One stretch that reads otherwise now: where it stood in the original, both wordings, and why.

    ``reason``: ``pinyin`` ``traditional`` ``garbled`` ``piece_number`` ``page_number`` ``navigation``
    ``wrapped`` ``running_head`` ``bracket``.
    """

    start: int
    end: int
    before: str
    after: str
    reason: str


@dataclass(frozen=True)
class Edit:
    """What to put in place of ``text[start:end]`` of the current wording."""

    start: int
    end: int
    new: str
    reason: str


class Aligned:
    """``text`` is the wording now; ``origin`` leads back to ``original``. Offsets count characters."""

    def __init__(self, original: str) -> None:
        self.original = original
        self.text = original
        self.changes: list[Change] = []
        self._starts = array("I", range(len(original)))
        self._ends = array("I", range(1, len(original) + 1))

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """Where ``text[start:end]`` stands in the original."""
        if not len(self._starts):
            return 0, 0
        if start >= end:
            at = self._starts[start] if start < len(self._starts) else len(self.original)
            return at, at
        return self._starts[start], self._ends[end - 1]

    def now(self, start: int, end: int) -> tuple[int, int]:
        """Where ``original[start:end]`` stands in the wording now (an empty stretch where it was taken out)."""
        return bisect_left(self._starts, start), bisect_left(self._starts, max(end, start))

    def apply(self, edits: Iterable[Edit]) -> int:
        """Make the edits (of the current wording, apart from one another); how many were made."""
        pieces: list[str] = []
        starts, ends = array("I"), array("I")
        at = made = 0
        for edit in sorted(edits, key=lambda e: (e.start, e.end)):
            if edit.start < at or self.text[edit.start : edit.end] == edit.new:
                continue
            made += 1
            pieces += [self.text[at : edit.start], edit.new]
            starts.extend(self._starts[at : edit.start])
            ends.extend(self._ends[at : edit.start])
            first, last = self.origin(edit.start, edit.end)
            same = len(edit.new) == edit.end - edit.start
            for step in range(len(edit.new)):
                starts.append(self._starts[edit.start + step] if same else first)
                ends.append(self._ends[edit.start + step] if same else last)
            before = self.text[edit.start : edit.end]
            self.changes.append(Change(first, last, before, edit.new, edit.reason))
            at = edit.end
        if made:
            pieces.append(self.text[at:])
            starts.extend(self._starts[at:])
            ends.extend(self._ends[at:])
            self.text, self._starts, self._ends = "".join(pieces), starts, ends
            self.changes.sort(key=lambda c: (c.start, c.end))
        return made
