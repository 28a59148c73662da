"""What a result does elsewhere: policies, merging, deaths, who is due, the workbook of old results, quality."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from tests.harness.house import House
from yanglao.entitlement.assessment import actions, choosing, queries, results
from yanglao.entitlement.assessment.actions.sampling import drawn
from yanglao.entitlement.assessment.events import AbilityAssessed
from yanglao.entitlement.assessment.models import Assessment, Assignment, Request
from yanglao.entitlement.assessment.sheets import OLD_RESULTS
from yanglao.entitlement.assessment.tests import sample
from yanglao.entitlement.assessment.tests.sample import again, assessed, send
from yanglao.entitlement.benefits.offered import queries as benefits
from yanglao.entitlement.benefits.rules.months import Month
from yanglao.entitlement.catalogue import actions as lists
from yanglao.entitlement.catalogue.tests import sample as catalogue
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.rooms import events
from yanglao.kernel.scope import entered, everything
from yanglao.registers.people import actions as people
from yanglao.registers.people.queries import spells_known
from yanglao.registers.people.tests.sample import make, number, somebody
from yanglao.registers.workforce import actions as workforce
from yanglao.registers.workforce.tests import sample as workers
from yanglao.shell.imports import actions as imports
from yanglao.shell.imports.flow import import_now

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")


def level_of(person_id: int) -> list[tuple[str, dt.date, dt.date | None]]:
    return [(value, first, last) for _p, value, first, last in spells_known("ability", [person_id])]


def test_the_house_hears_of_a_result(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Any] = []
    monkeypatch.setattr(results, "publish", told.append)
    made = assessed(house, total=20)
    assert told == [AbilityAssessed(made.person_id, made.scale, 4, made.valid_from, made.valid_to)]
    assert isinstance(told[0], events.Event)


def test_a_policy_of_a_city_is_due_at_once(house: House) -> None:
    """Changchun's care subsidy names the scale and its levels; before the assessment it gives nothing."""
    text = (Path(settings.CITIES) / "changchun/policies/care-subsidy.yaml").read_text(encoding="utf-8")
    policies = benefits.own_policies({"care-subsidy.yaml": text})
    today = timezone.localdate()
    month = Month(today.year, today.month)
    person = make(1, hukou=220202001001)
    people.record(
        SYSTEM, person, kind="economic", value="dibao", valid_from=dt.date(2026, 1, 1), source="测试"
    )
    assert benefits.due_now(policies, month) == []
    made = assessed(house, 1, total=20)
    assert made.person_id == person.pk
    assert [(who, fen) for who, _place, fen in benefits.due_now(policies, month)] == [(person.pk, 10_000)]


def test_one_dead_is_not_assessed_and_what_was_planned_is_cancelled(house: House) -> None:
    assignment = sample.assigned(house)
    with everything("test"):
        person = somebody(1, place=house.village)
    people.report_death(SYSTEM, person, on=timezone.localdate(), source="测试")
    with everything("test"):
        assert Assignment.objects.get(pk=assignment.pk).state == "cancelled"
    assert "已取消" in send(assignment, assignment.first).message
    with pytest.raises(ValidationError, match="死亡"):
        sample.requested(house, 1)


def test_of_two_merged_files_the_later_result_holds(house: House) -> None:
    one, two = assessed(house, 1, 64), assessed(house, 2, 20)
    with everything("test"):
        Assessment.objects.filter(pk=one.pk).update(made_on=one.made_on - dt.timedelta(days=9))
        Request.objects.update(state="done")
        keep, drop = somebody(1), somebody(2)
        people.merge(SYSTEM, keep, drop, reason="同一人", choices={})
    assert (again(one.pk).state, again(two.pk).state) == ("replaced", "valid")
    assert again(two.pk).person_id == one.person_id


def put_apart(merge: Any) -> None:
    with everything("test"):
        people.unmerge(SYSTEM, merge, reason="不是同一人")


def merged(first: int, second: int) -> Any:
    with everything("test"):
        Request.objects.update(state="done")
        return people.merge(SYSTEM, somebody(first), somebody(second), reason="同一人", choices={})


def test_put_apart_each_has_his_own_result_again(house: House) -> None:
    one, two = assessed(house, 1, 64), assessed(house, 2, 20)
    with everything("test"):
        Assessment.objects.filter(pk=one.pk).update(made_on=one.made_on - dt.timedelta(days=9))
    merge = merged(1, 2)
    assert again(one.pk).state == "replaced"
    put_apart(merge)
    for was in (one, two):
        now = again(was.pk)
        assert (now.state, now.person_id, now.valid_to) == ("valid", was.person_id, was.valid_to)
        assert level_of(was.person_id) == [(f"{was.scale}:{was.level}", was.valid_from, was.valid_to)]
    assert queries.latest([one.person_id, two.person_id]).keys() == {one.person_id, two.person_id}


def test_put_apart_an_older_result_of_his_own_stays_replaced(house: House) -> None:
    before = assessed(house, 1, 64)
    with everything("test"):
        earlier = before.made_on - dt.timedelta(days=100)
        Assessment.objects.filter(pk=before.pk).update(made_on=earlier, valid_from=earlier)
        Request.objects.update(state="done")
    newer, other = assessed(house, 1, 40), assessed(house, 2, 20)
    merge = merged(1, 2)
    put_apart(merge)
    assert [again(row.pk).state for row in (before, newer, other)] == ["replaced", "valid", "valid"]


def test_who_agreed_on_his_list_to_be_assessed_has_asked(house: House) -> None:
    catalogue.ningbo(house)
    person = catalogue.person(5)
    lists.accept(SYSTEM, person, item=catalogue.item("ability-assessment"))
    with everything("test"):
        request = Request.objects.get(person=person)
    assert (request.by, request.why, request.state) == ("self", "first", "open")


def test_who_is_tied_to_the_home_or_not_qualified_is_not_sent(house: House) -> None:
    first, second = sample.team(house)
    person = somebody(1, place=house.village)
    found = {c.assessor.pk: c.why_not for c in choosing.choices(person.pk, house.village)}
    assert found == {first.pk: "", second.pk: ""}
    later = dt.date(2029, 1, 1)  # the certificates have ended
    assert all(c.why_not for c in choosing.choices(person.pk, house.village, on=later))
    assert not choosing.choices(person.pk, house.other_village)
    assert choosing.pair(choosing.choices(person.pk, house.village, without=[first.body_id])) is None


def test_an_assessor_who_works_at_the_home_does_not_assess_its_residents(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, _second = sample.team(house)
    at = workers.home(house)
    workforce.hire(
        workers.CLERK,
        first.worker,
        employer=at,
        post="nurse",
        starts=workers.SINCE,
        source="测试",
        full_time=False,
    )
    monkeypatch.setattr(choosing, "place_of", lambda person_id: at.pk)
    person = somebody(1, place=house.village)
    why = {c.assessor.pk: c.why_not for c in choosing.choices(person.pk, house.village)}
    assert "关联" in why[first.pk]
    assert choosing.pair(choosing.choices(person.pk, house.village)) is None


def test_the_calendar_says_by_street_whose_result_ends(house: House) -> None:
    made = assessed(house)
    today = timezone.localdate()
    with entered(house.actor("district_officer", house.county)):
        assert queries.calendar() == []
        for days, column in ((0, "late"), (30, "in_30"), (31, "in_60"), (90, "in_90")):
            with everything("test"):
                Assessment.objects.filter(pk=made.pk).update(
                    valid_to=today + dt.timedelta(days=days), valid_from=today - dt.timedelta(days=1)
                )
            (row,) = queries.calendar()
            assert (row.division, row.total, getattr(row, column)) == (house.street, 1, 1)
        assert row.asked == 1  # the request is not delivered yet
    client = house.client("district_officer", house.county)
    assert "南门街道" in client.get(reverse("assessment:calendar")).content.decode()
    for due, found in (("90", True), ("60", False), ("30", False), ("all", True), ("late", False)):
        listed = client.get(reverse("assessment:list"), {"due": due}).content.decode()
        assert (str(made.get_absolute_url()) in listed) is found, due
    file: Any = client.get(reverse("assessment:calendar_file"))
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(file.streaming_content))).active
    assert ["海曙区南门街道", 0, 0, 0, 1, 1, 1] in [[c.value for c in row] for row in sheet.iter_rows()]


# --- the workbook of old results -----------------------------------------------------------------------------------

HEADINGS = ["姓名", "身份证号", "量表", "等级", "评估日期", "有效期至", "总分", "评估机构"]


def bring(house: House, path: Path, *rows: list[Any]) -> Any:
    book = openpyxl.Workbook()
    for row in (HEADINGS, *rows):
        book.active.append(row)
    book.save(path)
    officer = house.actor("district_officer", house.county)
    with entered(officer):
        return import_now(officer, OLD_RESULTS, path, division=house.county), officer


def old(order: int, level: int, made: str, until: str | None = None, **more: Any) -> list[Any]:
    scale = more.get("scale", "MZ/T 039-2013")
    return ["张一", number(order), scale, level, made, until, more.get("total"), "旧评估中心"]


def test_old_results_are_entered_and_fill_only_what_is_not_known(house: House, tmp_path: Path) -> None:
    made = assessed(house, 1, 64)
    somebody(2, place=house.village)
    batch, officer = bring(
        house,
        tmp_path / "old.xlsx",
        old(1, 3, "2025-06-01", "2027-05-31"),
        old(2, 2, "2025-06-01", "2027-05-31"),
        old(2, 1, "2023-06-01", "2025-05-31"),
    )
    today = timezone.localdate()
    assert level_of(made.person_id) == [
        ("mzt039-2013:3", dt.date(2025, 6, 1), today),
        ("gbt42195-2022:2", today, made.valid_to),
    ]
    second = somebody(2).pk
    assert [value for value, _f, _t in level_of(second)] == ["mzt039-2013:1", "mzt039-2013:2"]
    with everything("test"):
        states = Assessment.objects.filter(person=second).order_by("made_on").values_list("state", "valid_to")
        assert list(states) == [("replaced", dt.date(2025, 6, 1)), ("valid", dt.date(2027, 6, 1))]
        assert Assessment.objects.filter(source__startswith="import").count() == 3
    # different scales stand side by side: none is turned into the other
    assert queries.latest([made.person_id], scale="mzt039-2013")[made.person_id].level == 3
    assert queries.latest([made.person_id], scale="gbt42195-2022")[made.person_id].level == 2
    with entered(officer):
        imports.begin_undo(officer, batch)
        batch.refresh_from_db()
    assert batch.state == "undone"
    assert level_of(second) == []
    assert level_of(made.person_id) == [("gbt42195-2022:2", today, made.valid_to)]


def test_impossible_rows_of_old_results_are_refused_with_the_reason(house: House, tmp_path: Path) -> None:
    for order in (1, 2, 3):
        somebody(order, place=house.village)
    batch, _officer = bring(
        house,
        tmp_path / "bad.xlsx",
        old(1, 4, "2025-06-01"),
        old(2, 1, "2025-06-01", scale="GB/T 42195-2022", total=20),
        old(3, 1, "2025-06-01", "2024-01-01"),
        old(9, 1, "2025-06-01"),
        old(1, 2, "2024-06-01"),
    )
    assert (batch.state, batch.error_rows, batch.good_rows) == ("checked", 4, 1)
    with everything("test"):
        assert not Assessment.objects.exists()


# --- quality -------------------------------------------------------------------------------------------------------


def test_a_draw_is_repeated_by_its_seed() -> None:
    ids = list(range(1, 201))
    assert drawn(ids, 5, "a") == drawn(reversed(ids), 5, "a")
    assert len(drawn(ids, 5, "a")) == 10
    assert drawn(ids, 5, "a") != drawn(ids, 5, "b")
    assert len(drawn([7], 1, "a")) == 1


def test_a_sample_is_repeated_by_another_assessor_and_compared(house: House) -> None:
    made = assessed(house, total=64)
    sample.team(house, other=True)
    officer = house.actor("district_officer", house.county)
    given = {
        "division": house.county,
        "scale": made.scale,
        "first_day": made.made_on,
        "last_day": made.made_on,
        "percent": 10,
    }
    drew = actions.draw(officer, **given)
    assert (drew.population, drew.size) == (1, 1)
    with pytest.raises(ValidationError, match="只抽一次"):
        actions.draw(officer, **given)
    with everything("test"):
        repeat = drew.lines.get().assignment
    assert repeat.first_id not in (made.first_id, made.second_id)
    assert repeat.body.organisation == house.other_provider
    done = send(repeat, repeat.first, 63)
    assert (done.state, again(done.assessment_id).state) == ("accepted", "sample")
    assert queries.latest([made.person_id])[made.person_id].assessment_id == made.pk
    with entered(officer):
        rows = queries.agreement(drew)
    assert (rows[0].pairs, rows[0].agreed) == (1, 1)
    assert sum(row.agreed for row in rows[1:]) == 25


def test_an_assessors_figures_say_when_they_are_too_few(house: House) -> None:
    made = assessed(house, total=64)
    with entered(house.actor("district_officer", house.county)):
        rows = queries.statistics(made.scale, made.made_on, made.made_on)
    assert [(r.number, r.mean, r.drift) for r in rows] == [(1, 2.0, None), (1, 2.0, None)]
    page = house.client("district_officer", house.county).get(reverse("assessment:statistics"))
    assert "次数太少" in page.content.decode()
    file: Any = house.client("district_officer", house.county).post(reverse("assessment:statistics_file"))
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(file.streaming_content))).active
    found = [[c.value for c in row][:5] for row in sheet.iter_rows()]
    assert ["钱评", house.provider.name, 1, 2, 0] in found
    assert ["孙估", house.provider.name, 1, 2, 0] in found


def test_a_letter_is_given_of_what_both_have_signed_and_says_when_it_no_longer_holds(house: House) -> None:
    made = assessed(house)
    officer = house.client("district_officer", house.county)
    url = reverse("assessment:letter", args=[made.pk])
    letter = officer.get(url).content.decode()
    assert made.valid_to is not None
    last = made.valid_to - dt.timedelta(days=1)
    assert f"至{last.year}年{last.month}月{last.day}日" in letter
    assert "已撤销" not in letter
    actions.withdraw_result(house.actor("district_officer", house.county), made, reason="评错了人")
    assert "这一结果已撤销" in officer.get(url).content.decode()
    assignment = sample.assigned(house, 2)
    unsigned = send(assignment, assignment.first).assessment_id
    assert officer.get(reverse("assessment:letter", args=[unsigned])).status_code == 404
