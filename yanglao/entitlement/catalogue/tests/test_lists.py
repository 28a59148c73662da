"""List files: what a place may change, what its loader refuses, and with which words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from yanglao.entitlement.catalogue.lists import reading
from yanglao.entitlement.catalogue.lists.difference import difference
from yanglao.entitlement.catalogue.lists.form import ListFile
from yanglao.entitlement.catalogue.lists.inheriting import resolved
from yanglao.entitlement.catalogue.lists.packs import SECTIONS
from yanglao.kernel.packs import PackInvalid
from yanglao.kernel.packs.checking import check

CITIES = ("changchun", "ganzhou", "leishan", "ningbo", "zhongxiang")


def national() -> Any:
    return reading.editions()[0].items


def _national_file() -> ListFile:
    return reading.editions()[0].file


def of_place(*changes: dict[str, Any], drop: str = "", count: int = 16) -> ListFile:
    """A place's list: the national items, some of them changed, one left out."""
    changed = {c["id"]: c for c in changes}
    items = [changed.pop(i.id, {"id": i.id}) for i in national() if i.id != drop]
    return ListFile.model_validate(
        {
            "id": "here",
            "kind": "services",
            "title": {"zh": "清单", "en": "List"},
            "edition": 2026,
            "division": 330200000000,
            "inherits": "national",
            "published": "2026-01-01",
            "from": "2026-01-01",
            "count": count,
            "document": {"title": "清单", "source": "测试", "confidence": "design"},
            "items": [*items, *changed.values()],
        }
    )


def faults(file: ListFile) -> list[str]:
    return [fault.what for fault in resolved(file, national())[1]]


def test_the_national_list_has_its_16_items() -> None:
    found = reading.editions()[0]
    assert len(found.items) == 16
    assert not found.faults


@pytest.mark.parametrize("city", CITIES)
def test_every_city_s_lists_agree_with_the_national_one(city: str) -> None:
    for edition in reading.editions(city):
        assert edition.faults == ()
        if edition.file.kind == "services":
            assert {i.id for i in national()} <= {i.id for i in edition.items}


def test_changchun_has_25_services_and_28_support_measures() -> None:
    found = {e.file.kind: len(e.items) for e in reading.editions("changchun")}
    assert found["services"] == 25
    assert found["support"] == 28


def test_a_place_may_lower_an_age_and_add_persons() -> None:
    clause = {"id": "more", "label": {"zh": "独居", "en": "Alone"}, "when": "living = 'alone'"}
    file = of_place({"id": "old-age-allowance", "age": 70}, {"id": "home-adaptation", "also": [clause]})
    items, found = resolved(file, national())
    assert found == ()
    by_id = {item.id: item for item in items}
    assert by_id["old-age-allowance"].who.age == 70
    assert by_id["old-age-allowance"].raised == ("age",)
    assert by_id["home-adaptation"].raised == ("who",)
    assert by_id["dibao"].inherited


def test_it_refuses_a_dropped_item() -> None:
    assert any("护理补贴" in what for what in faults(of_place(drop="nursing-subsidy", count=15)))


@given(st.integers(81, 120))
def test_it_refuses_a_raised_age(age: int) -> None:
    assert any("提高到" in what for what in faults(of_place({"id": "old-age-allowance", "age": age})))


@given(st.integers(0, 80))
def test_it_takes_any_age_that_is_not_higher(age: int) -> None:
    assert faults(of_place({"id": "old-age-allowance", "age": age})) == []


def test_it_refuses_other_persons_an_early_end_and_a_wrong_count() -> None:
    narrower = {"id": "visits", "who": {"words": {"zh": "独居", "en": "Alone"}, "group": "living_alone"}}
    assert any("不能另写" in what for what in faults(of_place(narrower)))
    assert any("提前结束" in what for what in faults(of_place({"id": "dibao", "to": "2026-06-01"})))
    assert any("count" in what for what in faults(of_place(count=17)))
    assert any("缺少" in what for what in faults(of_place({"id": "brand-new"}, count=17)))


def test_it_refuses_a_lowered_standard() -> None:
    raised = of_place(
        {"id": "visits", "standard": {"words": {"zh": "每周", "en": "Weekly"}, "least": {"times_a_year": 52}}}
    )
    above, found = resolved(raised, national())
    assert found == ()
    lowered = of_place(
        {
            "id": "visits",
            "standard": {"words": {"zh": "每月", "en": "Monthly"}, "least": {"times_a_year": 12}},
        }
    )
    assert any("低于上级清单" in fault.what for fault in resolved(lowered, above)[1])


def folder(tmp_path: Path, change: Any) -> Path:
    """Ningbo's folder with one list changed; nothing else."""
    place = tmp_path / "ningbo"
    (place / "lists").mkdir(parents=True)
    (place / "policies").mkdir()
    own = settings.CITIES / "ningbo"
    (place / "city.yaml").write_text((own / "city.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    data = yaml.safe_load((own / "lists" / "services-2026.yaml").read_text(encoding="utf-8"))
    change(data)
    text = yaml.safe_dump(data, allow_unicode=True, sort_keys=False)
    (place / "lists" / "services-2026.yaml").write_text(text, encoding="utf-8")
    return place


def test_the_loader_names_file_line_reason_and_mend(tmp_path: Path) -> None:
    def spoil(data: Any) -> None:
        data["items"] = [i for i in data["items"] if i["id"] != "dibao"]
        data["count"] -= 1
        next(i for i in data["items"] if i["id"] == "meals")["who"]["group"] = "nobody"
        next(i for i in data["items"] if i["id"] == "family-bed")["who"]["when"][0]["when"] = "abilty = 1"

    with pytest.raises(PackInvalid) as refused:
        check(folder(tmp_path, spoil), "city", SECTIONS[1:])
    said = [str(problem) for problem in refused.value.problems]
    assert all("lists/services-2026.yaml" in line and "改法" in line for line in said)
    assert any("缺少上级清单的“最低生活保障”" in line and "行" in line for line in said)
    assert any("不存在的人群 nobody" in line for line in said)
    assert any("家庭养老床位" in line and "abilty" in line for line in said)
    assert any("不存在的政策 ningbo-advanced-age-allowance" in line for line in said)


def test_editions_differ_by_what_a_reader_sees() -> None:
    old, new = (e for e in reading.editions("ningbo") if e.file.kind == "services")
    found = difference(old, new)
    assert {i.id for i in found.added} == {"care-voucher", "family-bed"}
    assert {c.item.id for c in found.changed} >= {"visits", "ability-assessment"}
    assert not found.gone
    back = difference(new, old)
    assert {i.id for i in back.gone} == {"care-voucher", "family-bed"}
