"""The interface speaks Chinese and English: nothing is left out of translation, nothing is left untranslated."""

import re
from pathlib import Path

import polib
import pytest

from tests.harness import words
from yanglao import translations

CATALOGUES = translations.catalogues()


def english() -> dict[tuple[str | None, str], polib.POEntry]:
    return {(entry.msgctxt, entry.msgid): entry for entry in translations.merge(CATALOGUES)}


def test_every_text_has_its_english():
    known = english()
    missing = sorted(
        {
            f"{text.msgid!r} ({text.place})"
            for text in words.wrapped()
            if words.CHINESE.search(text.msgid) and (text.context, text.msgid) not in known
        }
    )
    assert not missing, f"{len(missing)} texts without English:\n" + "\n".join(missing)


def test_no_chinese_is_shown_outside_translation():
    found = list(words.bare())
    assert not found, f"wrap these in _() or mark them as data ({words.DATA}):\n" + "\n".join(found)


@pytest.mark.parametrize("file", CATALOGUES, ids=lambda f: f.parent.parent.name)
def test_a_catalogue_is_whole(file: Path):
    """No empty or unsure entry, the same placeholders, no Chinese left in the English."""
    for entry in polib.pofile(str(file)):
        said = [entry.msgstr, *entry.msgstr_plural.values()] if entry.msgid_plural else [entry.msgstr]
        said = [text for text in said if text or not entry.msgid_plural]
        assert said, f"{entry.msgid!r} has no English"
        assert all(said), f"{entry.msgid!r} has no English"
        assert "fuzzy" not in entry.flags, f"{entry.msgid!r} is marked as unsure"
        if not entry.msgid_plural:
            assert _names(entry.msgstr) == _names(entry.msgid), f"{entry.msgid!r}: other placeholders"


def _names(text: str) -> list[str]:
    return sorted(re.findall(r"%\(\w+\)[sd]|(?<!%)%[sd]|\{\w*\}", text))


def test_it_refuses_two_translations_of_one_text(tmp_path: Path):
    for room, english in (("a", "Street"), ("b", "Town")):
        folder = tmp_path / "yanglao" / room / "locale"
        folder.mkdir(parents=True)
        catalogue = polib.POFile()
        catalogue.append(polib.POEntry(msgid="乡镇", msgstr=english))
        catalogue.save(str(folder / "en.po"))
    with pytest.raises(translations.TranslationConflict) as refused:
        translations.build(tmp_path / "out", tmp_path)
    assert "a/locale/en.po" in str(refused.value)
    assert "b/locale/en.po" in str(refused.value)


def test_it_compiles_only_what_changed(tmp_path: Path):
    assert translations.build(tmp_path / "out")
    assert not translations.build(tmp_path / "out")
    assert polib.mofile(str(tmp_path / "out" / "en" / "LC_MESSAGES" / "django.mo"))
