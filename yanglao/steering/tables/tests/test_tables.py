"""Tables filled by registers: counted for a day, filled in, closed, corrected."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal
from fractions import Fraction
from typing import Any

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from tests.harness.house import House
from yanglao.kernel.accounts.actor import Actor, Forbidden
from yanglao.kernel.packs import Pack
from yanglao.kernel.rooms import house as rooms
from yanglao.kernel.scope import entered, everything
from yanglao.steering.tables import actions, counting, queries
from yanglao.steering.tables.models import Number, Sheet
from yanglao.steering.tables.schema import TableFile, tables

SYSTEM = Actor.system("test")
DAY, BEFORE = dt.date(2026, 10, 31), dt.date(2026, 9, 30)
STAFF = {
    "workforce.staff": 30,
    "workforce.carers": 20,
    "workforce.managers": 3,
    "workforce.medical_staff": 4,
    "workforce.social_workers": 2,
    "workforce.carers_certified": 15,
    "workforce.carers_level_5": 6,
    "workforce.carers_level_4": 4,
    "workforce.carers_level_3": 2,
    "workforce.carers_level_2": 1,
    "workforce.carers_level_1": 0,
    "workforce.assessors": 5,
}

pytestmark = pytest.mark.django_db


def counted(house: House, on: dt.date = DAY, **changed: int) -> None:
    """Staff of the village's street, and what lies above it."""
    numbers = {**STAFF, **{name.replace("__", "."): n for name, n in changed.items()}}
    places = (house.city, house.county, house.street)
    counts = {name: dict.fromkeys(places, Fraction(n)) for name, n in numbers.items()}
    actions.keep(SYSTEM, on=on, counts=counts)


def close(house: House, actor: Actor, place: int, *, remark: str = "", volunteers: int | None = 9) -> Sheet:
    typed = {"5": None if volunteers is None else Decimal(volunteers)}
    return actions.fill(
        actor, table="tables-staff", division=place, on=DAY, typed=typed, remark=remark, close=True
    )


def test_every_table_of_the_standards_counts_what_rooms_offer() -> None:
    assert len(tables()) >= 7
    names = {name for table in tables().values() for name in table.measures}
    assert names <= rooms().measures.keys()


def test_counting_agrees_with_the_measure_at_every_level(house: House) -> None:
    """A measure is rolled up from the places it knows to their street, county and city."""
    from yanglao.registers.people.tests.sample import somebody

    for n in range(3):
        somebody(n, place=house.village)
    counting.count(SYSTEM, on=DAY, measures={"people.older_60", "nobody.offers_this"})
    with everything("a test looks at all places"):
        found = dict(Number.objects.values_list("division_id", "number"))
    assert {house.street: 3, house.county: 3, house.city: 3}.items() <= found.items()
    assert counting.count(SYSTEM, on=DAY, measures={"people.older_60"}) == len(found)
    with everything("a test looks at all places"):
        assert dict(Number.objects.values_list("division_id", "number")) == found


def test_a_closed_table_keeps_its_numbers_when_the_register_changes(house: House) -> None:
    counted(house)
    officer = house.actor("city_officer", house.city)
    with entered(officer):
        sheet = close(house, officer, house.city)
        assert (sheet.version, sheet.state) == (1, Sheet.CLOSED)
    counted(house, workforce__staff=31)
    with entered(officer):
        view = queries.view(tables()["tables-staff"], house.city, DAY)
        assert view.lines[0].figure.number == 30
        again = close(house, officer, house.city)
        assert again.version == 2
        assert queries.view(tables()["tables-staff"], house.city, DAY).lines[0].figure.number == 31
        assert [s.version for s in queries.versions(tables()["tables-staff"], house.city, DAY)] == [2, 1]


def test_it_is_not_closed_while_a_row_is_open(house: House) -> None:
    counted(house)
    officer = house.actor("city_officer", house.city)
    with entered(officer), pytest.raises(ValidationError, match="5 养老服务志愿者"):
        close(house, officer, house.city, volunteers=None)
    with everything("a test looks"):
        assert not Sheet.objects.exists()


def test_a_broken_relation_must_be_explained(house: House) -> None:
    counted(house, workforce__carers_certified=99)
    officer = house.actor("city_officer", house.city)
    with entered(officer):
        with pytest.raises(ValidationError, match=r"1\.1 ≥ 2"):
            close(house, officer, house.city)
        sheet = close(house, officer, house.city, remark="有证但已转岗的人未及时登记")
        view = queries.view(tables()["tables-staff"], house.city, DAY)
    assert sheet.state == Sheet.CLOSED
    assert [str(each.check) for each in view.broken] == ["1.1 ≥ 2"]


def test_only_rows_no_register_knows_can_be_typed(house: House) -> None:
    counted(house)
    officer = house.actor("city_officer", house.city)
    with entered(officer), pytest.raises(ValidationError, match="不是填报项"):
        actions.fill(officer, table="tables-staff", division=house.city, on=DAY, typed={"1": Decimal(1)})


def test_a_district_sees_and_fills_its_own_table_only(house: House) -> None:
    counted(house)
    owner = house.actor("district_officer", house.county)
    outsider = house.actor("district_officer", house.other_county)
    with entered(owner):
        assert close(house, owner, house.county).division_id == house.county
        assert queries.visible(house.county)
        assert not queries.visible(house.city)
    with entered(outsider):
        assert not queries.visible(house.county)
        assert queries.sheet_of(tables()["tables-staff"], house.county, DAY) is None
        with pytest.raises(Forbidden):
            close(house, outsider, house.county)


def test_change_is_told_against_the_last_day_counted(house: House) -> None:
    counted(house, on=BEFORE, workforce__staff=25)
    counted(house)
    with entered(house.actor("city_officer", house.city)):
        view = queries.view(tables()["tables-staff"], house.city, DAY)
    assert (view.before, view.lines[0].before, view.lines[0].change) == (BEFORE, 25, 5)


def test_the_workbook_holds_the_table_and_the_places_side_by_side(house: House, client: Client) -> None:
    counted(house)
    client.force_login(house.user("city_officer", house.city))
    answer = client.get(reverse("tables:workbook", args=["tables-staff"]))
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    own, beside = book.worksheets
    rows: list[list[Any]] = [[cell.value for cell in row] for row in own.iter_rows(min_row=4)]
    assert rows[0][:4] == ["行次", "项目", "计量单位", "本期"]
    assert rows[1][3] == 30
    assert rows[-1][0].startswith("单位负责人")
    assert [cell.value for cell in beside[5]][3] == 30


def test_the_pages_of_a_table(house: House, client: Client) -> None:
    counted(house)
    client.force_login(house.user("city_officer", house.city))
    fill = reverse("tables:fill", args=["tables-staff"])
    refused = client.post(fill, {"do": "close", "remark": ""})
    assert refused.status_code == 422
    assert "还有没有数的行" in refused.content.decode()
    done = client.post(fill, {"do": "close", "5": "12", "remark": ""}, follow=True)
    assert "第 1 版已定稿" in done.content.decode()
    aside = client.get(reverse("tables:table", args=["tables-staff"]), {"by": "place"})
    assert aside.status_code == 200
    with everything("a test looks"):
        assert Sheet.objects.get().typed == {"5": "12"}


def test_side_by_side_asks_as_often_for_many_places_as_for_one(
    house: House, django_assert_num_queries: Any
) -> None:
    from yanglao.kernel.divisions.models import Division

    counted(house)
    everywhere = list(Division.objects.order_by("code"))
    with entered(house.actor("city_officer", house.city)):
        for places in (everywhere[:1], everywhere):
            with django_assert_num_queries(3):
                assert len(queries.by_place(tables()["tables-staff"], places, DAY)) == len(places)


def test_a_day_that_has_not_come_is_not_counted(house: House) -> None:
    with pytest.raises(ValidationError, match="不能晚于今天"):
        actions.count_later(house.actor("city_officer", house.city), on=dt.date(2999, 1, 1))


BODY: dict[str, Any] = {
    "id": "tables-test",
    "version": "1",
    "name": "测试表",
    "name_en": "Test",
    "valid_from": "2026-01-01",
    "period": "year",
    "owner": "养老科",
    "review_on": "2027-01-01",
}


@pytest.mark.parametrize(
    ("items", "checks", "words"),
    [
        ([{"code": "1", "count": "a.b"}, {"code": "1"}], [], "行号重复"),
        ([{"code": "1", "count": "a.b * 2"}], [], "登记簿.度量"),
        ([{"code": "1", "count": "a.b", "share": ["2", "2"]}, {"code": "2"}], [], "只能写一个"),
        ([{"code": "1"}], ["1 = 2"], "没有这些行"),
        ([{"code": "1"}], ["1 is 1"], "审核关系"),
        ([{"code": "1", "share": ["2", "2"]}, {"code": "2"}], ["1 = 2"], "占比行"),
    ],
)
def test_a_table_that_cannot_be_is_refused(
    items: list[dict[str, Any]], checks: list[str], words: str
) -> None:
    named = [{"name": "行", "name_en": "row", "unit": "人", **item} for item in items]
    with pytest.raises(ValueError, match=words):
        TableFile.model_validate({**BODY, "items": named, "checks": checks})


def test_a_measure_nobody_offers_is_a_problem_of_the_file() -> None:
    from yanglao.steering.tables import packs

    item = {"code": "1", "name": "行", "name_en": "row", "unit": "人", "count": "people.unheard_of"}
    model = TableFile.model_validate({**BODY, "items": [item]})

    class File:
        def __init__(self) -> None:
            self.model = model

        def problem(self, where: Any, what: str, how: str) -> str:
            return what

    pack: Any = Pack
    files: Any = [File()]
    problems: list[Any] = list(packs.check(pack, files))
    assert problems == ["没有登记簿提供“people.unheard_of”"]
