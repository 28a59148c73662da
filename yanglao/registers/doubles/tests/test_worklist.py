"""The work list: pairs are found, dismissed for a reason, remembered, and proposed again when facts change."""

# i18n: data

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from tests.harness.house import House
from yanglao.kernel.accounts.actor import Actor, Forbidden
from yanglao.kernel.audit.models import AuditEntry
from yanglao.kernel.rooms import publish
from yanglao.kernel.scope import entered, everything
from yanglao.registers.doubles import actions, desk, queries
from yanglao.registers.doubles.models import Search, State, Suspect
from yanglao.registers.doubles.tests.pairs import BORN, SYSTEM, a_file, a_pair, search, the_pairs
from yanglao.registers.doubles.tests.sample import resident
from yanglao.registers.people import actions as people
from yanglao.registers.people.events import PeopleImported


def dismissed(suspect: Suspect, reason: str = "双胞胎") -> Suspect:
    with everything("test"):
        return actions.dismiss(SYSTEM, suspect, reason=reason)


def again(suspect: Suspect) -> Suspect:
    with everything("test"):
        return Suspect.objects.get(pk=suspect.pk)


def correct_name(suspect: Suspect, name: str) -> None:
    with everything("test"):
        suspect.second.name = name
        suspect.second.save()


def test_it_finds_one_person_with_two_files(house: House) -> None:
    suspect = a_pair(house.village)
    assert suspect.first_id < suspect.second_id
    assert suspect.levels == {
        "id": "missing",
        "name": "homophone",
        "birth": "equal",
        "sex": "equal",
        "place": "village",
    }
    assert suspect.band == "probable"
    assert suspect.state == State.OPEN


def test_it_proposes_no_strangers(house: House) -> None:
    a_file(2, "张秀英", house.village)
    a_file(4, "李桂兰", house.village)
    a_file(6, "张建国", house.other_village)
    search()
    assert the_pairs() == []


def test_a_second_search_finds_nothing_new(house: House) -> None:
    suspect = a_pair(house.village)
    search()
    assert [s.pk for s in the_pairs()] == [suspect.pk]
    assert list(Search.objects.values_list("whole", "fresh")) == [(False, 0), (True, 1)]


def test_a_roster_is_searched_for_doubles(house: House) -> None:
    a_file(2, "张秀英", house.village)
    a_file(None, "张秀英", house.village)
    publish(PeopleImported(source="import:1", added=1, changed=0))
    assert len(the_pairs()) == 1


def test_a_file_that_an_undone_import_takes_back_takes_its_pairs(house: House) -> None:
    suspect = a_pair(house.village)
    with everything("test"):
        type(suspect.second).objects.filter(pk=suspect.second_id).delete()
    assert the_pairs() == []


def test_a_dismissed_pair_is_remembered(house: House) -> None:
    suspect = dismissed(a_pair(house.village))
    Search.objects.all().delete()  # so that all is searched again
    search()
    assert again(suspect).state == State.DISTINCT
    assert again(suspect).reason == "双胞胎"


def test_it_waits_again_when_who_they_are_changed(house: House) -> None:
    suspect = dismissed(a_pair(house.village))
    correct_name(suspect, "张秀英")
    search()
    fresh = again(suspect)
    assert fresh.state == State.OPEN
    assert "双胞胎" in fresh.reason
    assert fresh.band == "same"


def test_an_open_pair_that_is_none_any_more_goes(house: House) -> None:
    suspect = a_pair(house.village)
    correct_name(suspect, "李桂兰")
    with everything("test"):
        suspect.second.birth_date = suspect.second.birth_date.replace(year=1951, month=9)
        suspect.second.save()
    search()
    assert the_pairs() == []


def test_it_is_not_dismissed_without_a_reason_or_twice(house: House) -> None:
    suspect = a_pair(house.village)
    with pytest.raises(ValidationError, match="写明"):
        dismissed(suspect, " ")
    dismissed(suspect)
    with pytest.raises(ValidationError, match="已经处理过"):
        dismissed(the_pairs()[0])


def test_a_dismissal_is_taken_back(house: House) -> None:
    suspect = dismissed(a_pair(house.village))
    with everything("test"):
        actions.reopen(SYSTEM, suspect, reason="电话核实有误")
        with pytest.raises(ValidationError, match="只有判为"):
            actions.reopen(SYSTEM, suspect, reason="再来")
    assert again(suspect).is_open


def test_a_merge_settles_the_pair_and_its_undoing_remembers(house: House) -> None:
    suspect = a_pair(house.village)
    third = a_file(None, "张秀英", house.village)
    search()
    assert len(the_pairs()) == 3
    with everything("test"):
        merge = people.merge(SYSTEM, suspect.first, suspect.second, choices={}, reason="同一人")
    assert again(suspect).state == State.MERGED
    assert [p.pk for p in the_pairs() if p.is_open] == [
        p.pk for p in the_pairs() if {p.first_id, p.second_id} == {suspect.first_id, third.pk}
    ]
    search()
    assert not any(p.is_open and suspect.second_id in (p.first_id, p.second_id) for p in the_pairs())
    with everything("test"):
        people.unmerge(SYSTEM, merge, reason="误并")
    assert again(suspect).state == State.DISTINCT
    search()
    assert again(suspect).state == State.DISTINCT


def test_a_row_finds_the_standing_file_by_the_number_of_the_one_it_took_in(house: House) -> None:
    kept, dropped = a_file(None, "张秀英", house.village), a_file(2, "张秀英", house.village)
    with everything("test"):
        people.merge(SYSTEM, kept, dropped, choices={"id_number": "keep"}, reason="同一人")
    found = queries.match_rows([queries.MatchRow(1, resident(BORN, 2), "张秀英")])
    assert [c.person_id for c in found[1]] == [kept.pk]


def test_who_may_merge_finds_the_way_to_it(house: House) -> None:
    suspect = a_pair(house.village)
    way = reverse("people:merge", args=[suspect.first_id, suspect.second_id])
    officer, worker = (
        house.client("district_officer", house.county),
        house.client("street_worker", house.street),
    )
    assert way in officer.get(suspect.get_absolute_url()).content.decode()
    assert officer.get(way).status_code == 200
    assert way not in worker.get(suspect.get_absolute_url()).content.decode()


def test_who_sees_one_of_both_sees_the_pair_with_the_other_masked(house: House) -> None:
    suspect = a_pair(house.village, house.other_village)
    own, both = house.client("street_worker", house.street), house.client("city_officer", house.city)
    outsider = house.client("city_officer", 220100000000)
    url = suspect.get_absolute_url()
    page = own.get(url).content.decode()
    assert "张秀英" in page
    assert "張秀英" not in page
    assert "張*英" in page
    assert "不在您的辖区" in page
    assert "張秀英" in both.get(url).content.decode()
    assert outsider.get(url).status_code == 404
    listed = own.get(reverse("doubles:list")).content.decode()
    assert "张秀英 / 張*英" in listed
    assert "張秀英" not in listed
    found = own.post(reverse("doubles:list"), {"do": "filter", "name": "張秀英"}, follow=True)
    assert suspect.get_absolute_url() not in found.content.decode()


def test_the_export_masks_the_other_too(house: House) -> None:
    a_pair(house.village, house.other_village)
    own = house.client("street_worker", house.street)
    answer = own.post(reverse("doubles:list"), {"do": "csv"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert "张秀英 / 張*英" in text
    assert "張秀英" not in text


def test_three_people_may_settle_what_is_theirs(house: House) -> None:
    suspect = a_pair(house.village)
    outsider = house.actor("street_worker", house.other_street)
    with pytest.raises(Forbidden), everything("test"):
        actions.dismiss(outsider, suspect, reason="双胞胎")
    reader = house.actor("auditor", house.city)
    with pytest.raises(Forbidden), everything("test"):
        actions.dismiss(reader, suspect, reason="双胞胎")
    owner = house.actor("street_worker", house.street)
    with entered(owner):
        actions.dismiss(owner, suspect, reason="双胞胎")
    assert again(suspect).settled_by == owner.name
    with everything("test"):
        entry = AuditEntry.objects.get(verb="doubles.dismiss")
    assert entry.user_id == owner.user_id


def test_many_are_dismissed_at_once_for_one_reason(house: House) -> None:
    for n in range(3):
        a_file(20 + 2 * n, "张秀英", house.village)
    search()
    pairs = the_pairs()
    assert len(pairs) == 3
    client = house.client("district_officer", house.county)
    data = {"do": "dismiss", "pick": [p.pk for p in pairs], "confirmed": "1", "reason": "身份证原件已查验"}
    client.post(reverse("doubles:list"), data)
    assert {p.state for p in the_pairs()} == {State.DISTINCT}
    with everything("test"), pytest.raises(Forbidden):
        actions.dismiss_many(
            house.actor("street_worker", house.other_street), suspects=the_pairs(), reason="双胞胎"
        )


def test_the_page_marks_what_differs_and_takes_the_score_apart(house: House) -> None:
    suspect = a_pair(house.village)
    page = house.client("street_worker", house.street).get(suspect.get_absolute_url()).content.decode()
    assert "<mark>章秀英</mark>" in page
    assert "姓名同音不同字" in page
    assert "<mark>1940" not in page


def test_the_forms_settle_a_pair(house: House) -> None:
    suspect = a_pair(house.village)
    client = house.client("street_worker", house.street)
    assert client.post(reverse("doubles:dismiss", args=[suspect.pk]), {"reason": ""}).status_code == 422
    client.post(reverse("doubles:dismiss", args=[suspect.pk]), {"reason": "双胞胎"})
    assert again(suspect).state == State.DISTINCT
    client.post(reverse("doubles:reopen", args=[suspect.pk]), {"reason": "误判"})
    assert again(suspect).is_open


def test_the_file_of_a_person_tells_of_his_doubles(house: House) -> None:
    suspect = a_pair(house.village)
    alone = a_file(8, "李桂兰", house.village)
    client = house.client("street_worker", house.street)
    assert suspect.get_absolute_url() in client.get(suspect.first.get_absolute_url()).content.decode()
    assert "doubles/" not in client.get(alone.get_absolute_url()).content.decode().split("<main", 1)[1]


def test_the_desk_counts_what_waits(house: House) -> None:
    a_pair(house.village)
    for place, number in ((house.street, 1), (house.other_street, 0)):
        actor = house.actor("street_worker", place)
        with entered(actor):
            assert [item.count for item in desk.waiting(actor)] == [number]
            assert [tile.value for tile in desk.figures(actor)] == [number]
    auditor: Actor = house.actor("auditor", house.city)
    with entered(auditor):
        assert list(desk.waiting(auditor)) == []


def test_what_waited_is_counted_on_any_day(house: House) -> None:
    suspect = a_pair(house.village)
    today = timezone.localdate()
    with everything("test"):
        assert desk.WAITING.count(today) == {house.village: 1}
        dismissed(suspect)
        assert desk.WAITING.count(today) == {}
        assert desk.WAITING.count(today - dt.timedelta(days=1)) == {}


def test_the_list_asks_as_often_for_more_pairs(
    house: House, assert_same_queries: Callable[..., None]
) -> None:
    a_pair(house.village)
    client = house.client("street_worker", house.street)

    def grow() -> None:
        for n in range(5):
            a_file(40 + 2 * n, "张秀英", house.village)
        search()

    assert_same_queries(lambda: client.get(reverse("doubles:list")), grow, at_most=25)
