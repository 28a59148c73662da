"""Scoring: every total in one level, monotone in every item, the rules in their stated order, every boundary."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yanglao.entitlement.assessment import rules, scales, words
from yanglao.entitlement.assessment.rules import Findings, Incomplete
from yanglao.entitlement.assessment.scale_file import Scale

GB, MZ = (scales.standard()[name] for name in (scales.NATIONAL, scales.OLD))
GOOD_UP = {"B.1"}  # domains of MZ/T 039-2013 whose scores are better when higher


def answers(scale: Scale) -> st.SearchStrategy[dict[str, int]]:
    return st.fixed_dictionaries({item.code: st.sampled_from(item.scores) for item in scale.items()})


FOUND = st.builds(
    Findings,
    st.frozensets(st.sampled_from(["coma", "dementia", "mental", "diabetes"])),
    st.dictionaries(st.sampled_from(["fall", "lost", "choking"]), st.integers(0, 3)),
)


def test_the_national_scale_is_complete() -> None:
    items = list(GB.items())
    assert len(items) == 26
    assert [sum(i.max for i in d.items) for d in GB.domains] == [32, 15, 28, 15]
    assert [len(d.items) for d in GB.domains] == [8, 4, 9, 5]
    assert GB.most == 90
    assert all(set(i.options) == set(range(i.max + 1)) for i in items)


@pytest.mark.parametrize(
    ("total", "level"),
    [(90, 0), (89, 1), (66, 1), (65, 2), (46, 2), (45, 3), (30, 3), (29, 4), (0, 4)],
)
def test_the_boundaries_of_the_levels(total: int, level: int) -> None:
    assert rules.level_of_total(GB, total) == level


def test_every_total_lies_in_exactly_one_level() -> None:
    for total in range(GB.most + 1):
        holding = [row.level for row in GB.levels if (row.min or 0) <= total <= (row.max or 0)]
        assert holding == [rules.level_of_total(GB, total)]


@given(answers(GB), FOUND)
@settings(max_examples=60, deadline=None)
def test_an_outcome_is_the_sum_and_its_rules(given_: dict[str, int], found: Findings) -> None:
    done = rules.score(GB, given_, found)
    assert done.total == sum(given_.values()) == sum(d.score for d in done.by_domain)
    assert done.level_by_total == rules.level_of_total(GB, done.total)
    coma = "coma" in found.diagnoses
    raising = bool(found.diagnoses & {"dementia", "mental"}) or found.times >= 2
    assert done.level == (4 if coma else min(4, done.level_by_total + raising))
    assert done.raised_by == tuple(
        name
        for name, holds in (
            ("coma", coma),
            ("diagnosis", bool(found.diagnoses & {"dementia", "mental"})),
            ("events", found.times >= 2),
        )
        if holds
    )
    assert words.told(GB, done.steps)[-1].startswith("最终等级")


@given(answers(GB), FOUND, st.data())
@settings(max_examples=60, deadline=None)
def test_doing_better_in_one_item_never_makes_the_level_worse(
    given_: dict[str, int], found: Findings, data: Any
) -> None:
    item = data.draw(st.sampled_from(list(GB.items())))
    better = data.draw(st.sampled_from([s for s in item.scores if s >= given_[item.code]]))
    after = rules.score(GB, {**given_, item.code: better}, found)
    assert after.level <= rules.score(GB, given_, found).level


@given(answers(MZ), st.data())
@settings(max_examples=60, deadline=None)
def test_the_old_scale_is_monotone_too(given_: dict[str, int], data: Any) -> None:
    domain = data.draw(st.sampled_from(MZ.domains))
    item = data.draw(st.sampled_from(domain.items))
    up = domain.code in GOOD_UP
    now = given_[item.code]
    better = data.draw(st.sampled_from([s for s in item.scores if (s >= now if up else s <= now)]))
    assert rules.score(MZ, {**given_, item.code: better}).level <= rules.score(MZ, given_).level


def test_the_old_matrix_answers_every_combination_and_never_gets_lighter() -> None:
    def level(grades: tuple[int, ...]) -> int:
        named = dict(zip(("adl", "mental", "perception", "social"), grades, strict=True))
        return rules.level_of_grades(MZ, named)[0]

    for grades in product(range(4), repeat=4):
        for place in range(4):
            if grades[place] < 3:
                worse = (*grades[:place], grades[place] + 1, *grades[place + 1 :])
                assert level(worse) >= level(grades), (grades, worse)


@pytest.mark.parametrize(
    ("grades", "expected"),
    [
        ((0, 0, 0, 1), (0, False)),
        ((0, 1, 0, 0), (1, False)),
        ((0, 0, 0, 2), (1, False)),
        ((0, 0, 0, 3), (1, True)),
        ((1, 0, 3, 3), (2, False)),
        ((1, 2, 2, 2), (2, False)),
        ((1, 1, 2, 2), (1, False)),
        ((2, 0, 0, 0), (2, True)),
        ((2, 1, 2, 0), (2, False)),
        ((2, 2, 2, 2), (3, False)),
        ((2, 0, 0, 3), (3, False)),
        ((3, 0, 0, 0), (3, False)),
    ],
)
def test_the_old_matrix_as_the_standard_says(grades: tuple[int, ...], expected: tuple[int, bool]) -> None:
    named = dict(zip(("adl", "mental", "perception", "social"), grades, strict=True))
    assert rules.level_of_grades(MZ, named) == expected


def test_coma_on_the_old_scale_is_severe_at_once() -> None:
    best = {
        item.code: item.max if domain.code in GOOD_UP else 0 for domain in MZ.domains for item in domain.items
    }
    assert rules.score(MZ, best).level == 0
    done = rules.score(MZ, {**best, "B.3.1": 3}, Findings(frozenset({"dementia"})))
    assert (done.level, done.raised_by) == (3, ("coma", "diagnosis"))


def test_the_rules_are_applied_in_their_order_and_raise_once() -> None:
    best = {item.code: item.max for item in GB.items()}
    both = Findings(frozenset({"mental"}), {"fall": 2})
    done = rules.score(GB, best, both)
    assert (done.level_by_total, done.level, done.raised_by) == (0, 1, ("diagnosis", "events"))
    assert [s.kind for s in done.steps[-3:]] == ["raise", "once", "final"]
    each = GB.model_copy(update={"raising": GB.raising.model_copy(update={"stacking": "each"})})
    assert rules.score(each, best, both).level == 2
    coma = rules.score(GB, best, Findings(frozenset({"coma", "mental"}), {"fall": 9}))
    assert [s.kind for s in coma.steps[-4:]] == ["set", "ceiling", "ceiling", "final"]


def test_one_event_raises_nothing_and_the_worst_level_rises_no_further() -> None:
    best = {item.code: item.max for item in GB.items()}
    assert rules.score(GB, best, Findings(events={"fall": 1})).level == 0
    assert rules.score(GB, best, Findings(events={"fall": 1, "lost": 1})).level == 1
    worst = dict.fromkeys(best, 0)
    assert rules.score(GB, worst, Findings(events={"fall": 5})).level == 4


def test_answers_that_are_not_whole_are_refused_by_name() -> None:
    whole = {item.code: item.max for item in GB.items()}
    short = {**whole, "B.1.2": 7, "X.1": 1}
    del short["B.1.1"]
    with pytest.raises(Incomplete) as refused:
        rules.score(GB, short)
    assert (refused.value.missing, refused.value.unknown, refused.value.wrong) == (
        ("B.1.1",),
        ("X.1",),
        ("B.1.2",),
    )


@pytest.mark.parametrize(
    ("key", "totals"),
    [
        ("adl", {100: 0, 95: 1, 65: 1, 60: 2, 45: 2, 40: 3, 0: 3}),
        ("mental", {0: 0, 1: 1, 2: 2, 3: 2, 4: 3, 6: 3}),
        ("social", {0: 0, 2: 0, 3: 1, 7: 1, 8: 2, 13: 2, 14: 3, 20: 3}),
    ],
)
def test_the_boundaries_of_the_old_scales_grades(key: str, totals: dict[int, int]) -> None:
    domain = next(d for d in MZ.domains if d.key == key)
    for total, grade in totals.items():
        given_, left = {}, total
        for item in domain.items:  # from the first item on, as much as still fits
            given_[item.code] = next(s for s in item.scores if s <= left)
            left -= given_[item.code]
        assert left == 0
        assert rules.grade_of(domain, given_) == grade, total


def test_every_total_of_the_old_scale_has_one_grade() -> None:
    for domain in (d for d in MZ.domains if d.grades):
        steps = {item.step for item in domain.items}
        for total in range(0, sum(item.max for item in domain.items) + 1, min(steps)):
            assert sum(row.min <= total <= row.max for row in domain.grades) == 1, (domain.key, total)


def test_perception_on_the_old_scale_in_all_its_combinations() -> None:
    """The standard's table told another way: the worst of what is found."""
    domain = next(d for d in MZ.domains if d.key == "perception")
    codes = [item.code for item in domain.items]
    for awake, sight, hearing, speech in product(range(4), range(5), range(5), range(4)):
        worst = max(sight, hearing)
        if awake >= 2 or worst == 4 or speech == 3:
            grade = 3
        elif awake == 1 or worst == 3 or speech == 2:
            grade = 2
        else:
            grade = int(worst == 2 or speech == 1)
        given_ = dict(zip(codes, (awake, sight, hearing, speech), strict=True))
        assert rules.grade_of(domain, given_) == grade, given_


@given(answers(MZ), FOUND)
@settings(max_examples=60, deadline=None)
def test_an_outcome_of_the_old_scale_is_its_matrix_and_its_rules(
    given_: dict[str, int], found: Findings
) -> None:
    known = Findings(found.diagnoses & {"dementia", "mental"}, found.events)
    done = rules.score(MZ, given_, known)
    own = {d.key: {item.code: given_[item.code] for item in d.items} for d in MZ.domains}
    grades = {d.key: rules.grade_of(d, own[d.key]) for d in MZ.domains}
    level, gap = rules.level_of_grades(MZ, grades)  # type: ignore[arg-type]
    assert (done.level_by_total, done.gap) == (level, gap)
    coma = given_["B.3.1"] == 3
    raising = bool(known.diagnoses) or known.times >= 2
    assert done.level == (3 if coma else min(3, level + raising))


@pytest.mark.parametrize("scale", [GB, MZ], ids=lambda s: s.id)
@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_more_findings_never_make_the_level_lighter(scale: Scale, data: Any) -> None:
    given_ = data.draw(answers(scale))
    few = Findings(frozenset(), {"fall": data.draw(st.integers(0, 2))})
    more = Findings(frozenset({"dementia"}), {"fall": few.times + data.draw(st.integers(0, 2)), "lost": 1})
    assert rules.score(scale, given_, more).level >= rules.score(scale, given_, few).level


# --- agreement, drift, choosing ------------------------------------------------------------------------------------


def test_kappa_is_agreement_beyond_chance() -> None:
    assert rules.kappa([(0, 0), (1, 1)] * 5) == pytest.approx(1)
    # 20 yes/yes, 5 yes/no, 10 no/yes, 15 no/no: the textbook's 0.4
    pairs = [(1, 1)] * 20 + [(1, 0)] * 5 + [(0, 1)] * 10 + [(0, 0)] * 15
    assert rules.kappa(pairs) == pytest.approx(0.4)
    assert rules.kappa([(2, 2)] * 9) is None
    assert rules.kappa([]) is None


def test_drift_is_said_only_with_enough_on_both_sides() -> None:
    assert rules.drift([([2] * 9, [1, 2] * 20)]) is None
    assert rules.drift([([2, 3] * 10, [1])]) is None
    told = rules.drift([([3, 4] * 10, [1, 2] * 10)])
    assert told is not None
    assert told.difference == pytest.approx(2)
    assert told.low < 2 < told.high
    assert told.differs
    same = rules.drift([([1, 2] * 10, [1, 2] * 10), ([4, 3] * 10, [3, 4] * 10)])
    assert same is not None
    assert same.difference == pytest.approx(0)
    assert not same.differs


def test_the_least_loaded_pair_of_one_body_is_sent_and_always_the_same() -> None:
    many = [
        rules.Candidate(1, 10, 3, 0),
        rules.Candidate(2, 10, 0, 5),
        rules.Candidate(3, 10, 0, 2),
        rules.Candidate(4, 20, 0, 0),
    ]
    assert rules.two_of(many) == rules.two_of(reversed(many)) == (3, 2)
    assert rules.two_of([*many, rules.Candidate(5, 20, 0, 0)]) == (4, 5)
    assert rules.two_of(many[3:]) is None
