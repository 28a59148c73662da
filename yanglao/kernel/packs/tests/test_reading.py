"""A wrong file says where, what, and how to mend it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field

from yanglao.kernel.packs import PackInvalid, Problem, Strict, read, validate


class Bracket(Strict):
    min_age: int
    amount: int = Field(ge=0)


class Policy(Strict):
    id: str
    start: dt.date
    brackets: list[Bracket]
    payer: Literal["hukou", "residence"] = "hukou"
    points: dict[int, Bracket] = {}


RIGHT = "id: a\nstart: 2023-01-01\nbrackets:\n  - min_age: 80\n    amount: 60\n"


def problems(tmp_path: Path, text: str | bytes) -> list[tuple[int, str, str]]:
    file = tmp_path / "policy.yaml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(PackInvalid) as caught:
        validate(read(file, shown_as="policy.yaml"), Policy)
    return [(problem.line, problem.what, problem.how) for problem in caught.value.problems]


def test_it_reads_a_right_file(tmp_path: Path) -> None:
    file = tmp_path / "policy.yaml"
    file.write_text(RIGHT, encoding="utf-8-sig")
    policy = validate(read(file), Policy)
    assert policy.start == dt.date(2023, 1, 1)
    assert policy.brackets[0].amount == 60


def test_it_finds_all_mistakes_at_once(tmp_path: Path) -> None:
    text = "id: 3\nstart: 2023-02-30\nbracket: []\nbrackets:\n  - min_age: x\n    amount: -1\npayer: me\n"
    found = problems(tmp_path, text)
    assert [line for line, _what, _how in found] == [1, 2, 3, 5, 6, 7]
    assert found[0][2] == "应当是文字；像数字的文字要加引号"
    assert "2026-01-31" in found[1][2]
    assert found[2][1:] == ("不认识的项“bracket”", "是不是想写“brackets”？")
    assert found[3][1] == "“brackets › 第 1 项 › min_age”的值 “x” 不对"
    assert found[4][2] == "应当 ≥ 0"
    assert found[5][2] == "只能是：'hukou'、'residence'"


def test_it_names_the_place_of_a_missing_key(tmp_path: Path) -> None:
    text = RIGHT + "points:\n  330203000000:\n    min_age: 1\n"
    assert problems(tmp_path, text) == [(7, "缺少“points › 330203000000 › amount”", "补写这一项")]


def test_it_refuses_a_key_written_twice(tmp_path: Path) -> None:
    assert problems(tmp_path, RIGHT + "id: b\n") == [
        (6, "“id”写了两次，第一次在第 1 行", "留下一个，删去另一个")
    ]


@pytest.mark.parametrize(
    ("text", "line", "hint"),
    [
        ("id：a\nstart: 2023-01-01\n", 2, "全角冒号"),
        ("id: a\n\tstart: 2023-01-01\n", 2, "制表符"),
        ("id:a\nstart: 2023-01-01\n", 2, "空格"),
        ("id: &x a\n", 1, "*"),
        ("", 1, "写入内容"),
        ("- a\n", 1, "名称: 内容"),
        ("id: 宁波".encode("gb18030"), 1, "UTF-8"),
    ],
)
def test_it_says_how_to_mend_what_cannot_be_read(
    tmp_path: Path, text: str | bytes, line: int, hint: str
) -> None:
    (found,) = problems(tmp_path, text)
    assert found[0] == line
    assert hint in found[2]


def test_it_refuses_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(PackInvalid, match="读不到"):
        read(tmp_path / "none.yaml")


@pytest.mark.parametrize("word", ["no", "on", "yes", "12:30", "007", "0x10", "1e5", "2023-1-1"])
def test_it_leaves_words_as_they_are_written(tmp_path: Path, word: str) -> None:
    file = tmp_path / "word.yaml"
    file.write_text(f"{word}: {word}\n")
    assert read(file).data == {word: word}


@given(st.text(max_size=80))
def test_it_answers_any_text_with_data_or_problems(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    file = tmp_path_factory.mktemp("any") / "any.yaml"
    file.write_bytes(text.encode("utf-8", "surrogatepass"))
    found: tuple[Problem, ...] = ()
    try:
        validate(read(file), Policy)
    except PackInvalid as invalid:
        found = invalid.problems
    assert all(problem.what and problem.how for problem in found)
