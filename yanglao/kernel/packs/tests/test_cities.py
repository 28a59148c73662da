"""The city folders of the repository are right, every file of them."""

import pytest
from django.conf import settings

from yanglao.kernel.packs.checking import check

CITIES = sorted(path.parent.name for path in settings.CITIES.glob("*/city.yaml"))


@pytest.mark.parametrize("name", CITIES)
def test_the_folder_is_right(name: str) -> None:
    pack = check(settings.CITIES / name, "city")
    assert pack.of("city.yaml")[0].model.id == name
    assert pack.of("organisations.yaml")


def test_the_five_places_are_there() -> None:
    assert set(CITIES) >= {"changchun", "ganzhou", "leishan", "ningbo", "zhongxiang"}


def test_the_standards_are_right() -> None:
    assert check(settings.STANDARDS, "standard").kind == "standard"
