from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yanglao.kernel.crypto.masks import MASKS


@pytest.mark.parametrize(
    ("mask", "text", "shown"),
    [
        ("id_number", "330203194001011234", "33**************34"),
        ("id_number", "330203400101123", "33***********23"),
        ("id_number", "123", "***"),
        ("phone", "13800001234", "138****1234"),
        ("phone", "0574-87654321", "057****4321"),
        ("phone", "87654321", "******21"),
        ("address", "浙江省宁波市海曙区南门街道某某路1号", "浙江省宁波市海曙区南门街道***"),
        ("address", "重庆市忠县白石镇某某村3组", "重庆市忠县白石镇***"),
        ("address", "贵州省雷山县某某路8号", "贵州省雷山县***"),
        ("address", "城镇路8号", "***"),
        ("address", "浙江省宁波市镇海区某某路8号", "浙江省宁波市镇海区***"),
        ("address", "宁波市某某小区8号", "宁波市***"),
        ("address", "解放路5弄3号古镇花园", "***"),
        ("bank_account", "6222020000000001234", "**** 1234"),
        ("bank_account", "1234", "******"),
        ("hidden", "anything", "******"),
    ],
)
def test_it_shows_no_more_than_agreed(mask: str, text: str, shown: str) -> None:
    assert MASKS[mask](text) == shown


@pytest.mark.parametrize("mask", sorted(MASKS))
@given(text=st.text(max_size=40))
def test_it_masks_any_text(mask: str, text: str) -> None:
    assert "*" in MASKS[mask](text) or text == ""
