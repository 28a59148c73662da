"""Corrections and debts are called by the name of what they are about, also where it is no person."""

import io

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from yanglao.entitlement.benefits.models import LedgerLine
from yanglao.entitlement.benefits.tests import month
from yanglao.entitlement.corrections import queries
from yanglao.entitlement.corrections.models import Correction, Debt, Recomputation
from yanglao.entitlement.corrections.tests.past import dies
from yanglao.kernel.scope import everything
from yanglao.registers.people.tests.sample import make
from yanglao.registers.stays.tests import sample as stays


@pytest.fixture
def run(house, settings, tmp_path):
    settings.SNAPSHOTS = tmp_path
    month.load_policies(house)
    month.people(house)
    return month.run(house)


def late_stay(house, run):
    """A correction about a stay whose number is also that of a person."""
    place = stays.home("安心养老院")
    with everything("test"):
        stays.room(place)
        stay = stays.living(place, stays.beds(place)[0])
        asked = Recomputation.objects.create(
            division_id=house.city, first=month.MONTH, last=month.MONTH, asked_by="甲", state="done"
        )
        return Correction.objects.create(
            recomputation=asked, policy="x", month=month.MONTH, subject_kind="stay", subject_id=stay.pk,
            payee_kind="place", payee_id=place.pk, division_id=house.village, kind="arrears", cause="unknown",
            due_fen=5000, granted_fen=0, amount_fen=5000,
        )  # fmt: skip


def test_a_stay_is_called_by_the_resident_and_the_home(house, run):
    found = late_stay(house, run)
    client = house.client("city_officer", house.city)
    for url in (reverse("corrections:list"), found.get_absolute_url()):
        text = client.get(url).content.decode()
        assert "（安心养老院）" in text
        assert f"stay {found.subject_id}" not in text


def test_subjects_of_two_kinds_with_one_number_are_two(house, run):
    found = late_stay(house, run)
    with everything("test"):
        Correction.objects.create(
            recomputation=found.recomputation, policy="x", month=month.MONTH, subject_id=found.subject_id,
            payee_id=found.subject_id, division_id=house.village, kind="arrears", cause="unknown", due_fen=100,
            granted_fen=0, amount_fen=100,
        )  # fmt: skip
        rows = Correction.objects.filter(recomputation=found.recomputation)
        assert queries.total(rows).people == 2
        assert queries.counted(rows).heading == "对象数"
        assert queries.counted(rows.filter(subject_kind="person")).unit == "人"


def test_a_home_that_owes_is_called_by_its_name(house, run):
    place = stays.home("康宁养老院")
    with everything("test"):
        Debt.objects.create(
            number="ZH-1", payee_kind="place", payee_id=place.pk, division_id=house.village, run_id=run.pk,
            amount_fen=5000, raised_at=timezone.now(),
        )  # fmt: skip
    assert (
        "康宁养老院"
        in house.client("city_officer", house.city).get(reverse("corrections:debts")).content.decode()
    )


def test_a_line_that_corrects_says_why_and_leads_to_the_arithmetic(house, run):
    found = late_stay(house, run)
    with everything("test"):
        line = LedgerLine.objects.create(
            run=run, policy="x", month=202609, subject_kind="stay", subject_id=found.subject_id,
            division_id=house.village, kind="clawback", reason="death_late", amount_fen=-5000, correction=found.pk,
        )  # fmt: skip
    text = (
        house.client("city_officer", house.city)
        .get(reverse("benefits:line", args=[line.pk]))
        .content.decode()
    )
    assert "死亡登记晚" in text
    assert "death_late" not in text
    assert reverse("corrections:correction", args=[found.pk]) in text


def test_the_notice_for_a_death_that_came_late_goes_to_the_family(house, run):
    person = make(41)
    with everything("test"):
        debt = Debt.objects.create(
            number="ZH-2", payee_kind="person", payee_id=person.pk, division_id=house.village, run_id=run.pk,
            amount_fen=6000, raised_at=timezone.now(),
        )  # fmt: skip
    client = house.client("city_officer", house.city)
    url = reverse("corrections:notice", args=[debt.pk])
    assert "每月抵扣" in client.get(url).content.decode()
    dies(person, timezone.localdate())
    text = client.get(url).content.decode()
    assert f"{person.name}的家属（继承人）" in text
    assert "每月抵扣" not in text


def test_the_workbook_of_errors_adds_up(house, run):
    late_stay(house, run)
    client = house.client("city_officer", house.city)
    book = load_workbook(io.BytesIO(client.get(reverse("corrections:errors_workbook")).content))
    assert book.sheetnames == ["按原因", "按区划", "按月份"]
    for sheet in book:
        *_rows, last = sheet.values
        assert last == ("合计", 0, 0, 1, 50, 0, 0)
