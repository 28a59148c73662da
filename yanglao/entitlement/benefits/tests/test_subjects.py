"""A run about stays and workers: lines with subject, payee and payer by name, the explanation, the panels."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.harness.house import House
from yanglao.entitlement.benefits import actions, computing, publicity, queries
from yanglao.entitlement.benefits.models import LedgerLine, PolicyFile, Run
from yanglao.entitlement.benefits.room import place_panel, worker_panel
from yanglao.entitlement.benefits.tests.month import load_policies
from yanglao.kernel.scope import everything
from yanglao.registers.places.tests.sample import tell
from yanglao.registers.stays.models import Stay
from yanglao.registers.stays.tests.sample import beds, home, living, room
from yanglao.registers.workforce.tests.sample import certificate, worker

MONTH, DAY = 202610, dt.date(2026, 10, 31)
STAYS, CARERS = "ningbo-institution-subsidy", "ningbo-caregiver-allowance"


@pytest.fixture
def place(house: House) -> Any:
    """A private, non-profit home of three stars with two beds."""
    load_policies(house)
    place = home(organisation=house.provider)
    room(place, beds=2)
    for kind, value in (("ownership", "private"), ("nature", "non_profit"), ("star", "3")):
        tell(place, kind, value)
    tell(place, "filing", number="备330203")
    return place


@pytest.fixture
def stay(place: Any) -> Stay:
    return living(place, beds(place)[0], on=dt.date(2026, 9, 20), applied_on=dt.date(2026, 9, 1))


@pytest.fixture
def run(house: House, stay: Stay) -> Run:
    starter = house.actor("city_officer", house.city)
    made = actions.start(starter, division=house.city, month=MONTH, policies=[STAYS])
    return computing.compute_run(starter, made)


def line(run: Run) -> LedgerLine:
    with everything("test"):
        return LedgerLine.objects.get(run=run)


def test_a_stay_is_due_to_the_home(run: Run, stay: Stay, house: House) -> None:
    found = line(run)
    assert (found.subject_kind, found.subject_id, found.amount_fen) == ("stay", stay.pk, 5000)
    assert (found.payee_kind, found.payee_id) == ("place", stay.place_id)
    assert (found.division_id, found.payer) == (house.village, house.county)
    assert (run.rows, run.sum_fen) == (1, 5000)


def test_its_lines_name_subject_and_payee(run: Run, stay: Stay, house: House) -> None:
    with everything("test"):
        named = queries.lines_with_people(run).get()
    assert (named.subject, named.payee) == ("张一（安心养老院）", "安心养老院")
    page = house.client("city_officer", house.city).get(f"/benefits/{run.pk}/lines/")
    assert "张一（安心养老院）" in page.content.decode()


def test_its_page_says_why_with_facts_and_sources(run: Run, house: House) -> None:
    text = house.client("city_officer", house.city).get(f"/benefits/lines/{line(run).pk}/").content.decode()
    for word in ("民办养老机构", "本月在住天数", "31", "入住登记", "占位示例"):
        assert word in text
    assert (
        house.client("city_officer", house.other_county).get(f"/benefits/lines/{line(run).pk}/").status_code
        == 404
    )


def test_a_home_that_is_not_private_gets_nothing_for_it(place: Any, stay: Stay) -> None:
    tell(place, "ownership", "public", since=dt.date(2026, 10, 1))
    told = computing.explained_now(stay.pk, place.division_id, DAY, "stay")
    assert [t.verdict for t in told] == ["不发放"]
    assert "民办" in told[0].sentence


def test_a_worker_sees_what_is_refused_and_why(house: House, place: Any) -> None:
    him = worker(place, starts=dt.date(2025, 1, 1))
    certificate(him, level=3)
    panel = worker_panel(house.actor("city_officer", house.city), him.pk, DAY)
    assert panel is not None
    told = panel["explanations"]
    assert [t.id for t in told] == [CARERS]  # type: ignore[attr-defined]
    failing = [c.label for c in told[0].clauses if not c.holds]  # type: ignore[index]
    assert failing == ["有劳动合同或派遣协议，在编人员除外", "完成当年继续教育学时"]


def test_a_home_sees_what_was_granted_once_it_is_approved(run: Run, stay: Stay, house: House) -> None:
    actor = house.actor("city_officer", house.city)
    assert place_panel(actor, stay.place_id, DAY) is None
    with everything("test"):
        Run.objects.filter(pk=run.pk).update(state=Run.State.APPROVED)
    panel = place_panel(actor, stay.place_id, DAY)
    assert panel is not None
    assert [(month, n, fen) for month, _title, n, fen in panel["granted"]] == [("2026年10月", 1, 5000)]  # type: ignore[attr-defined]


def test_what_an_earlier_run_granted_counts_towards_the_cap(run: Run, stay: Stay, house: House) -> None:
    """A budget of 80 yuan a year: 50 in September's run, 30 are left for October."""
    with everything("test"):
        Run.objects.filter(pk=run.pk).update(state=Run.State.CANCELLED)
        LedgerLine.objects.filter(run=run).update(live=False)
        file = PolicyFile.objects.get(name="policies/institution-subsidy.yaml", replaced_at=None)
        file.text = file.text.replace("payer: {", CAP + "payer: {", 1).replace(
            "values_on:", LIMIT + "values_on:", 1
        )
        file.save()
    starter = house.actor("city_officer", house.city)
    paid = []
    for month in (202610, 202611):
        made = actions.start(starter, division=house.city, month=month, policies=[STAYS], title=str(month))
        made = computing.compute_run(starter, made)
        paid.append(made.sum_fen)
    assert paid == [5000, 3000]
    told = computing.explain(made, stay.pk, "stay")
    assert "30.00" in told[0].sentence


LIMIT = """  budget:
    label: {zh: 全年预算, en: Budget of the year}
    unit: yuan
    values:
      - {from: 2024-01-01, value: 80}

"""
CAP = """caps:
  - {label: {zh: 全年预算, en: Budget of the year}, per: policy, period: year, amount: budget}
"""


def test_a_run_counts_in_the_unit_of_its_subject(run: Run, house: House) -> None:
    client = house.client("city_officer", house.city)
    page = client.get(f"/benefits/{run.pk}/").content.decode()
    assert "应发入住人数" in page
    assert "应发人数" not in page
    book = load_workbook(io.BytesIO(client.get(f"/benefits/{run.pk}/workbook/").content))
    assert [cell.value for cell in book["按区划"][1]][:3] == ["区划", "入住人数", "上月入住人数"]
    assert [cell.value for cell in book["按政策"][2]][1:4] == ["人", 1, 1]


def test_the_public_list_names_the_home_and_masks_the_resident(run: Run, house: House) -> None:
    client = house.client("city_officer", house.city)
    page = client.get(f"/benefits/{run.pk}/public/?division={house.street}").content.decode()
    for said in ("入住 · 1 人", "张*", "安心养老院", "50.00"):
        assert said in page
    assert "张一" not in page
    rows = load_workbook(
        io.BytesIO(client.get(f"/benefits/{run.pk}/public/workbook/?division={house.street}").content)
    ).active.values
    assert [row[3:] for row in rows][1:] == [
        ("张*", "安心养老院", "民办养老机构运营补助（占位示例）", "", 50)
    ]


def test_beds_are_made_public_by_their_home_and_hours_as_hours(run: Run, place: Any, house: House) -> None:
    with everything("test"):
        person = living(place, beds(place)[1], 2, on=dt.date(2026, 9, 20)).person
        name = person.name
        LedgerLine.objects.filter(run=run).delete()
        for bed in beds(place):
            LedgerLine.objects.create(
                run=run, policy="p", month=MONTH, subject_kind="bed", subject_id=bed.pk,
                division_id=house.village, amount_fen=100_00,
            )  # fmt: skip
        LedgerLine.objects.create(
            run=run, policy="h", month=MONTH, subject_kind="person", subject_id=person.pk,
            division_id=house.village, amount_fen=0, quantity=4_000, unit="hours",
        )  # fmt: skip
        (village,) = publicity.villages(run, house.street)
        (street,) = publicity.places(run)
    homes, persons = village.groups
    assert [(row.name, row.detail, row.fen) for row in homes.rows] == [("安心养老院", "2 张", 200_00)]
    assert [(row.name, row.given) for row in persons.rows] == [(f"{name[0]}*", "40 小时服务")]
    assert (street.number, street.fen, street.given) == ("床位 2 张、老年人 1 人", 200_00, "40 小时服务")


def test_lines_are_found_by_name_and_added_up(run: Run, stay: Stay, house: House) -> None:
    client = house.client("city_officer", house.city)
    url = f"/benefits/{run.pk}/lines/"
    name = stay.person.name
    sealed = client.post(url, {"do": "filter", "name": name}).headers["Location"]
    assert name not in sealed
    found = client.get(sealed).content.decode()
    assert name in found
    assert "合计" in found
    nobody = client.get(client.post(url, {"do": "filter", "name": "没有此人"}).headers["Location"])
    assert "没有符合条件的记录" in nobody.content.decode()
    said = client.get(url, {"sum": "1"}, headers={"HX-Request": "true"}).content.decode()
    assert said == "1 人，1 笔，共 50.00 元"
    rows = list(load_workbook(io.BytesIO(client.post(url, {"do": "xlsx"}).getvalue())).active.values)
    assert rows[-1][0] == "合计"
    assert 50 in rows[-1]


def test_a_name_finds_nobody_beyond_ones_own_division(run: Run, stay: Stay, house: House) -> None:
    client = house.client("street_worker", house.other_street)
    url = f"/benefits/{run.pk}/lines/"
    found = client.get(client.post(url, {"do": "filter", "name": stay.person.name}).headers["Location"])
    assert "没有符合条件的记录" in found.content.decode()


def test_where_several_months_are_paid_the_persons_stand_beside(run: Run, stay: Stay, house: House) -> None:
    from yanglao.entitlement.benefits.models import RunTotal
    from yanglao.entitlement.benefits.totals import Totals
    from yanglao.kernel.scope import Level

    with everything("test"):
        one = LedgerLine.objects.get(run=run)
        one.pk, one.month = None, 202609
        one.save()
        total = RunTotal.objects.get(run=run)
        total.pk, total.month = None, 202609
        total.save()
        totals = Totals(run)
        for found in (
            totals.all(),
            *totals.by_policy(),
            *totals.by_reason(),
            *totals.by_division(Level.STREET),
        ):
            (number,) = found.numbers
            assert (number.now, number.beside, number.kind.unit) == (2, "1 人", "人·月")
    client = house.client("city_officer", house.city)
    assert "1 人" in client.get(f"/benefits/{run.pk}/").content.decode()
    book = load_workbook(io.BytesIO(client.get(f"/benefits/{run.pk}/workbook/").content))
    assert [cell.value for cell in book["按政策"][2]][1:4] == ["人·月", 2, 1]


def test_a_home_s_beds_are_objected_to_together_and_withheld(run: Run, place: Any, house: House) -> None:
    from yanglao.entitlement.benefits.models import Objection
    from yanglao.entitlement.benefits.tests import month
    from yanglao.kernel.cases.models import Case

    with everything("test"):
        LedgerLine.objects.filter(run=run).delete()
        lines = [
            LedgerLine.objects.create(
                run=run, policy="p", month=MONTH, subject_kind="bed", subject_id=bed.pk,
                division_id=house.village, amount_fen=100_00,
            )
            for bed in beds(place)
        ]  # fmt: skip
        spots = queries.spots_of(run)
        for spot in spots:
            actions.check(house.actor("street_worker", house.street), spot, verdict="confirmed")
    actions.sum_up(house.actor(month.STARTER, house.city), run, comment="电话核实")
    actions.review(house.actor(month.REVIEWER, house.city), run)
    client = house.client("street_worker", house.street)
    listed = client.get(f"/benefits/{run.pk}/public/?division={house.street}").content.decode()
    url = f"/benefits/lines/{lines[0].pk}/object/"
    assert url in listed
    page = client.get(url).content.decode()
    assert "安心养老院" in page
    answer = {"channel": "来访", "reason": "床位没有使用", "beds": [line.pk for line in lines]}
    assert client.post(url, answer).status_code == 302
    with everything("test"):
        first, second = Objection.objects.order_by("pk")
        assert {first.subject_id, second.subject_id} == {line.subject_id for line in lines}
        assert Case.objects.get(benefit_run=run).step == "recheck"
    officer = house.client(month.STARTER, house.city)
    decide = f"/benefits/objections/{first.pk}/"
    assert "另外 1 张床位" in officer.get(decide).content.decode()
    assert officer.post(decide, {"verdict": "upheld", "remark": "属实", "together": "on"}).status_code == 302
    with everything("test"):
        assert queries.objected_subjects(run)["publicity"] == {("bed", line.subject_id) for line in lines}


def test_a_resident_on_the_list_is_objected_to_by_his_masked_name(run: Run, stay: Stay, house: House) -> None:
    client = house.client("street_worker", house.street)
    page = client.get(f"/benefits/lines/{line(run).pk}/object/").content.decode()
    assert f"{stay.person.name[0]}*" in page
    assert stay.person.name not in page
