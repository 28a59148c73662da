# i18n: data (invented sources)
"""Sources: the standard's, and what a city changes of them; the rules of judging and of being late."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from pydantic import ValidationError

from yanglao.registers.comparison.rules import (
    Known,
    Spell,
    Told,
    concerns,
    judge,
    late_by,
    share,
    too_many_absent,
)
from yanglao.registers.comparison.sources import Change, merged, standard
from yanglao.shell.sheets.texts import TextForm, guess_cuts, guess_form, open_text, ruler

DAY = dt.date(2026, 10, 31)
D = dt.date


def test_a_city_changes_a_key_and_adds_a_source() -> None:
    own = {**standard()["ltci"].model_dump(exclude_unset=True), "key": "county_ltci", "label": "县长护险"}
    found = merged(standard(), [Change(key="prison", deadline=3), Change.model_validate(own)])
    assert found["prison"].deadline == 3
    assert found["prison"].kind == standard()["prison"].kind
    assert found["county_ltci"].label == "县长护险"
    with pytest.raises(ValidationError):
        merged(standard(), [Change(key="new")])
    with pytest.raises(ValidationError, match="没有这些内容"):
        merged(standard(), [Change(key="prison", value="nothing")])


@pytest.mark.parametrize(
    ("died", "on", "expected"),
    [
        (None, D(2026, 10, 1), "news"),
        (D(2026, 10, 1), D(2026, 10, 9), "agrees"),
        (D(2026, 10, 1), None, "agrees"),
        (D(2026, 10, 1), D(2026, 11, 15), "news"),
    ],
)
def test_a_death_agrees_within_the_sources_own_days(died: D | None, on: D | None, expected: str) -> None:
    assert judge("death", Told("police", on), Known(died), tolerance=10, as_of=DAY) == expected


def test_a_fact_is_judged_on_the_day_of_the_file() -> None:
    known = Known(None, [Spell("dibao", D(2020, 1, 1), D(2026, 10, 1)), Spell("dibao_edge", D(2026, 10, 1))])
    assert judge("holds", Told("dibao_edge"), known, tolerance=0, as_of=DAY) == "agrees"
    assert judge("holds", Told("dibao"), known, tolerance=0, as_of=DAY) == "news"
    assert judge("holds", Told("dibao"), known, tolerance=0, as_of=D(2026, 9, 30)) == "agrees"
    assert judge("holds", Told("dibao", None, D(2026, 9, 1)), known, tolerance=0, as_of=DAY) == "agrees"
    assert judge("ends", Told("dibao"), known, tolerance=0, as_of=DAY) == "agrees"
    dead = Known(D(2026, 1, 1), known.spells)
    assert judge("holds", Told("dibao"), dead, tolerance=0, as_of=DAY) == "deceased"


def test_small_rules() -> None:
    assert concerns(None, ["死亡"])
    assert concerns("因病死亡", ["死亡"])
    assert not concerns("迁出", ["死亡"])
    assert late_by(None, "monthly", 10, DAY) is None
    assert late_by(D(2026, 9, 30), "monthly", 10, DAY) == 0
    assert late_by(D(2026, 8, 31), "monthly", 10, DAY) == 20
    assert share(1, 0) is None
    assert too_many_absent(60, 200)
    assert not too_many_absent(60, 400)
    assert not too_many_absent(20, 30)


def test_the_edges_of_columns_are_seen_in_the_blanks() -> None:
    lines = ["张三   男 19400501", "欧阳春 女 19310203"]
    assert guess_cuts(lines) == (4, 6) if len(lines[0]) == len(lines[1]) else guess_cuts(lines)
    assert guess_cuts([]) == ()
    assert ruler(12) == ("0         10", "|····+····|·")


def test_a_fixed_file_is_guessed_and_a_cut_character_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("张三   男 390203194005010017\n李四五 女 390203194005010025\n".encode("gb18030"))
    form = guess_form(path)
    assert (form.encoding, form.delimiter, form.unit) == ("gb18030", "", "bytes")
    rows = list(open_text(path, "a.txt", form).sheets[0].rows())
    assert [row[0] for row in rows] == ["张三", "李四五"]
    book = open_text(path, "a.txt", TextForm("gb18030", "", (3, 7), "bytes"))
    assert {place[0] for place in book.sheets[0].bad} == {1, 2}
