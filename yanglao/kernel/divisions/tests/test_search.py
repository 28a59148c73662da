"""Divisions are found by name, pinyin, initials and code, on both databases."""

import pytest
from django.db import connection

from yanglao.kernel.divisions.models import Division
from yanglao.kernel.divisions.queries import forget_names, full_name, inside, search
from yanglao.kernel.scope import Level, Span

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def tree():
    forget_names()
    for code, name, pinyin, initials, level in [
        (330000000000, "浙江省", "zhejiangsheng", "zjs", 1),
        (330200000000, "宁波市", "ningboshi", "nbs", 2),
        (330203000000, "海曙区", "haishuqu", "hsq", 3),
        (330203001000, "月湖街道", "yuehujiedao", "yhjd", 4),
        (330205000000, "江北区", "jiangbeiqu", "jbq", 3),
    ]:
        Division.objects.create(code=code, name=name, pinyin=pinyin, initials=initials, level=level)


@pytest.mark.parametrize("typed", ["海曙区", "海曙", "haishu", "HaiShu", "hsq", "hs", "330203"])
def test_it_finds_a_division_however_it_is_typed(typed):
    assert search(typed)[0].code == 330203000000


def test_it_stays_within_a_span():
    assert search("jbq", within=Span.of(330203000000)) == []


def test_it_takes_a_percent_sign_for_what_it_is():
    assert search("%") == []


def test_inside_is_a_range_of_codes():
    assert [d.name for d in inside(330203000000)] == ["海曙区", "月湖街道"]
    assert [d.name for d in inside(330200000000, Level.COUNTY)] == ["海曙区", "江北区"]


def test_a_full_name_leaves_the_province_out():
    assert full_name(330203001000) == "宁波市海曙区月湖街道"


def test_a_prefix_uses_the_index():
    Division.objects.bulk_create(
        Division(code=330299000000 + n, name=f"村{n}", pinyin=f"cun{n:04}", initials="c", level=5)
        for n in range(3000)
    )
    with connection.cursor() as cursor:  # a table without statistics may be read either way
        cursor.execute("ANALYZE divisions_division")
    assert "divisions_division_pinyin" in Division.objects.filter(pinyin__prefix="cun001").explain()
