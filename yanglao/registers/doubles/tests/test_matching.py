"""The bulk comparison judges every pair as the pure rule does, and finds who is there."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from yanglao.registers.doubles import queries
from yanglao.registers.doubles.matching import blocks, comparing
from yanglao.registers.doubles.queries import MatchRow
from yanglao.registers.doubles.rules import ids, judging
from yanglao.registers.doubles.rules.weights import LEVELS, FieldName
from yanglao.registers.doubles.tests.sample import Plain, invented, keep, record, resident, spoilt
from yanglao.registers.people.models import Person

pytestmark = pytest.mark.django_db


def as_row(key: int, plain: Plain) -> MatchRow:
    return MatchRow(key, plain.id_number, plain.name, plain.birth_date, plain.sex, plain.divisions)


def city(draw: random.Random, persons: int) -> dict[int, tuple[Person, Plain]]:
    """Files by primary key with what they hold in plain; one in ten has no resident id."""
    found: dict[int, tuple[Person, Plain]] = {}
    used = set()
    while len(found) < persons:
        plain = invented(draw)
        if plain.id_number in used:
            continue
        used.add(plain.id_number)
        if draw.random() < 0.1:
            plain = replace(plain, id_number="")
        person = keep(plain)
        found[person.pk] = person, plain
    return found


def share_of(name: str, files: dict[int, tuple[Person, Plain]]) -> float:
    holders = sum(person.name == name for person, _ in files.values())
    return queries.weights().share(holders, len(files))


@pytest.fixture
def every_pair(monkeypatch: pytest.MonkeyPatch) -> None:
    """Compare all with all, however little they share."""
    monkeypatch.setattr(blocks, "BLOCKS", (("all", "true"),))


@pytest.mark.usefixtures("every_pair")
def test_it_scores_rows_as_the_pure_rule_does() -> None:
    draw = random.Random(1)
    files = city(draw, 120)
    plains = {n: spoilt(draw.choice(list(files.values()))[1], draw) for n in range(240)}
    rule, compared = queries.weights(), 0
    levels: dict[FieldName, set[str]] = {field: set() for field in judging.ORDER}
    found = queries.match_rows([as_row(n, p) for n, p in plains.items()], limit=1000, least="different")
    for key, candidates in found.items():
        for candidate in candidates:
            person, plain = files[candidate.person_id]
            said = judging.judge(
                rule, record(rule, plains[key]), record(rule, plain), share_of(person.name, files)
            )
            assert candidate.levels == said.levels, (plains[key], plain)
            assert candidate.score == pytest.approx(said.score)
            assert candidate.band == said.band
            compared += 1
            for field in judging.ORDER:
                levels[field].add(said.levels[field])
    assert compared > 5000
    assert {field: known - levels[field] for field, known in LEVELS.items()} == {
        field: set() for field in judging.ORDER
    }, "every level of every field was compared"


@pytest.mark.usefixtures("every_pair")
def test_it_scores_pairs_of_the_register_as_the_pure_rule_does() -> None:
    draw = random.Random(2)
    files = city(draw, 100)
    rule = queries.weights()
    pairs = list(queries.suspects(least="different"))
    assert len(pairs) == 100 * 99 / 2
    assert len({(p.first_id, p.second_id) for p in pairs}) == len(pairs)
    for pair in pairs:
        assert pair.first_id < pair.second_id
        (_, a), (person, b) = files[pair.first_id], files[pair.second_id]
        said = judging.judge(rule, record(rule, a), record(rule, b), share_of(person.name, files))
        assert pair.levels == said.levels, (a, b)
        if said.levels["name"] == "equal":
            assert pair.score == pytest.approx(said.score)


def test_asking_about_some_finds_their_pairs_of_the_whole() -> None:
    draw = random.Random(3)
    files = city(draw, 150)
    asked = set(list(files)[::7])
    whole = {(p.first_id, p.second_id, p.band) for p in queries.suspects(least="different")}
    some = [(p.first_id, p.second_id, p.band) for p in queries.suspects(asked, least="different")]
    assert len(some) == len(set(some))
    assert set(some) == {p for p in whole if asked & {p[0], p[1]}}


def test_portions_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    draw = random.Random(4)
    files = [plain for _, plain in city(draw, 80).values()]
    rows = [as_row(n, spoilt(draw.choice(files), draw)) for n in range(60)]
    found, pairs = queries.match_rows(rows), list(queries.suspects(least="different"))
    monkeypatch.setattr(comparing, "PORTION", 7)
    assert queries.match_rows(rows) == found
    assert sorted((p.first_id, p.second_id, p.score) for p in queries.suspects(least="different")) == sorted(
        (p.first_id, p.second_id, p.score) for p in pairs
    )


ORIGINAL = Plain(resident(invented(random.Random(9)).birth_date, 21), "张秀英", None, 1, (330203001001,))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("row", "band"),
    [
        (replace(ORIGINAL), "same"),
        (replace(ORIGINAL, id_number=ORIGINAL.id_number[:6] + ORIGINAL.id_number[8:17]), "same"),
        (replace(ORIGINAL, name="李四", sex=2, divisions=()), "same"),
        (replace(ORIGINAL, name="", divisions=()), "same"),
    ],
)
def test_it_finds_by_the_resident_id(row: Plain, band: str) -> None:
    person = keep(record_of(ORIGINAL))
    found = queries.match_rows([as_row(5, row)], least="possible").get(5, [])
    assert [(c.person_id, c.band) for c in found] == [(person.pk, band)]


def record_of(plain: Plain) -> Plain:
    return replace(plain, birth_date=ids.born(plain.id_number))


def test_a_wrong_digit_is_found_without_decrypting_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    person = keep(record_of(ORIGINAL))
    number = ORIGINAL.id_number
    typed = number[:3] + str((int(number[3]) + 4) % 10) + number[4:]

    def refuse(*args: object) -> str:
        raise AssertionError("nothing of the register is to be decrypted")

    monkeypatch.setattr("yanglao.kernel.crypto.keyring.unseal", refuse)
    found = queries.match_rows([MatchRow(1, id_number=typed, name="章秀英")])
    assert [(c.person_id, c.levels["id"]) for c in found[1]] == [(person.pk, "digit")]


def test_an_id_under_a_contrary_name_is_doubted_and_others_are_looked_for() -> None:
    holder = keep(record_of(ORIGINAL))
    other = keep(Plain("", "李建国", record_of(ORIGINAL).birth_date, 1, (330203001001,)))
    row = MatchRow(1, ORIGINAL.id_number, "李建国", None, 1, (330203001001,))
    found = queries.match_rows([row])[1]
    assert [c.person_id for c in found] == [holder.pk, other.pk]
    assert found[0].doubts == ("name",)
    assert found[0].contested
    answer = queries.best(found)
    assert answer is not None
    assert answer.person_id == other.pk


def test_it_finds_nobody_in_an_empty_register() -> None:
    assert queries.match_rows([MatchRow(1, ORIGINAL.id_number, "张秀英")]) == {}
    assert queries.match_rows([]) == {}
