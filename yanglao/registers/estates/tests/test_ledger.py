"""The ledger: what is owed, what came of it, and what is refused."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.harness.house import House
from yanglao.kernel.accounts.actor import Forbidden
from yanglao.kernel.scope import entered, everything
from yanglao.registers.estates import actions, queries
from yanglao.registers.estates.ledger_import import LEDGER
from yanglao.registers.estates.measures import MEASURES
from yanglao.registers.estates.models import Estate, Premises, Share
from yanglao.registers.estates.tests.sample import FLOW, SIGNED, SYSTEM, estate, norm, premises
from yanglao.shell.imports.actions import begin_undo
from yanglao.shell.imports.flow import import_now

pytestmark = pytest.mark.usefixtures("house")
TODAY = dt.date(2026, 1, 2)
NUMBERS = {measure.name: measure for measure in MEASURES}


def row(of: Estate):
    with everything("test"):
        return queries.ledger().get(pk=of.pk)


def test_an_estate_owes_by_the_rule_of_its_day():
    norm(valid_from=dt.date(2000, 1, 1), per_100_households=Decimal(15), minimum=Decimal(0))
    norm(valid_from=dt.date(2023, 1, 1))
    assert estate("旧花园", decided_on=dt.date(2022, 12, 31)).required_area == 225
    assert estate("新花园", decided_on=dt.date(2023, 1, 1)).required_area == 450


def test_without_a_rule_nothing_is_claimed():
    assert estate().required_area is None
    assert queries.standing(row(estate("无标准")), TODAY) == "unknown"


def test_only_what_was_handed_over_counts():
    norm()
    owner = estate()
    premises(owner, 450, upto="accepted")
    assert queries.standing(row(owner), TODAY) == "late"
    other = estate("第二花园")
    premises(other, 450, upto="handed_over")
    assert queries.standing(row(other), TODAY) == "met"


def test_a_past_day_is_counted_as_it_was():
    norm()
    premises(estate(), 450, upto="used")
    with everything("test"):
        before, after = FLOW["handed_over"] - dt.timedelta(days=1), FLOW["handed_over"]
        assert NUMBERS["estates.new_met"].count(before) == {}
        assert sum(NUMBERS["estates.new_met"].count(after).values()) == 1
        assert sum(NUMBERS["estates.area_owed"].count(after).values()) == 450
        assert sum(NUMBERS["estates.area_used"].count(after).values()) == 0
        assert sum(NUMBERS["estates.area_used"].count(FLOW["used"]).values()) == 450


def test_stages_come_in_turn_and_are_signed(house: House):
    made = premises(estate())
    worker = house.actor("street_worker", house.street)
    with entered(worker):
        with pytest.raises(ValidationError, match="依次"):
            actions.reach(worker, made, stage="accepted", on=dt.date(2024, 3, 1), **SIGNED)
        actions.reach(worker, made, stage="delivered", on=dt.date(2024, 3, 1), department="建设单位")
        with pytest.raises(ValidationError, match="早于"):
            actions.reach(worker, made, stage="accepted", on=dt.date(2024, 2, 1), **SIGNED)
        actions.reach(worker, made, stage="accepted", on=dt.date(2024, 3, 1), **SIGNED)
        with pytest.raises(ValidationError, match="姓名和职务"):
            actions.reach(worker, made, stage="handed_over", on=dt.date(2024, 3, 2), department="民政局")
        with pytest.raises(ValidationError, match="今天之后"):
            actions.reach(
                worker, made, stage="handed_over", on=timezone.localdate() + dt.timedelta(days=1), **SIGNED
            )
        actions.step_back(worker, made, reason="登错")
        made.refresh_from_db()
        assert made.stage == "delivered"


def test_an_outsider_changes_nothing(house: House):
    made = estate()
    stranger = house.actor("street_worker", house.other_street)
    with entered(stranger):
        assert not Estate.objects.exists()
        with pytest.raises(Forbidden):
            actions.correct(stranger, made, households=1)
    leader = house.actor("city_leader")
    with entered(leader):
        assert Estate.objects.count() == 1
        with pytest.raises(Forbidden):
            actions.correct(leader, made, households=1)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tries=st.lists(st.tuples(st.integers(0, 2), st.integers(0, 400)), min_size=1, max_size=12))
def test_no_more_is_shared_out_than_there_is(house: House, tries: list[tuple[int, int]]):
    with everything("test"):
        Share.objects.all().delete()
        Premises.objects.all().delete()
        Estate.objects.all().delete()
        owners = [estate(f"{n}号花园") for n in range(3)]
        made = premises(owners[0], 400)
        for which, area in tries:
            try:
                actions.share(SYSTEM, made, estate=owners[which], area=Decimal(area))
            except ValidationError:
                taken = sum(s.area for s in made.shares.exclude(estate=owners[which]))
                assert taken + area > 400
            assert sum(s.area for s in made.shares.all()) <= 400


def test_the_filter_counts_what_the_page_shows(house: House):
    norm()
    for n, (area, upto) in enumerate([(450, "used"), (450, "accepted"), (450, ""), (100, "used"), (0, "")]):
        owner = estate(f"{n}号花园", completed_on=None if n == 2 else dt.date(2024, 1, 1))
        if area:
            premises(owner, area, upto=upto)
    estate("老小区", kind="existing")
    with everything("test"):
        rows = list(queries.ledger().order_by("id"))
        for state in ("unknown", "met", "late", "planned", "short"):
            shown = {r.pk for r in rows if queries.standing(r, TODAY) == state}
            assert (
                set(queries.ledger().filter(queries.in_state(state, TODAY)).values_list("pk", flat=True))
                == shown
            )
        totals = queries.totals(queries.ledger(), TODAY)
        assert (totals.estates, totals.met) == (6, 1)


def test_a_plan_ends_with_premises_that_were_handed_over():
    with everything("test"):
        owner = estate(kind="existing")
        plan = actions.plan(
            SYSTEM, owner, way="buy", area=Decimal(100), due_on=TODAY, responsible="街道办事处"
        )
        waiting = premises(owner, 100, upto="accepted")
        with pytest.raises(ValidationError, match="还没有移交"):
            actions.fulfil(SYSTEM, plan, premises=waiting, on=TODAY)
        other = premises(estate("别的小区"), 100, upto="handed_over")
        with pytest.raises(ValidationError, match="没有分摊"):
            actions.fulfil(SYSTEM, plan, premises=other, on=TODAY)
        actions.reach(SYSTEM, waiting, stage="handed_over", on=dt.date(2024, 5, 1), **SIGNED)
        actions.fulfil(SYSTEM, plan, premises=waiting, on=TODAY)
        with pytest.raises(ValidationError, match="已经完成"):
            actions.drop_plan(SYSTEM, plan, reason="不做了")


def test_new_rules_are_reckoned_into_every_estate():
    from yanglao.registers.estates.packs import EstatesFile

    made = estate()
    file = EstatesFile.model_validate(
        {
            "norms": [
                {
                    "kind": "new",
                    "valid_from": "2020-01-01",
                    "per_100_households": 40,
                    "source": {"title": "办法"},
                }
            ]
        }
    )
    actions.set_norms(SYSTEM, division=330200000000, norms=file.norms)
    assert row(made).required_area == 600


def test_the_list_costs_the_same_for_ten_times_the_rows(house: House, client_for, assert_same_queries):
    norm()
    client = client_for("district_officer", house.county)
    premises(estate(), upto="used")

    def grow() -> None:
        for n in range(10):
            premises(estate(f"{n}号花园"), upto="used")

    assert_same_queries(lambda: client.get(reverse("estates:list")), grow, at_most=20)


def book(path: Path, *rows: dict[str, object]) -> Path:
    made = openpyxl.Workbook()
    titles = [column.title for column in LEDGER.columns]
    made.active.append(titles)
    for each in rows:
        made.active.append([each.get(title) for title in titles])
    made.save(path)
    return path


GOOD = {
    "小区名称": "月湖府", "所在区划": "海曙区 南门街道 万安社区", "类型": "新建小区", "户数": 1500,
    "规划条件日期": "2022-05-01", "竣工日期": "2024-01-01", "用房位置": "1号楼", "建筑面积（㎡）": 450,
    "建成交付日期": "2024-02-01", "验收合格日期": "2024-03-01", "办理移交日期": "2024-04-01",
}  # fmt: skip


def test_the_ledger_comes_in_from_a_workbook_and_can_be_taken_back(house: House, tmp_path: Path):
    norm()
    officer = house.actor("district_officer", house.county)
    second = {**GOOD, "用房位置": "2号楼", "建筑面积（㎡）": 50}
    with entered(officer):
        batch = import_now(officer, LEDGER, book(tmp_path / "a.xlsx", GOOD, second), division=house.county)
        assert batch.state == "committed", batch.report
        found = queries.ledger().get()
        assert (found.handed_over, found.required_area) == (500, 450)
        begin_undo(officer, batch)
        assert not Estate.objects.exists()
        assert not Premises.objects.exists()


def test_every_mistake_of_a_workbook_is_told_at_once(house: House, tmp_path: Path):
    officer = house.actor("district_officer", house.county)
    estate("月湖府")
    rows = [
        GOOD,
        {**GOOD, "小区名称": "甲苑", "建筑面积（㎡）": None},
        {**GOOD, "小区名称": "乙苑", "验收合格日期": None},
        {**GOOD, "小区名称": "丙苑", "竣工日期": "2021-01-01"},
        {**GOOD, "小区名称": "丁苑"},
        {**GOOD, "小区名称": "丁苑", "户数": 1600},
        {**GOOD, "小区名称": "戊苑", "所在区划": "江北区 中马街道 外马社区"},
        {**GOOD, "小区名称": "己苑", "建筑面积（㎡）": "很大"},
    ]
    with entered(officer):
        batch = import_now(officer, LEDGER, book(tmp_path / "a.xlsx", *rows), division=house.county)
    assert batch.state == "checked"
    assert batch.error_rows == 7
