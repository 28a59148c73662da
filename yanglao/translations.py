"""English catalogues of the rooms, merged and compiled at set-up; no gettext program is needed.

Each room keeps `locale/en.po` (msgid Chinese, msgstr English). `python -m yanglao.translations` writes
`var/locale/en/LC_MESSAGES/django.mo`; it does nothing when no catalogue changed.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterable
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
METADATA = {
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Language": "en",
    "Plural-Forms": "nplurals=2; plural=(n != 1);",
}


class TranslationConflict(Exception):
    """Two rooms translate the same words differently; the text names both files."""


def catalogues(root: Path = ROOT) -> list[Path]:
    """The rooms' catalogues, in a fixed order."""
    return sorted((root / "yanglao").glob("**/locale/en.po"))


def merge(files: Iterable[Path]) -> polib.POFile:
    """One catalogue of all. Raises TranslationConflict naming both files."""
    merged = polib.POFile()
    merged.metadata = dict(METADATA)
    seen: dict[tuple[str | None, str], tuple[polib.POEntry, Path]] = {}
    for file in files:
        for entry in polib.pofile(str(file)):
            if entry.obsolete:
                continue
            key = (entry.msgctxt, entry.msgid)
            first = seen.setdefault(key, (entry, file))
            if first[0] is entry:
                merged.append(entry)
            elif _words(first[0]) != _words(entry):
                raise TranslationConflict(
                    f"同一词条有两种英文 / two translations of one text: {entry.msgid!r}\n"
                    f"  {first[1]}: {_words(first[0])}\n  {file}: {_words(entry)}\n"
                    "请统一译文，或用 pgettext 区分语境。 / Agree on one, or tell them apart with pgettext."
                )
    return merged


def _words(entry: polib.POEntry) -> object:
    return dict(entry.msgstr_plural) if entry.msgid_plural else entry.msgstr


def build(target: Path, root: Path = ROOT) -> bool:
    """Compile all catalogues below `target` (a locale folder); True when something changed."""
    files = catalogues(root)
    stamp = hashlib.sha256(b"".join(f.read_bytes() for f in (Path(__file__), *files))).hexdigest()
    place = target / "en" / "LC_MESSAGES" / "django.mo"
    stamp_file = target / "stamp"
    if place.exists() and stamp_file.exists() and stamp_file.read_text() == stamp:
        return False
    place.parent.mkdir(parents=True, exist_ok=True)
    fresh = place.with_suffix(f".{os.getpid()}")  # several test workers may start at once
    merge(files).save_as_mofile(str(fresh))
    fresh.replace(place)
    stamp_file.write_text(stamp)
    return True


def main() -> int:
    try:
        changed = build(Path(os.environ.get("YANGLAO_VAR", ROOT / "var")) / "locale")
    except (TranslationConflict, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    if changed:
        print("英文界面已就绪 / the English interface is in place")
    return 0


if __name__ == "__main__":
    sys.exit(main())
