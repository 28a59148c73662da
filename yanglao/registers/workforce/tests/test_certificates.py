"""Certificates and what a post demands."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from tests.harness.house import House
from yanglao.kernel.accounts.actor import Forbidden
from yanglao.kernel.scope import everything
from yanglao.registers.workforce import actions, kinds
from yanglao.registers.workforce.models import CertificateGap, Worker
from yanglao.registers.workforce.rules import Holding, expiry, standing, worst
from yanglao.registers.workforce.tests.sample import CLERK, certificate, home, id_number, worker

DAY = dt.timedelta(days=1)
BASE = dt.date(2026, 1, 1)
days = st.integers(0, 900).map(lambda n: BASE + n * DAY)


def gaps(of: Worker, *, must: bool = True) -> list[tuple[str, str]]:
    with everything("test"):
        rows = CertificateGap.objects.filter(worker=of, must=must).order_by("wanted")
        return [(g.kinds[0], g.state) for g in rows]


def test_a_carer_without_a_certificate_is_on_the_list_until_he_has_one(house: House):
    one = worker(home(house))
    assert gaps(one) == [("carer", "missing")]
    certificate(one, "carer_training")
    assert gaps(one) == []


def test_a_certificate_that_ran_out_is_worse_than_one_that_soon_will(house: House):
    one, today = worker(home(house), post="fire_control"), dt.date.today()
    row = certificate(
        one, "fire_control", level=4, issued_on=dt.date(2020, 1, 1), expires_on=today + 59 * DAY
    )
    assert gaps(one) == [("fire_control", "expiring")]
    actions.correct_certificate(CLERK, row, reason="抄错", expires_on=today - DAY)
    assert gaps(one) == [("fire_control", "expired")]


def test_revoking_and_withdrawing_open_the_gap_again(house: House):
    one = worker(home(house))
    first = certificate(one, number="A1")
    actions.revoke_certificate(CLERK, first, on=dt.date(2025, 1, 1), reason="伪造")
    assert gaps(one) == [("carer", "expired")]
    actions.withdraw_certificate(CLERK, first, reason="登记错人")
    assert gaps(one) == [("carer", "missing")]


def test_what_is_only_remembered_is_advice(house: House):
    one = worker(home(house))
    assert gaps(one, must=False) == [("health", "missing")]
    certificate(one, "health", issued_on=dt.date.today() - 30 * DAY)
    assert gaps(one, must=False) == []


def test_who_left_lacks_nothing(house: House):
    one = worker(home(house))
    with everything("test"):
        spell = one.spells.get()
    actions.end(CLERK, spell, on=dt.date(2026, 6, 1), left="retired")
    assert gaps(one) == []


def test_one_certificate_belongs_to_one_person(house: House):
    certificate(worker(home(house)), number="浙2024001")
    with pytest.raises(ValidationError) as refused:
        certificate(worker(home(house), "李护理"), number="浙2024001")
    assert "number" in refused.value.error_dict


def test_a_resident_id_is_no_certificate_number(house: House):
    with pytest.raises(ValidationError) as refused:
        certificate(worker(home(house)), number=id_number())
    assert "number" in refused.value.error_dict


@pytest.mark.parametrize(
    ("kind", "fields", "at"),
    [
        ("carer", {"level": None}, "level"),
        ("carer", {"level": 9}, "level"),
        ("health", {"level": 1}, "level"),
        ("carer", {"issued_on": dt.date(2199, 1, 1)}, "issued_on"),
        ("carer", {"expires_on": dt.date(2020, 1, 1)}, "expires_on"),
        ("wand", {}, "kind"),
    ],
)
def test_it_refuses_a_certificate_that_cannot_be(house: House, kind: str, fields: dict[str, object], at: str):
    with pytest.raises(ValidationError) as refused:
        certificate(worker(home(house)), kind, **fields)
    assert at in refused.value.error_dict


def test_the_level_of_a_carer_is_that_of_his_best_certificate(house: House):
    one = worker(home(house))
    certificate(one, level=5, issued_on=dt.date(2020, 1, 1))
    certificate(one, level=3)
    one.refresh_from_db()
    assert one.level == 3


def test_a_manager_enters_certificates_but_does_not_verify_them(house: House):
    manager, one = house.actor("care_home_manager"), worker(home(house))
    row = actions.add_certificate(
        manager, one, kind="carer", level=5, issued_on=dt.date(2025, 1, 1), source="本院登记"
    )
    with pytest.raises(Forbidden):
        actions.verify_certificate(manager, row, how="原件")
    actions.verify_certificate(house.actor("district_officer"), row, how="技能人才评价工作网")
    assert row.verified_at is not None
    fresh = actions.correct_certificate(manager, row, reason="编号抄错", number="X9")
    assert fresh.verified_at is None


def test_a_health_certificate_holds_a_year_when_it_does_not_say(house: House):
    row = certificate(worker(home(house)), "health", issued_on=dt.date(2026, 2, 28))
    assert row.expires_on == dt.date(2027, 2, 27)


@given(issued=days, months=st.integers(1, 120))
def test_a_year_is_a_year(issued: dt.date, months: int):
    last = expiry(issued, months)
    assert last is not None
    after = last + DAY
    assert (after.year - issued.year) * 12 + after.month - issued.month in (months, months + 1)
    assert after.day == issued.day or after.day < issued.day


holdings = st.lists(
    st.builds(
        lambda kind, a, n, r, level: Holding(
            kind, BASE + a * DAY, BASE + (a + n) * DAY if n is not None else None,
            BASE + (a + r) * DAY if r is not None else None, level,
        ),
        st.sampled_from(["carer", "health"]), st.integers(0, 400), st.none() | st.integers(0, 400),
        st.none() | st.integers(0, 400), st.none() | st.integers(1, 5),
    ),
    max_size=5,
)  # fmt: skip


@given(held=holdings, day=days, level=st.none() | st.integers(1, 5))
def test_a_standing_says_what_the_certificates_say(held: list[Holding], day: dt.date, level: int | None):
    found = standing(["carer"], held, day, min_level=level)
    fits = [
        h for h in held if h.kind == "carer" and (level is None or (h.level is not None and h.level <= level))
    ]
    good = [h for h in fits if h.good_on(day)]
    assert (found.state in ("good", "expiring")) == bool(good)
    if found.state == "missing":
        assert not [h for h in fits if h.issued <= day]
    if found.state == "good" and found.until is not None:
        assert found.until > day + 60 * DAY


def test_the_worst_of_several_counts():
    held = [Holding("health", BASE)]
    both = [standing(["carer"], held, BASE), standing(["health"], held, BASE)]
    assert worst(both) == "missing"
    assert worst([]) == "good"


def test_every_post_and_certificate_has_its_english_and_a_source():
    assert all(k.label_en and k.source for k in kinds.certificates().values())
    assert {"carer", "manager", "assessor", "social_worker", "cook", "expert"} <= kinds.posts().keys()
    assert kinds.posts()["carer"].demands[0].is_law
    assert not kinds.posts()["nurse"].demands[0].is_law
