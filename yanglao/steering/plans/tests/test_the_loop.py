"""The month's loop: parts handed over, submitted, reviewed, given back, corrected; reminded before and after."""
# i18n: data

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from yanglao.kernel.accounts.actor import Actor, Forbidden
from yanglao.kernel.scope import entered, everything
from yanglao.steering.indicators import queries as values
from yanglao.steering.plans import actions, queries
from yanglao.steering.plans.actions.reviewing import kind_of
from yanglao.steering.plans.models import Reminder, Return, ReturnFile
from yanglao.steering.plans.tests import make

JUNE, JULY = date(2021, 6, 1), date(2021, 7, 1)
ADDRESS = "/plans/city-2021/returns/{}/{}?month=2021-06"


def value(place, month=JUNE):
    with everything("test"):
        found = values.series("trained", place, date(2020, 1, 1), month)
    return found[-1].value if found else None


def send(actor, plan, division, number, month=JUNE, **more):
    numbers = {"trained": (Decimal(number), None)}
    with entered(actor):
        return actions.fill(
            actor, plan=plan, division=division, month=month, numbers=numbers, submit=True, **more
        )


@pytest.fixture
def district(house):
    return house.actor("district_officer", house.county)


@pytest.fixture
def manager(house):
    return house.actor("city_officer", house.city)


def test_what_is_given_back_no_longer_counts_until_it_is_mended(house, plan, district, manager, system):
    send(house.actor("district_officer", house.other_county), plan, house.other_county, 100)
    first = send(district, plan, house.county, 300)
    assert value(house.city) == 400
    with entered(manager):
        actions.give_back(manager, report=first, reason="与台账不符")
    assert value(house.county) is None
    assert value(house.city) == 100
    second = send(district, plan, house.county, 250)
    assert (second.version, first.state) == (2, Return.RETURNED)
    assert value(house.city) == 350
    with entered(manager):
        actions.accept(manager, report=second)
    assert second.state == Return.ACCEPTED
    assert value(house.city) == 350


def test_a_correction_given_back_lets_the_version_before_count_again(house, plan, district, manager):
    first = send(district, plan, house.county, 300)
    with entered(manager):
        actions.accept(manager, report=first)
    second = send(district, plan, house.county, 500, correction="漏报")
    assert value(house.city) == 500
    with entered(manager):
        actions.give_back(manager, report=second, reason="没有佐证")
    assert value(house.city) == 300


def test_a_correction_of_an_accepted_return_needs_its_reason(house, plan, district, manager):
    first = send(district, plan, house.county, 300)
    with entered(manager):
        actions.accept(manager, report=first)
    with pytest.raises(ValidationError, match="更正要写明原因"):
        send(district, plan, house.county, 310)
    assert value(house.city) == 300


def test_nobody_reviews_his_own_return_or_gives_one_back_without_a_reason(house, plan, district, manager):
    own = send(manager, plan, house.county, 300)
    with entered(manager), pytest.raises(ValidationError, match="不能审核自己"):
        actions.accept(manager, report=own)
    theirs = send(district, plan, house.county, 320)
    with entered(manager), pytest.raises(ValidationError, match="写明原因"):
        actions.give_back(manager, report=theirs, reason=" ")
    with entered(district), pytest.raises(Forbidden):
        actions.accept(district, report=theirs)
    with entered(manager):
        actions.accept(manager, report=theirs)
        with pytest.raises(ValidationError, match="尚未审核"):
            actions.accept(manager, report=theirs)


def test_a_number_left_out_of_a_correction_no_longer_counts(house, plan, district):
    send(district, plan, house.county, 300)
    with entered(district):
        actions.fill(
            district,
            plan=plan,
            division=house.county,
            month=JUNE,
            numbers={"kitchens": (Decimal(3), Decimal(4))},
            submit=True,
        )
    assert value(house.county) is None


def test_a_cumulative_number_that_falls_must_be_explained(house, plan, district):
    send(district, plan, house.county, 300)
    with pytest.raises(ValidationError, match="累计数比上次上报的少"):
        send(district, plan, house.county, 200, JULY)
    send(district, plan, house.county, 200, JULY, remarks={"trained": "重复计数已剔除"})
    assert value(house.city, JULY) == 200


def test_a_colleague_answers_his_part_and_the_unit_submits_the_whole(house, plan, district):
    colleague = house.user("city_officer", house.county)
    hers = Actor.of(colleague, "page")
    with entered(district):
        report = actions.hand_over(
            district, plan=plan, division=house.county, month=JUNE, keys=["trained"], to=colleague
        )
        with pytest.raises(ValidationError, match="还没有填好"):
            send(district, plan, house.county, 1)
    with entered(hers):
        assert [part.target.key for part in queries.parts_for(hers)] == ["trained"]
        with pytest.raises(ValidationError, match="没有交办给您"):
            actions.answer_part(hers, report=report, numbers={"kitchens": (Decimal(1), Decimal(2))})
        actions.answer_part(hers, report=report, numbers={"trained": (Decimal(77), None)})
        assert queries.parts_for(hers) == []
    with entered(district):
        assert queries.last_numbers(plan, house.county, JUNE)["trained"] == (Decimal(77), None)
    send(district, plan, house.county, 77)
    assert value(house.city) == 77


def test_a_part_goes_to_a_colleague_of_the_same_office_only(house, plan, district):
    stranger = house.user("district_officer", house.other_county)
    with entered(district), pytest.raises(ValidationError, match="不能交办"):
        actions.hand_over(
            district, plan=plan, division=house.county, month=JUNE, keys=["trained"], to=stranger
        )


def test_a_department_reports_its_own_targets_and_no_others(house, plan, manager):
    target = plan.targets.get(key="committee")
    target.department = "卫健委"
    target.save()
    assert [t.key for t in queries.asked(plan, house.city, "卫健委")] == ["committee"]
    assert queries.asked(plan, house.city) == []
    units = {(unit.division.code, unit.department) for unit in queries.reporting(plan, JUNE)}
    assert (house.city, "卫健委") in units
    district = house.actor("district_officer", house.county)
    assert not queries.may_report(district, plan, house.city, "卫健委")
    assert queries.may_report(manager, plan, house.city, "卫健委")
    send_all = {"committee": (Decimal(1), None)}
    with entered(manager):
        actions.fill(
            manager,
            plan=plan,
            division=house.city,
            month=JUNE,
            numbers=send_all,
            submit=True,
            department="卫健委",
        )
    with everything("test"):
        assert values.series("committee", house.city, JUNE, JUNE)[-1].value == 1


@pytest.mark.parametrize(
    ("day", "left", "kind"), [(1, 13, "opened"), (16, 3, "soon"), (20, 0, "due"), (21, 0, "late")]
)
def test_the_day_decides_the_reminder(day, left, kind):
    assert kind_of(date(2021, 6, day), date(2021, 6, 20), left) == kind


def test_reminders_go_once_and_only_to_who_has_not_reported(house, plan, district, system):
    send(district, plan, house.county, 300)
    assert actions.send_reminders(system, on=date(2021, 6, 21)) == 2  # the other county and the city
    assert actions.send_reminders(system, on=date(2021, 6, 22)) == 0
    late = Reminder.objects.filter(kind="late").order_by("division_id")
    assert [one.division_id for one in late] == [house.city, house.other_county]


def test_a_manager_reminds_by_hand_once_a_day(house, plan, manager):
    with entered(manager):
        units = [(house.county, ""), (house.other_county, "")]
        assert actions.remind(manager, plan=plan, month=JUNE, units=units) == 2
        assert actions.remind(manager, plan=plan, month=JUNE, units=units) == 0


# --- pages ---------------------------------------------------------------------------------------------------


def test_the_table_goes_out_and_comes_back_as_a_draft(house, plan):
    client = house.client("district_officer", house.county)
    book = openpyxl.load_workbook(io.BytesIO(client.get(ADDRESS.format(house.county, "table/")).content))
    sheet = book.active
    rows = {sheet.cell(row, 1).value: row for row in range(3, sheet.max_row + 1)}
    sheet.cell(rows["trained"], 6).value = 420
    answer = client.post(ADDRESS.format(house.county, "table/"), {"file": _file(book)}, follow=True)
    assert "已读入 1 项" in answer.content.decode()
    with everything("test"):
        report = Return.objects.get()
        assert (report.state, report.lines.get().numerator) == (Return.DRAFT, 420)


def test_errors_come_back_marked_in_the_users_own_file(house, plan):
    client = house.client("district_officer", house.county)
    book = openpyxl.load_workbook(io.BytesIO(client.get(ADDRESS.format(house.county, "table/")).content))
    sheet = book.active
    rows = {sheet.cell(row, 1).value: row for row in range(3, sheet.max_row + 1)}
    sheet.cell(rows["trained"], 6).value = "很多"
    sheet.cell(rows["kitchens"], 6).value = 9
    sheet.cell(rows["kitchens"], 7).value = 8
    answer = client.post(ADDRESS.format(house.county, "table/"), {"file": _file(book)})
    marked = openpyxl.load_workbook(io.BytesIO(answer.content))
    words = " ".join(str(cell.value) for row in marked["月报"].iter_rows() for cell in row if cell.value)
    assert "很多" in words
    assert "分子大于分母" in words
    with everything("test"):
        assert not Return.objects.exists()


def _file(book):
    made = io.BytesIO()
    book.save(made)
    return SimpleUploadedFile("月报.xlsx", made.getvalue())


def test_evidence_is_added_opened_and_locked(house, plan):
    client = house.client("district_officer", house.county)
    pdf = SimpleUploadedFile("证明.pdf", b"%PDF-1.4 test")
    client.post(ADDRESS.format(house.county, "files/"), {"file": pdf, "key": "trained"})
    with everything("test"):
        kept = ReturnFile.objects.get()
    answer = client.get(f"/plans/city-2021/files/{kept.pk}/")
    assert b"".join(answer.streaming_content) == b"%PDF-1.4 test"
    outsider = house.client("district_officer", house.other_county)
    assert outsider.get(f"/plans/city-2021/files/{kept.pk}/").status_code == 404
    client.post(ADDRESS.format(house.county, ""), {"n-trained": "3", "remark": "", "do": "submit"})
    answer = client.post(f"/plans/city-2021/files/{kept.pk}/remove/", follow=True)
    assert "锁定" in answer.content.decode()


def test_the_manager_reviews_on_a_page(house, plan, district):
    send(district, plan, house.county, 300)
    client = house.client("city_officer", house.city)
    page = client.get(ADDRESS.format(house.county, "review/"))
    assert page.status_code == 200
    refused = client.post(ADDRESS.format(house.county, "review/"), {"do": "give_back", "reason": ""})
    assert refused.status_code == 422
    client.post(ADDRESS.format(house.county, "review/"), {"do": "give_back", "reason": "请补佐证"})
    mine = house.client("district_officer", house.county).get(ADDRESS.format(house.county, ""))
    assert "请补佐证" in mine.content.decode()
    outsider = house.client("district_officer", house.other_county)
    assert outsider.get(ADDRESS.format(house.county, "review/")).status_code == 404


def test_the_form_shows_what_registers_already_count(house, plan, registers, system):
    from yanglao.steering.indicators import actions as indicators

    registers["test.beds"] = {house.village: 37}
    indicators.compute(system, months=[JUNE])
    page = house.client("district_officer", house.county).get(ADDRESS.format(house.county, ""))
    assert "登记簿已算好" in page.content.decode()
    assert "37" in page.content.decode()


def test_the_return_page_asks_as_many_queries_for_ten_units_as_for_two(house, plan, assert_same_queries):
    client = house.client("city_officer", house.city)
    address = "/plans/city-2021/returns/?month=2021-06"
    assert_same_queries(
        lambda: client.get(address),
        lambda: (
            [make.row("beds") for _n in range(1)]
            and send(house.actor("district_officer", house.county), plan, house.county, 3)
        ),
        at_most=40,
    )
