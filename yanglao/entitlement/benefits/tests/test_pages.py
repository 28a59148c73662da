"""The pages of a month that was really computed."""

import pytest
from django.urls import reverse

from yanglao.entitlement.benefits.models import LedgerLine
from yanglao.entitlement.benefits.tests import month
from yanglao.kernel.scope import everything


@pytest.fixture
def run(house, settings, tmp_path):
    settings.SNAPSHOTS = tmp_path
    month.load_policies(house)
    house.people = month.people(house)
    return month.run(house)


def page(house, role, name, *args, place=None):
    return house.client(role, place or house.city).get(reverse(name, args=args))


def test_the_story_of_a_run_shows_its_figures(house, run):
    text = page(house, "city_officer", "benefits:run", run.pk).content.decode()
    for said in ("960.00", "海曙区", "江北区", "80 至 89 岁", "100 岁以上"):
        assert said in text


def test_a_district_reads_only_its_own_part(house, run):
    text = page(house, "district_officer", "benefits:run", run.pk, place=house.county).content.decode()
    assert "160.00" in text
    assert "江北区" not in text


def test_a_line_explains_itself_on_its_page(house, run):
    with everything("test"):
        line = LedgerLine.objects.get(subject_id=house.people[0].pk)
    text = page(house, "city_officer", "benefits:line", line.pk).content.decode()
    for said in (
        "全部条件都符合",
        "1940-05-01",
        "80.00" if line.amount_fen == 8000 else "60.00",
        "自 2020-01-01",
        "名册",
    ):
        assert said in text


def test_lines_are_found_by_bracket(house, run):
    client = house.client("city_officer", house.city)
    answer = client.get(reverse("benefits:lines", args=[run.pk]), {"reason": "rates:100"})
    assert answer.content.decode().count("800.00") == 1


def test_the_lines_cost_as_many_queries_for_ten_times_as_many(house, run, assert_same_queries):
    client = house.client("city_officer", house.city)

    def grow():
        LedgerLine.objects.bulk_create(
            [
                LedgerLine(
                    run=run,
                    policy="x",
                    month=month.MONTH,
                    subject_id=10_000 + n,
                    division_id=house.village,
                    amount_fen=1,
                )
                for n in range(30)
            ]
        )

    assert_same_queries(lambda: client.get(reverse("benefits:lines", args=[run.pk])), grow)


def test_a_reviewer_signs_on_the_page(house, run):
    month.checked(house, run)
    client = house.client("reviewer", house.city)
    url = reverse("benefits:step", args=[run.pk, "review"])
    assert client.post(url, {"comment": "相符"}).status_code == 302
    run.refresh_from_db()
    assert run.state == "reviewed"
    refused = client.post(url, {"comment": "相符"})
    assert refused.status_code == 422
    assert "不能进行这一步" in refused.content.decode()


def test_the_desk_says_what_waits(house, run):
    assert (
        "待核实的抽查对象" in page(house, "street_worker", "shell:home", place=house.street).content.decode()
    )
    month.checked(house, run)
    assert "待复核的发放批次" in page(house, "reviewer", "shell:home").content.decode()
    assert "待复核的发放批次" not in page(house, "city_officer", "shell:home").content.decode()


def test_a_persons_file_says_what_he_is_due(house, run):
    text = page(house, "city_officer", "people:person", house.people[0].pk).content.decode()
    assert "高龄老人生活津贴" in text
