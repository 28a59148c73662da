"""Contests: marks, ranking, judges who stand back, prizes."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from tests.harness.house import House
from yanglao.kernel.accounts.actor import Forbidden
from yanglao.kernel.scope import everything
from yanglao.registers.training import actions
from yanglao.registers.training.models import Contest, Entry, Item, Judge
from yanglao.registers.training.results import results
from yanglao.registers.training.rules.colleagues import Works, colleagues
from yanglao.registers.training.rules.ranking import Weighed, of_item, rank, total
from yanglao.registers.training.tests import sample

ITEMS = {1: Weighed(100, 40), 2: Weighed(50, 60)}


def test_the_highest_and_the_lowest_mark_are_taken_away_from_three_on():
    assert of_item([9000, 7000], "trimmed") == 8000
    assert of_item([9900, 8000, 1000], "trimmed") == 8000
    assert of_item([9000, 8000, 1000], "mean") == 6000
    assert of_item([], "mean") is None


def test_items_count_by_their_weights_of_their_full_marks():
    assert total({1: [8000], 2: [4500]}, ITEMS, "mean") == Fraction(80 * 40 + 90 * 60, 100)
    assert total({1: [8000]}, ITEMS, "mean") is None


def test_equals_share_a_place_and_the_next_is_left_out():
    ranked = rank({1: Fraction(80), 2: Fraction(90), 3: Fraction(80), 4: None, 5: Fraction(70)})
    assert [(r.entry, r.place, r.shared) for r in ranked] == [
        (2, 1, False), (1, 2, True), (3, 2, True), (5, 4, False), (4, None, False),
    ]  # fmt: skip


@given(st.dictionaries(st.integers(1, 30), st.one_of(st.none(), st.fractions(0, 100)), max_size=12))
def test_a_place_is_one_more_than_all_who_were_better(totals: dict[int, Fraction | None]):
    for one in rank(totals):
        better = [t for t in totals.values() if t is not None and one.total is not None and t > one.total]
        assert one.place == (None if one.total is None else len(better) + 1)


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=9))
def test_one_judge_cannot_lift_a_mark_above_what_others_gave(marks: list[int]):
    for rule in ("mean", "trimmed"):
        worth = of_item(marks, rule)  # type: ignore[arg-type]
        assert worth is not None
        assert min(marks) <= worth <= max(marks)


@pytest.mark.parametrize(
    ("judge", "entry", "expected"),
    [
        (Works("安心养老服务有限公司"), Works("安心养老服务 "), True),
        (Works("甲院", place_id=1), Works("甲养老院", place_id=1), True),
        (Works("甲院", worker_id=7), Works("乙院", worker_id=7), True),
        (Works("甲院"), Works("乙院"), False),
        (Works(""), Works(""), False),
    ],
)
def test_colleagues_are_known_by_place_worker_or_name(judge: Works, entry: Works, expected: bool):
    assert colleagues(judge, entry) is expected


def _parts(contest: Contest) -> tuple[Judge, list[Entry], list[Item]]:
    with everything("test"):
        found = results(contest)
        return found.judges[0], [line.entry for line in found.lines], list(found.items)


def _score(judge: Judge, entry: Entry, items: list[Item], *marks: int) -> None:
    given = {(entry.pk, item.pk): Decimal(mark) for item, mark in zip(items, marks, strict=True)}
    actions.score(sample.SYSTEM, judge, marks=given)


def test_a_judge_scores_no_colleague(house: House):
    contest = sample.contest()
    own = actions.add_entry(sample.SYSTEM, contest, name="孙护", workplace="康乐养老院")
    judge, _entries, items = _parts(contest)
    with pytest.raises(ValidationError, match="回避"):
        _score(judge, own, items, 90, 45)
    page = house.client("district_officer").get(f"/training/judges/{judge.pk}/")
    assert "同一单位，回避" in page.content.decode()
    assert f"m-{own.pk}-" not in page.content.decode()


def test_marks_stay_within_the_full_mark_and_results_stand_once_published(house: House):
    contest = sample.contest()
    judge, (entry,), items = _parts(contest)
    with pytest.raises(ValidationError, match="0至50"):
        _score(judge, entry, items, 90, 51)
    with pytest.raises(ValidationError, match="分数不全"):
        actions.publish_contest(sample.SYSTEM, contest)
    _score(judge, entry, items, 90, 45)
    actions.publish_contest(sample.SYSTEM, sample.fresh(contest))
    with pytest.raises(ValidationError, match="已公布"):
        _score(judge, entry, items, 91, 45)
    with pytest.raises(ValidationError, match="已公布"):
        actions.add_entry(sample.SYSTEM, sample.fresh(contest), name="李护", workplace="某院")


def test_prizes_go_to_all_who_share_a_place_and_only_once(house: House):
    contest = sample.contest(rule="mean")
    actions.add_entry(sample.SYSTEM, contest, name="孙护", workplace="福寿院")
    judge, entries, items = _parts(contest)
    for entry in entries:
        _score(judge, entry, items, 80, 40)
    contest = sample.fresh(contest)
    actions.publish_contest(sample.SYSTEM, contest)
    made = actions.award_contest(sample.SYSTEM, contest, titles={1: "一等奖", 2: "二等奖"}, on=sample.today())
    assert sorted((a.to, a.title) for a in made) == [("孙护", "一等奖"), ("钱护", "一等奖")]
    assert actions.award_contest(sample.SYSTEM, contest, titles={1: "一等奖"}, on=sample.today()) == []


def test_three_people_meet_a_contest(house: House):
    contest = sample.contest(organisation_id=house.provider.pk)
    actions.add_judge(house.actor("care_home_manager"), contest, name="周评", workplace="某院")
    outsider = house.actor("district_officer", house.other_county)
    with pytest.raises(Forbidden):
        actions.add_judge(outsider, contest, name="吴评", workplace="某院")
    with pytest.raises(Forbidden):
        actions.add_judge(house.actor("auditor"), contest, name="吴评", workplace="某院")
    assert house.client("auditor").get(contest.get_absolute_url()).status_code == 200


def test_the_results_go_out_as_a_workbook(house: House):
    contest = sample.contest()
    judge, (entry,), items = _parts(contest)
    _score(judge, entry, items, 90, 45)
    answer = house.client("district_officer").get(f"/training/contests/{contest.pk}/export/")
    assert answer.content[:2] == b"PK"
