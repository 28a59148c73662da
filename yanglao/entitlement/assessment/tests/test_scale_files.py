"""Scale files that cannot be: refused with the line, what is wrong, and how to mend it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

from yanglao.entitlement.assessment import scale_checks, scales
from yanglao.entitlement.assessment.scale_file import Scale
from yanglao.kernel.packs import PackInvalid, PackSection, validate
from yanglao.kernel.packs.checking import check
from yanglao.kernel.packs.reading import parse

FOLDER = Path(settings.STANDARDS) / "scales"
GB = (FOLDER / "gbt42195-2022.yaml").read_text(encoding="utf-8")
MZ = (FOLDER / "mzt039-2013.yaml").read_text(encoding="utf-8")

SMALL = """
id: ltci-city
version: "1"
name: 某市长期护理失能等级评估
label: 长护险失能等级
label_en: Long-term care insurance level
valid_from: 2026-01-01
rating: sum
domains:
  - code: A
    label: 日常生活
    items:
      - {code: A1, label: 进食, max: 10, step: 5, options: {10: 独立, 5: 部分帮助, 0: 依赖}}
levels:
  - {level: 0, label: 正常, min: 10, max: 10}
  - {level: 1, label: 失能, min: 0, max: 9}
"""


def refusals(text: str) -> list[tuple[int, str]]:
    """(line, what) of everything wrong with a scale."""
    document = parse(text.encode(), "scales/x.yaml")
    scale = validate(document, Scale)
    return [
        (document.line_of(tuple(map(str, where))), what) for where, what, _how in scale_checks.problems(scale)
    ]


def test_the_scales_of_the_house_stand() -> None:
    for scale in scales.standard().values():
        assert not list(scale_checks.problems(scale))


def test_a_city_may_bring_a_scale_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "scales").mkdir()
    (tmp_path / "scales" / "ltci.yaml").write_text(SMALL, encoding="utf-8")
    section = PackSection(scales.GLOB, Scale, "scales", check=scale_checks.check)
    pack = check(tmp_path, "standard", [section])
    assert [file.model.id for file in pack.of(scales.GLOB)] == ["ltci-city"]
    (tmp_path / "scales" / "again.yaml").write_text(SMALL, encoding="utf-8")
    with pytest.raises(PackInvalid, match=r"ltci\.yaml 第 2 行.*已经有了"):
        check(tmp_path, "standard", [section])


@pytest.mark.parametrize(
    ("text", "old", "new", "words"),
    [
        (GB, "min: 46, max: 65", "min: 47, max: 65", "46 分不在任何一级"),
        (GB, "min: 46, max: 65", "min: 45, max: 65", "45 分同时属于两级"),
        (GB, "          3: 在他人指导或提示下完成，或独立使用辅具，没有呛咳\n", "", "缺少 3 分的选项"),
        (
            GB,
            "          4: 独立使用器具",
            "          5: 多余\n          4: 独立使用器具",
            "不应有 5 分的选项",
        ),
        (GB, "code: B.1.2\n", "code: B.1.1\n", "B.1.1 写了两次"),
        (GB, "max: 32", "max: 31", "合计 32"),
        (GB, "{level: 4, label: 完全失能", "{level: 5, label: 完全失能", "连续编号"),
        (GB, "set: 4, conditions", "set: 7, conditions", "没有 7 级"),
        (GB, "diagnoses: [dementia, mental]", "diagnoses: [dementia, plague]", "plague"),
        (GB, "raise: 1, events: 2", "raise: 1", "没有写什么时候成立"),
        (MZ, "min: 65, max: 95", "min: 70, max: 95", "65 分不在任何一级"),
        (MZ, "{all: {B.3.1: [2, 3]}}", "{all: {B.3.1: [3]}}", "没有分级"),
        (MZ, "{all: {adl: [3]}}", "{all: {adl: [3], social: [3]}}", "没有等级"),
        (MZ, "{all: {adl: [3]}}", "{all: {alt: [3]}}", "没有一级指标 alt"),
        (SMALL, "step: 5", "step: 4", "整数倍"),
        (SMALL, "min: 0, max: 9", "min: 0, max: 4", "5 分不在任何一级|5～9 分不在任何一级"),
    ],
)
def test_an_impossible_scale_is_refused_at_its_line(text: str, old: str, new: str, words: str) -> None:

    assert old in text
    broken = text.replace(old, new, 1)
    found = refusals(broken)
    assert any(re.search(words, what) for _line, what in found), found
    assert all(line > 1 for line, _what in found)
