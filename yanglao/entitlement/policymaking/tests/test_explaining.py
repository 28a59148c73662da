"""Why, and what would change it: for a person of the register, and for somebody without a name."""

import datetime as dt

import pytest
from django.urls import reverse

from yanglao.entitlement.benefits.rules.months import Month
from yanglao.entitlement.benefits.tests import month as sample_month
from yanglao.entitlement.policymaking import asking
from yanglao.entitlement.policymaking.explaining import answers
from yanglao.kernel.scope import everything
from yanglao.registers.people.tests.sample import make

NOW = Month(2026, 11)


@pytest.fixture(autouse=True)
def all_seen(house):
    sample_month.load_policies(house)
    with everything("test"):
        yield


def allowance(found):
    return next(a for a in found if a.told.id == sample_month.POLICY)


def test_who_is_too_young_is_told_when_it_begins_and_with_how_much(house):
    person = make(1, born=dt.date(1956, 5, 1), place=house.village)
    answer = allowance(answers(person, house.city, NOW))
    assert not answer.paid
    assert answer.will == (
        "2036年5月起每月 60.00 元：到时符合“年满80周岁（按当月达到的年龄）”（2036-05-01 满 80 周岁）。",
    )


def test_who_is_paid_is_told_of_the_next_bracket(house):
    person = make(1, born=dt.date(1940, 5, 1), place=house.village)
    answer = allowance(answers(person, house.city, NOW))
    assert (answer.paid, answer.fen) == (True, 6000)
    assert answer.will == (
        "2030年5月起改为每月 100.00 元：到了“90 至 99 岁”这一档（2030-05-01 满 90 周岁）。",
    )


def test_who_is_registered_elsewhere_is_told_what_a_registration_here_would_give(house):
    person = make(1, born=dt.date(1940, 5, 1), place=220100000000)
    answer = allowance(answers(person, house.city, NOW))
    assert not answer.paid
    assert any("户籍地" in s and "60.00" in s for s in answer.would)


def test_the_letter_says_clauses_facts_and_prospects(house):
    person = make(1, born=dt.date(1940, 5, 1), place=house.village)
    url = reverse("policymaking:why", args=[person.pk])
    page = house.client("city_officer", house.city).get(url, {"month": "2026-11"}).content.decode()
    for said in ("您好", "60.00", "会怎样改变", "2030年5月起", "宁波户籍", "1940-05-01"):
        assert said in page
    assert house.client("district_officer", house.other_county).get(url).status_code == 404


def test_a_letter_about_somebody_who_died_is_to_the_family(house):
    person = make(1, born=dt.date(1940, 5, 1), place=house.village)
    type(person).objects.filter(pk=person.pk).update(death_date=dt.date(2026, 10, 3))
    url = reverse("policymaking:why", args=[person.pk])
    page = house.client("city_officer", house.city).get(url, {"month": "2026-11"}).content.decode()
    assert "的家属：登记的去世日期是 2026-10-03" in page
    assert "您好" not in page


def six(house, **more):
    return asking.Six(
        **{"born": dt.date(1940, 5, 1), "hukou": house.village, "residence": house.village, **more}
    )


def test_six_answers_give_what_the_engine_gives(house):
    reply = asking.reply(six(house), NOW)
    due = next(d for d in reply.due if d.told.id == sample_month.POLICY)
    assert due.amount == "60.00 元"
    assert "南门街道" in due.where


def test_who_is_too_young_finds_it_under_later(house):
    reply = asking.reply(six(house, born=dt.date(1956, 5, 1)), NOW)
    assert sample_month.POLICY in {d.told.id for d in reply.later}


def test_the_question_needs_no_account_and_keeps_answers_out_of_the_address(house, client):
    url = reverse("policymaking:ask")
    assert client.get(url).status_code == 200
    sent = {"born": "1940-05", "hukou": str(house.village)}
    answer = client.post(url, sent)
    assert answer.status_code == 200
    assert "每月 60.00 元" in answer.content.decode()
    wrong = client.post(url, {"born": "1840-05", "hukou": "没有这个地方"})
    assert wrong.status_code == 422
    assert "没有找到" in wrong.content.decode()


def test_who_asks_too_often_is_asked_to_wait(house, client, settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "entitlement": "1/10m/ip"}
    url, sent = reverse("policymaking:ask"), {"born": "x"}
    assert client.post(url, sent).status_code == 422
    late = client.post(url, sent)
    assert late.status_code == 429
    assert "过十分钟" in late.content.decode()


def test_the_letter_leaves_out_what_only_a_neighbour_gives(house):
    from dataclasses import replace

    from yanglao.entitlement.policymaking import explaining, queries

    book = queries.book_in_use(house.city)
    theirs = replace(book[sample_month.POLICY], id="neighbours", division=house.other_county)
    ours = replace(book[sample_month.POLICY], id="ours", division=house.county)
    assert explaining.concerns(ours, house.village)
    assert explaining.concerns(book[sample_month.POLICY], house.village)
    assert not explaining.concerns(theirs, house.village, None)
    names = {p.id for p in book.policies if "jiangbei" in p.id}
    assert names
    born = dt.date(1956, 5, 1)
    mine, his = make(1, born=born, place=house.village), make(2, born=born, place=house.other_village)
    assert not names & {a.told.id for a in answers(mine, house.village, NOW)}
    assert names <= {a.told.id for a in answers(his, house.other_village, NOW)}


def test_the_printed_answer_unfolds_why(house, client):
    answered = {"born": "1940-05", "hukou": str(house.village), "hukou_text": ""}
    page = client.post(reverse("policymaking:ask"), answered).content.decode()
    assert "<details><summary>为什么" in page
    assert "policymaking/letter.js" in page
