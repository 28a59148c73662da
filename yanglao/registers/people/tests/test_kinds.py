from pathlib import Path

import pytest
import yaml
from django.conf import settings
from django.utils.translation import override

from yanglao.registers.people.kinds import WrongKinds, kinds, load

FILE = Path(settings.STANDARDS) / "circumstances.yaml"


def changed(tmp_path: Path, change: object) -> Path:
    data = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    change(data)  # type: ignore[operator]
    path = tmp_path / "circumstances.yaml"
    path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    return path


def test_every_kind_says_where_it_comes_from_in_both_languages() -> None:
    for kind in kinds().values():
        assert kind.source
        assert kind.confidence
        with override("en"):
            assert str(kind).isascii()
            assert all(kind.name_of(v).isascii() for v in kind.values)


def test_rosters_words_lead_to_values() -> None:
    words = kinds()["economic"].words
    assert (words["低保户"], words["低边"], words["五保"]) == ("dibao", "dibao_edge", "wubao")
    assert kinds()["disability"].words["肢体一级"] == "limb:1"


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d["kinds"].append(d["kinds"][0]),
        lambda d: d["kinds"].pop(0),
        lambda d: d["kinds"][2].update(form="text"),
        lambda d: d["kinds"][2].update(confidence="sure"),
        lambda d: d["kinds"][2].update(colour="red"),
        lambda d: d["kinds"][2]["values"]["moved_out"].update(words=["失联"]),
    ],
)
def test_it_refuses_a_wrong_file(tmp_path: Path, change: object) -> None:
    with pytest.raises(WrongKinds):
        load(changed(tmp_path, change))


def test_it_names_the_place_that_is_wrong(tmp_path: Path) -> None:
    with pytest.raises(WrongKinds, match=r"kinds\.2\.label"):
        load(changed(tmp_path, lambda d: d["kinds"][2].pop("label")))
