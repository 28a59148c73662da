"""Confirmed clues withhold payments; the look-ahead proposes who comes of age; errors are counted."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from yanglao.entitlement.benefits.models import PolicyFile
from yanglao.entitlement.corrections import actions, ahead, figures, following, queries
from yanglao.entitlement.corrections.models import Hold, Prospect
from yanglao.entitlement.corrections.tests import past
from yanglao.kernel.accounts.actor import Actor, Forbidden
from yanglao.kernel.packs.models import City
from yanglao.kernel.scope import everything
from yanglao.registers.comparison.events import ClueConfirmed
from yanglao.registers.people.models import Circumstance
from yanglao.registers.people.tests.sample import make


def clue(person_id: int, kind: str = "in_custody") -> None:
    with transaction.atomic():
        following.clue_confirmed(ClueConfirmed(7, person_id, "holds", kind, "serving", dt.date(2026, 9, 5)))


def test_a_confirmed_clue_withholds_and_says_what_was_granted_since(city):
    past.paid(city)
    person = city.people[0].pk
    clue(person)
    clue(person)  # a second one does not place a second hold
    with everything("test"):
        hold = Hold.objects.get()
    assert (hold.granted_fen, hold.clue_id, hold.state) == (6000, 7, "open")
    assert set(queries.held([person, city.people[1].pk])) == {person}


def test_who_is_paid_nothing_is_not_withheld(city):
    clue(city.people[3].pk)
    clue(city.people[0].pk, kind="children")
    with everything("test"):
        assert not Hold.objects.exists()


def test_released_he_is_paid_again(city):
    past.paid(city, (202610,))
    clue(city.people[0].pk)
    with everything("test"):
        hold = Hold.objects.get()
    with pytest.raises(Forbidden):
        actions.decide_hold(
            city.actor("district_officer", city.other_county), hold, outcome="released", reason="误报"
        )
    officer = city.actor("district_officer", city.county)
    with pytest.raises(ValidationError):
        actions.decide_hold(officer, hold, outcome="released", reason=" ")
    actions.decide_hold(officer, hold, outcome="released", reason="已核实，本人在家")
    assert queries.held([city.people[0].pk]) == {}
    with pytest.raises(ValidationError):
        actions.decide_hold(officer, hold, outcome="stopped", reason="再来一次")


def soon(age: int, days: int = 20) -> dt.date:
    """The birth date of who reaches an age in some days."""
    day = timezone.localdate() + dt.timedelta(days=days)
    return (
        day.replace(year=day.year - age)
        if (day.month, day.day) != (2, 29)
        else day.replace(year=day.year - age, day=28)
    )


def listed(city) -> dict[int, Prospect]:
    division = city.city
    found = ahead.coming(division, 60)
    actions.look_ahead(Actor.system("test"), division=division, coming=found)
    with everything("test"):
        return {p.person_id: p for p in Prospect.objects.order_by("pk")}


def test_who_comes_of_age_is_proposed_by_the_brackets_of_the_policies(city):
    eighty = make(11, born=soon(80), place=city.village)
    ninety = make(12, born=soon(90), place=city.village)
    far = make(13, born=soon(80, 200), place=city.village)
    found = listed(city)
    assert far.pk not in found
    first, rise = found[eighty.pk], found[ninety.pk]
    assert (first.kind, first.age, first.after_fen, first.applies) == ("starts", 80, 6000, False)
    assert (rise.kind, rise.age, rise.before_fen, rise.after_fen) == ("rises", 90, 6000, 10000)


def test_the_list_stays_what_it_is_when_made_again(city):
    make(11, born=soon(80), place=city.village)
    before = {pk: p.pk for pk, p in listed(city).items()}
    assert {pk: p.pk for pk, p in listed(city).items()} == before


def test_who_has_died_this_month_will_lose_it(city):
    past.dies(city.people[0], timezone.localdate())
    found = listed(city)[city.people[0].pk]
    assert (found.kind, found.before_fen, found.after_fen) == ("ends", 6000, 0)
    worker = city.actor("street_worker", city.street)
    actions.tell(worker, found)
    with pytest.raises(ValidationError):
        actions.confirm(worker, found, outcome="confirmed", said_by="本人")


def test_no_is_taken_with_a_reason_and_yes_without_an_account_waits_for_one(city):
    eighty = make(11, born=soon(80), place=city.village)
    prospect = listed(city)[eighty.pk]
    worker = city.actor("street_worker", city.street)
    with pytest.raises(ValidationError):
        actions.confirm(worker, prospect, outcome="refused", said_by="本人")
    with pytest.raises(Forbidden):
        actions.confirm(
            city.actor("street_worker", city.other_street), prospect, outcome="confirmed", said_by="本人"
        )
    said = actions.confirm(worker, prospect, outcome="confirmed", said_by="张三（女儿）", helper=True)
    assert said.state == "no_account"


def test_yes_records_the_application_a_policy_asks_for(city, settings):
    town = 220100000000
    made, _ = City.objects.get_or_create(id="changchun", defaults={"name": "长春市", "root_id": town})
    for path in sorted((settings.CITIES / "changchun" / "policies").glob("advanced-age*.yaml")):
        PolicyFile.objects.create(
            city=made, name=f"policies/{path.name}", text=path.read_text("utf8"), loaded_at=timezone.now()
        )
    eighty = make(11, born=soon(80, 5), place=town)
    found = ahead.coming(town, 60)
    assert [(c.person_id, c.applies, c.kind, c.after_fen) for c in found] == [
        (eighty.pk, True, "starts", 2500)
    ]
    actions.look_ahead(Actor.system("test"), division=town, coming=found)
    with everything("test"):
        prospect = Prospect.objects.get()
        actions.confirm(Actor.system("test"), prospect, outcome="confirmed", said_by="本人")
        fact = Circumstance.objects.get(person=eighty, kind="allowance_application")
    assert (fact.value, fact.valid_from) == ("advanced_age_allowance", timezone.localdate())


def test_errors_are_counted_by_kind_cause_and_month(city):
    past.paid(city)
    past.dies(city.people[0], dt.date(2026, 8, 20))
    make(9, born=dt.date(1930, 1, 1), place=city.other_village)
    past.recompute(city)
    with everything("test"):
        rows = {r.cause: r for r in figures.rows(202601, 202612, "cause")}
        assert rows["death_late"].wrong == (2, 12000)  # two months of one person
        assert sum(r.missed[1] for r in rows.values()) == 30000
        assert figures.count("wrong", "people")(dt.date(2026, 9, 30)) == {city.village: 1.0}
        assert figures.count("missed", "yuan")(dt.date(2026, 9, 30)) == {city.other_village: 100.0}
