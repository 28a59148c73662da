"""Rosters are written in many styles, and the truth about them is what the importer must find."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from openpyxl import load_workbook

from yanglao.demo import mess, rosters
from yanglao.demo.population import Population
from yanglao.demo.rows import FIELDS, Row, Writer
from yanglao.demo.tests import sample
from yanglao.kernel import identifiers
from yanglao.kernel.scope import Level


def clean_row(**changes: object) -> Row:
    people = sample.people(300)
    index = int(np.flatnonzero(people.alive)[0])
    return {**Writer(people).row(index), **changes}


def write(
    folder: Path, people: Population, level: Level = Level.STREET
) -> tuple[list[rosters.Roster], mess.Truth]:
    return rosters.write(people, folder, level)


def test_every_living_person_is_listed_where_his_hukou_is() -> None:
    people = sample.people(2000)
    sendings = list(rosters.sendings(people, Level.COUNTY, seed=1))
    listed = np.concatenate([sending.people for sending in sendings])
    assert sorted(listed.tolist()) == list(range(2000))
    for sending in sendings:
        assert (people.places.county[people.hukou[sending.people]] == sending.division).all()
        assert (people.places.county[people.home[sending.claims]] == sending.division).all()


def test_large_districts_send_several_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rosters, "MOST_ROWS", 400)
    sendings = list(rosters.sendings(sample.people(2000), Level.COUNTY, seed=1))
    assert max(len(sending.people) for sending in sendings) <= 400
    assert len({sending.file for sending in sendings}) == len(sendings) > 4


def test_each_file_has_its_own_style(tmp_path: Path) -> None:
    files, truth = write(tmp_path, sample.people(1200))
    assert [file.path.suffix for file in files] == [".xlsx", ".xlsx", ".xlsx", ".csv"]
    plain = list(load_workbook(files[0].path).active.iter_rows(values_only=True))
    assert list(plain[0]) == list(FIELDS.values())
    assert len(plain) - 1 == truth.rows[files[0].path.name] == files[0].rows
    titled = list(load_workbook(files[1].path).active.iter_rows(values_only=True, max_row=3))
    assert "花名册" in str(titled[0][0])
    assert titled[2][:2] == ("序号", "姓名")
    with files[3].path.open(encoding="gb18030", newline="") as text:
        assert "身份证号码" in next(csv.reader(text))


def test_a_header_over_two_rows_is_merged_downwards_only_where_it_has_no_group(tmp_path: Path) -> None:
    people = sample.people(400)
    sending = rosters.Sending(
        330203000000,
        "某区",
        "某区.xlsx",
        rosters.Style(two_rows=True),
        np.arange(400),
        np.arange(0),
        [1, 2, 3],
    )
    rosters._workbook(tmp_path / "某区.xlsx", sending, rosters._rows(sending, Writer(people), mess.Truth()))
    sheet = load_workbook(tmp_path / "某区.xlsx").active
    assert [str(merged) for merged in sheet.merged_cells.ranges][-1].endswith("2")
    assert [cell.value for cell in sheet[2]][:3] == ["姓名", "性别", "民族"]


def test_the_truth_counts_refused_rows(tmp_path: Path) -> None:
    _files, truth = write(tmp_path, sample.people(6000))
    refused = sum(truth.flaws.get(flaw.name, 0) for flaw in (*mess.FLAWS, rosters.TWICE) if flaw.refused)
    assert sum(truth.refused.values()) == refused > 50
    assert {"old_card", "full_width", "blanks", "claimed", "no_birthday"} <= truth.flaws.keys()


@pytest.mark.parametrize("flaw", mess.FLAWS, ids=lambda flaw: flaw.name)
def test_a_flaw_changes_the_row_or_says_that_it_cannot(flaw: mess.Flaw) -> None:
    before = clean_row()
    after = dict(before)
    assert flaw.spoil(after, 7) == (after != before)


@pytest.mark.parametrize("name", ["wrong_checksum", "swapped_digits", "too_short", "lost_digits"])
def test_a_spoiled_number_is_refused(name: str) -> None:
    flaw = next(flaw for flaw in mess.FLAWS if flaw.name == name)
    for n in range(11):
        row = clean_row()
        assert flaw.spoil(row, n)
        with pytest.raises(identifiers.Refused):
            identifiers.resident_id(row["id_number"], today=sample.TODAY)


@pytest.mark.parametrize("name", ["old_card", "full_width", "blanks", "small_x"])
def test_a_number_written_otherwise_is_still_read(name: str) -> None:
    flaw = next(flaw for flaw in mess.FLAWS if flaw.name == name)
    row = clean_row()
    right = row["id_number"]
    flaw.spoil(row, 1)
    assert identifiers.resident_id(row["id_number"], today=sample.TODAY).number == right


def test_there_are_six_ways_to_write_a_date() -> None:
    day = sample.TODAY
    assert len({str(type(style(day))) + str(style(day)) for style in mess.DATE_STYLES}) == 6


def test_at_most_one_flaw_falls_on_a_row() -> None:
    assert sum(flaw.share for flaw in mess.FLAWS) < 0.2
    assert mess.flaw_of(0.0) is mess.FLAWS[0]
    assert mess.flaw_of(0.99) is None


def test_the_same_people_give_the_same_rosters(tmp_path: Path) -> None:
    people = sample.people(600)
    first, truth = write(tmp_path / "a", people)
    second, again = write(tmp_path / "b", people)
    assert truth == again
    assert [f.path.read_bytes() for f in first if f.path.suffix == ".csv"] == [
        f.path.read_bytes() for f in second if f.path.suffix == ".csv"
    ]
