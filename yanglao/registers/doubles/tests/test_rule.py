"""The rule: symmetric, never punishing likeness, equal ids always the same; and what each level means."""

# i18n: data

from __future__ import annotations

import datetime as dt
import random
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from yanglao.registers.doubles.queries import weights
from yanglao.registers.doubles.rules import births, ids, judging, names, places
from yanglao.registers.doubles.rules.weights import LEVELS, FieldName, WrongWeights, load
from yanglao.registers.doubles.tests.sample import invented, record, spoilt

RULE = weights()
FOLDING = judging.folding(RULE)
RIGHT = "390203194803034454"
SEEDS = st.integers(0, 10**9)
VECTORS = st.fixed_dictionaries({field: st.sampled_from(sorted(known)) for field, known in LEVELS.items()})
SHARES = st.one_of(st.none(), st.floats(1e-7, 1))


def two(seed: int) -> tuple[judging.Record, judging.Record]:
    """Two records of one person, or of two."""
    draw = random.Random(seed)
    first = invented(draw)
    second = first if draw.random() < 0.5 else invented(draw)
    return record(RULE, spoilt(first, draw)), record(RULE, spoilt(second, draw))


@given(SEEDS, SHARES)
def test_it_is_symmetric(seed: int, share: float | None) -> None:
    a, b = two(seed)
    assert judging.judge(RULE, a, b, share) == judging.judge(RULE, b, a, share)


@given(VECTORS, SHARES, st.sampled_from(judging.ORDER))
def test_a_field_more_alike_never_lowers_the_score(
    levels: dict[FieldName, str], share: float | None, field: FieldName
) -> None:
    scores = [
        judging.score(RULE, {**levels, field: level.level}, share) for level in RULE.fields[field].levels
    ]
    assert scores == sorted(scores, reverse=True)


@given(VECTORS, SHARES)
def test_equal_ids_are_always_the_same(levels: dict[FieldName, str], share: float | None) -> None:
    assert RULE.band(judging.score(RULE, {**levels, "id": "equal"}, share)) == "same"


@given(SEEDS)
def test_a_record_is_the_same_as_itself_in_every_field_it_has(seed: int) -> None:
    a, _ = two(seed)
    assert set(judging.compare(a, a).values()) <= {"equal", "missing", "village", "street", "county"}


@given(SEEDS, SHARES)
def test_a_rarer_name_never_counts_less(seed: int, share: float | None) -> None:
    a, b = two(seed)
    if share is not None:
        assert judging.judge(RULE, a, b, share).score <= judging.judge(RULE, a, b, share / 2).score


@pytest.mark.parametrize(
    ("written", "level"),
    [
        (RIGHT, "equal"),
        ("３９０２０３１９４８０３０３４４５４", "equal"),
        ("390203 1948-0303 4454", "equal"),
        ("390203480303445", "equal"),
        ("390203194803034459", "check"),
        ("390203194803034354", "digit"),
        ("390203194830034454", "swap"),
        ("390203194803043454", "swap"),
        ("39020319480303454", "length"),
        ("3902031948030334454", "length"),
        ("110101194803034454", "tail"),
        ("390203194903034464", "wrong"),
        ("39020319480304", "wrong"),
        ("", "missing"),
        ("无", "missing"),
        ("3.90203E+17", "missing"),
        ("000000000000000000", "missing"),
    ],
)
def test_resident_ids(written: str, level: str) -> None:
    assert ids.compare(ids.read(written), ids.read(RIGHT)) == level


def test_a_small_x_is_an_x() -> None:
    number = next(
        n for n in (f"3902031948030344{at:02d}" for at in range(100)) if ids.sound(ids.read(n[:17] + "x"))
    )
    assert ids.compare(ids.read(number[:17] + "x"), ids.read(number[:17] + "X")) == "equal"


def test_a_right_number_is_never_repaired() -> None:
    assert ids.repairs(RIGHT) == {}


@given(st.integers(0, 16), st.integers(0, 9))
def test_every_single_wrong_digit_is_repaired(at: int, digit: int) -> None:
    wrong = RIGHT[:at] + str(digit) + RIGHT[at + 1 :]
    assert wrong == RIGHT or ids.repairs(wrong)[RIGHT] == "digit"


@pytest.mark.parametrize(
    ("a", "b", "level"),
    [
        ("张秀英", "张 秀英", "equal"),
        ("陈国兰", "陳國蘭", "variant"),
        ("萧坤", "肖堃", "variant"),
        ("张秀英", "章秀英", "homophone"),
        ("林建平", "凌建平", "similar"),
        ("李兰", "李南", "similar"),
        ("张志明", "张子民", "similar"),
        ("张秀英", "张英秀", "swapped"),
        ("张秀英", "张秀珍", "one"),
        ("王小明", "王明", "part"),
        ("王明", "王勇", "surname"),
        ("王明", "李勇", "different"),
        ("阿卜杜拉·热合曼", "阿卜杜拉．热合曼", "equal"),
        ("", "李勇", "missing"),
    ],
)
def test_names(a: str, b: str, level: str) -> None:
    assert names.compare(names.read(a, FOLDING), names.read(b, FOLDING)) == level


@pytest.mark.parametrize(
    ("a", "b", "level"),
    [
        ((1948, 3, 5), (1948, 3, 5), "equal"),
        ((1948, 3, 5), (1948, 5, 3), "swapped"),
        ((1948, 12, 3), (1949, 1, 1), "lunar"),
        ((1948, 3, 5), (1958, 3, 5), "digit"),
        ((1948, 3, 12), (1948, 3, 21), "digit"),
        ((1948, 1, 1), (1948, 7, 25), "day_unknown"),
        ((1948, 3, 5), (1948, 3, 27), "month"),
        ((1948, 3, 5), (1949, 11, 27), "year"),
        ((1948, 3, 5), (1936, 11, 27), "different"),
    ],
)
def test_birth_dates(a: tuple[int, int, int], b: tuple[int, int, int], level: str) -> None:
    assert births.compare(dt.date(*a), dt.date(*b)) == level


def test_divisions_take_the_nearest_of_hukou_and_residence() -> None:
    assert places.compare((330203001001, 330205001001), (330205001002,)) == "street"
    assert places.compare((330203000000,), (330203001001,)) == "county"
    assert places.compare(places.useful((330200000000, None)), (330203001001,)) == "missing"


def test_it_says_why_in_words() -> None:
    said = judging.reasons(RULE, judging.compare(*(record(RULE, p) for p in (PLAIN, OTHER))))
    assert said == ["身份证号差一位", "姓名同音不同字", "出生日期相同", "性别相同", "同村（社区）"]


PLAIN = invented(random.Random(5))
OTHER = type(PLAIN)(
    PLAIN.id_number[:4] + str((int(PLAIN.id_number[4]) + 1) % 10) + PLAIN.id_number[5:],
    {"张": "章", "章": "张", "林": "琳", "王": "亡", "汪": "尪", "凌": "灵", "陈": "晨", "程": "成"}[
        PLAIN.name[0]
    ]
    + PLAIN.name[1:],
    PLAIN.birth_date,
    PLAIN.sex,
    PLAIN.divisions,
)


def spoil(path: Path, tmp_path: Path, **changes: object) -> Path:
    data = yaml.safe_load(path.read_text())
    for name, value in changes.items():
        data[name] = value
    wrong = tmp_path / "matching.yaml"
    wrong.write_text(yaml.safe_dump(data, allow_unicode=True))
    return wrong


def test_it_refuses_weights_that_punish_likeness(tmp_path: Path) -> None:
    path = Path(settings.STANDARDS) / "matching.yaml"
    fields = yaml.safe_load(path.read_text())["fields"]
    fields[3]["levels"][0]["m"] = 0.0001
    with pytest.raises(WrongWeights, match=r"missing weighs more than equal"):
        load(spoil(path, tmp_path, fields=fields))


def test_it_refuses_weights_by_which_equal_ids_would_not_be_the_same(tmp_path: Path) -> None:
    path = Path(settings.STANDARDS) / "matching.yaml"
    fields = yaml.safe_load(path.read_text())["fields"]
    fields[0]["levels"][0]["u"] = 1e-10
    with pytest.raises(WrongWeights, match="equal ids reach only"):
        load(spoil(path, tmp_path, fields=fields))
