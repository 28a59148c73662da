"""Maps, tiles and curves: classes hold every value, tiles every place, and an outline stays within its paper."""
# i18n: data

from __future__ import annotations

import datetime as dt
import io
import re
from itertools import pairwise

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.divisions.models import Division
from yanglao.registers.people.tests.sample import somebody
from yanglao.steering.indicators import actions, drawing
from yanglao.steering.indicators.schema import IndicatorFile


@given(st.lists(st.integers(0, 50).map(float), min_size=1, max_size=40))
def test_every_value_has_one_class_and_equal_values_the_same(values: list[float]) -> None:
    classes = drawing.steps(values)
    assert 1 <= len(classes) <= 5
    assert all(1 <= drawing.tone_of(value, classes) <= 5 for value in values)
    assert all(one.high < other.low for one, other in pairwise(classes))
    assert [one.tone for one in classes] == sorted({one.tone for one in classes})


@given(st.lists(st.tuples(st.floats(118, 123), st.floats(28, 31)), min_size=1, max_size=40))
def test_every_place_has_its_own_tile(points: list[tuple[float, float]]) -> None:
    picture = drawing.tiles(dict(enumerate(points)))
    assert {shape.code for shape in picture.shapes} == set(range(len(points)))
    assert len({(shape.x, shape.y) for shape in picture.shapes}) == len(points)
    assert all(0 < shape.x < picture.width and 0 < shape.y < picture.height for shape in picture.shapes)


def test_the_north_is_above_and_the_west_on_the_left() -> None:
    corners = {1: (120.0, 30.0), 2: (121.0, 30.0), 3: (120.0, 29.0), 4: (121.0, 29.0)}
    at = {shape.code: (shape.x, shape.y) for shape in drawing.tiles({**corners}).shapes}
    assert at[1][0] < at[2][0]
    square = [[0, 0], [2, 0], [2, 2], [0, 2], [0, 0]]
    moved = [[x, y + 4] for x, y in square]
    picture = drawing.outlines(
        {8: {"type": "Polygon", "coordinates": [square]}, 9: {"type": "Polygon", "coordinates": [moved]}}
    )
    assert picture is not None
    at = {shape.code: (shape.x, shape.y) for shape in picture.shapes}
    assert at[9][1] < at[8][1]
    numbers = [float(n) for shape in picture.shapes for n in re.findall(r"[\d.]+", shape.path)]
    assert max(numbers) <= max(picture.width, picture.height)


def test_a_curve_leaves_out_the_months_without_a_number() -> None:
    assert drawing.curve([None, 0.0, None, 10.0], 0.0, 10.0).count("L") == 1


@pytest.mark.django_db
def test_the_page_has_map_curves_parts_and_a_workbook_of_all(house) -> None:
    county = Division.objects.get(pk=house.county)
    for n in range(1, 5):
        code = house.county + (90 + n) * 1000
        Division.objects.update_or_create(
            code=code, defaults={"name": f"第{n}街道", "level": 4, "parent": county, "urban": True}
        )
        somebody(n, place=code)
    body = {
        "code": "elders",
        "name": "老年人",
        "name_en": "Elders",
        "words": "-",
        "unit": "人",
        "kind": "stock",
    }
    made = IndicatorFile.model_validate(
        {**body, "numerator": "people.older_60", "source": "-", "breakdowns": ["division", "sex", "age"]}
    )
    system = Actor.system("test")
    actions.load(system, definitions=[made])
    first = dt.date.today().replace(day=1)
    actions.compute(system, months=[(first - dt.timedelta(days=1)).replace(day=1), first])
    client = house.client("city_officer", house.city)
    page = client.get(f"/indicators/elders/?place={house.county}&by=age").content.decode()
    assert "map-tiles" in page
    assert f'href="?place={house.county + 91000}"' in page
    assert "同一刻度" in page
    assert "split=age:80-89" in page
    book = client.get(f"/indicators/elders/?place={house.county}&form=xlsx")
    sheets = openpyxl.load_workbook(io.BytesIO(book.content))
    assert sheets.sheetnames == ["口径", "各地", "逐月", "按性别", "按年龄段"]
    rows = list(sheets["各地"].iter_rows(values_only=True))
    assert sum(row[2] or 0 for row in rows[2:]) == rows[1][2] == 4
