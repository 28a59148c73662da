"""A changed pack shows what changed."""

from yanglao.kernel.packs.differences import differences


def shown(before: object, after: object) -> list[str]:
    return [str(change) for change in differences(before, after)]


def test_it_shows_a_changed_value_with_its_way() -> None:
    assert shown({"a": {"b": 1}}, {"a": {"b": 2}}) == ["改动 a › b：1 → 2"]


def test_it_matches_list_items_by_their_name() -> None:
    before = {"items": [{"id": "x", "n": 1}, {"id": "y", "n": 2}]}
    after = {"items": [{"id": "w", "n": 9}, {"id": "x", "n": 1}, {"id": "y", "n": 3}]}
    assert shown(before, after) == ["改动 items › y › n：2 → 3", "新增 items › w：{'id': 'w', 'n': 9}"]


def test_it_says_nothing_of_what_is_the_same() -> None:
    assert shown({"a": [1, 2], "b": None}, {"b": None, "a": [1, 2]}) == []
