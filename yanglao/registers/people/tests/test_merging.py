"""Two files of one person made one, and put back."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.utils import timezone
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tests.harness.house import House
from yanglao.kernel.accounts.actor import Actor, Forbidden
from yanglao.kernel.audit.models import AuditEntry
from yanglao.kernel.scope import everything
from yanglao.registers.people import actions, queries
from yanglao.registers.people.merging.trace import dump
from yanglao.registers.people.models import Circumstance, Claim, Contact, Merge, PayAccount, Person
from yanglao.registers.people.tests.sample import ELSEWHERE, NEIGHBOUR, SINCE, make, number

SYSTEM = Actor.system("test")
DAY = dt.date(2024, 3, 1)


def pair(**more: Any) -> tuple[Person, Person]:
    """Two files of one man: his number was typed wrongly in the second."""
    return make(1, phone="13800000001"), make(3, name="张一一", **more)


def merged(keep: Person, drop: Person, **choices: str) -> Merge:
    return actions.merge(SYSTEM, keep, drop, choices=choices, reason="同一人")


def facts(person: Person, moment: dt.datetime | None = None) -> set[tuple[str, str, dt.date, dt.date | None]]:
    with everything("test"):
        rows = queries.all_facts(person, moment)
        return {(r.kind, r.value, r.valid_from, r.valid_to) for r in rows}


def test_everything_hangs_on_the_kept_file(house: House) -> None:
    keep, drop = pair()
    actions.add_contact(SYSTEM, drop, name="张小一", relation="child", phone="13900000000")
    actions.set_pay_account(SYSTEM, drop, account="622848000000001", bank="农业银行", on=DAY, source="本人")
    actions.record(SYSTEM, drop, kind="living", value="alone", valid_from=DAY, source="核实")
    merge = merged(keep, drop)
    with everything("test"):
        assert Contact.objects.get().person_id == keep.pk
        assert PayAccount.objects.get().person_id == keep.pk
        assert list(Person.objects.all()) == [keep]
        assert Person.files.get(pk=drop.pk).merged_into_id == keep.pk
        entry = AuditEntry.objects.get(verb="people.merge")
    assert ("living", "alone", DAY, None) in facts(keep)
    assert facts(drop) == set()
    assert keep.living == "alone"
    assert (entry.target_id, entry.notes["dropped"], entry.notes["moved"]) == (str(keep.pk), drop.pk, 2)
    assert merge.reason == "同一人"


def test_what_was_known_before_the_merge_is_still_answered(house: House) -> None:
    keep, drop = pair()
    actions.record(SYSTEM, drop, kind="living", value="alone", valid_from=DAY, source="核实")
    before, said = timezone.now(), (facts(keep), facts(drop))
    merge = merged(keep, drop)
    during, joined = timezone.now(), facts(keep)
    actions.unmerge(SYSTEM, merge, reason="两人")
    assert (facts(keep, before), facts(drop, before)) == said
    assert (facts(keep, during), facts(drop, during)) == (joined, set())
    assert (facts(keep), facts(drop)) == said


def test_by_field_either_file_is_believed(house: House) -> None:
    keep, drop = pair(phone="13900000002", ethnicity="02")
    for person, value in ((keep, "alone"), (drop, "spouse")):
        actions.record(SYSTEM, person, kind="living", value=value, valid_from=DAY, source="核实")
    merged(keep, drop, name="drop", fact_living="drop")
    keep.refresh_from_db()
    assert (keep.name, keep.pinyin, keep.living) == ("张一一", "zhangyiyi", "spouse")
    assert keep.ethnicity == "02", "what the kept file lacks is filled"
    assert keep.phone is not None
    assert keep.phone.reveal() == "13800000001"


def test_either_number_finds_the_kept_file(house: House) -> None:
    keep, drop = pair()
    merged(keep, drop, id_number="drop")
    keep.refresh_from_db()
    assert keep.id_number is not None
    assert keep.id_number.reveal() == number(3)
    with everything("test"):
        for order in (1, 3):
            for text in (number(order), number(order)[-4:], number(order)[-8:]):
                assert list(queries.by_id_number(Person.objects.all(), text)) == [keep]
    with pytest.raises(ValidationError, match=f"编号{keep.pk}"):
        make(1)


def test_a_closed_file_takes_nothing_more(house: House) -> None:
    keep, drop = pair()
    merged(keep, drop)
    with pytest.raises(ValidationError, match=f"已并入档案{keep.pk}"):
        actions.record(SYSTEM, drop, kind="living", value="alone", valid_from=DAY, source="核实")
    with pytest.raises(ValidationError, match="已并入"):
        merged(make(5), drop)
    with pytest.raises(ValidationError, match="同一份"):
        merged(keep, keep)


def test_whether_he_lives_must_be_said(house: House) -> None:
    keep, drop = pair()
    actions.report_death(SYSTEM, drop, on=DAY, source="家属")
    with pytest.raises(ValidationError) as refused:
        merged(keep, drop)
    assert set(refused.value.message_dict) == {"fact_dead"}
    merge = merged(keep, drop, fact_dead="keep")
    assert keep.death_date is None
    actions.unmerge(SYSTEM, merge, reason="两人")
    merged(keep, drop, fact_dead="drop")
    assert keep.death_date == DAY


def test_one_account_stays_in_use(house: House) -> None:
    keep, drop = pair()
    for i, person in enumerate((keep, drop)):
        actions.set_pay_account(
            SYSTEM, person, account=f"62284800000000{i}", bank="农业银行", on=DAY, source="本人"
        )
    merged(keep, drop, account="drop")
    with everything("test"):
        used = PayAccount.objects.get(person=keep, valid_to=None)
        assert PayAccount.objects.filter(person=keep).count() == 2
    assert used.account.reveal() == "622848000000001"


def test_claims_of_the_same_are_settled(house: House) -> None:
    keep, drop = pair()
    with everything("test"):
        for person in (keep, drop):
            Claim.objects.create(
                person=person, kind="residence", division_id=NEIGHBOUR, valid_from=SINCE, source="import:1"
            )
        merged(keep, drop)
        assert Claim.objects.filter(person=keep).count() == 2
        assert Claim.objects.filter(person=keep, settled_at=None).count() == 1


def test_both_files_must_lie_in_reach(house: House) -> None:
    keep, drop = pair(place=ELSEWHERE)
    officer, city = house.actor("district_officer", house.county), house.actor("city_officer", house.city)
    for actor, given_pair in (
        (officer, (keep, drop)),
        (officer, (drop, keep)),
        (house.actor("reviewer", house.county), (keep, drop)),
    ):
        with pytest.raises(Forbidden):
            actions.merge(actor, *given_pair, choices={}, reason="同一人")
    merge = actions.merge(city, keep, drop, choices={}, reason="同一人")
    with pytest.raises(Forbidden):
        actions.unmerge(officer, merge, reason="两人")


def test_a_chain_points_to_the_last(house: House) -> None:
    first, second, third = make(1), make(3), make(5)
    one = merged(second, first)
    two = merged(third, second)
    with everything("test"):
        assert queries.files_of(third.pk) == [third.pk, first.pk, second.pk]
        assert queries.standing_of([first.pk, second.pk, third.pk]) == {
            first.pk: third.pk,
            second.pk: third.pk,
        }
    with pytest.raises(ValidationError, match="已并入"):
        actions.unmerge(SYSTEM, one, reason="两人")
    actions.unmerge(SYSTEM, two, reason="两人")
    actions.unmerge(SYSTEM, one, reason="两人")
    with everything("test"):
        assert Person.objects.count() == 3


def test_what_was_written_in_the_moment_of_the_merge_is_brought_along(house: House) -> None:
    keep, drop = pair()
    merge = merged(keep, drop)
    late = Contact(person_id=drop.pk, name="张小一", relation="child")
    late.save()
    assert actions.follow(SYSTEM) == 1
    assert actions.follow(SYSTEM) == 0
    late.refresh_from_db()
    assert late.person_id == keep.pk
    actions.unmerge(SYSTEM, merge, reason="两人")
    late.refresh_from_db()
    assert late.person_id == drop.pk


def test_what_was_changed_since_stands_against_undoing(house: House) -> None:
    keep, drop = pair()
    actions.record(SYSTEM, drop, kind="living", value="alone", valid_from=DAY, source="核实")
    merge = merged(keep, drop)
    actions.record(SYSTEM, keep, kind="living", value="spouse", valid_from=DAY, source="核实")
    with pytest.raises(ValidationError, match="情形"):
        actions.unmerge(SYSTEM, merge, reason="两人")
    with everything("test"):
        assert Person.objects.count() == 1


def test_it_refuses_what_a_person_has_once(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    keep, drop = pair()
    from yanglao.registers.people.merging import beside

    monkeypatch.setattr(beside, "twice", lambda *_: ["在住记录"])
    with pytest.raises(ValidationError, match="在住记录"):
        merged(keep, drop)


def test_a_roster_with_the_old_number_reaches_the_kept_file(house: House) -> None:
    from yanglao.registers.people.roster import existing

    keep, drop = pair()
    merged(keep, drop)
    with everything("test"):
        hashes = [bytes(p.id_number_hash or b"") for p in Person.files.order_by("pk")]
    known = existing.of(hashes)
    assert {p.pk for p in known.persons.values()} == {keep.pk}
    assert len(known.persons) == 2


KINDS = {"living": ("alone", "spouse", "children"), "economic": ("dibao", "dibao_edge"), "disability": ()}
DAYS = st.dates(dt.date(2021, 1, 1), dt.date(2025, 12, 31))
SPELL = st.tuples(
    st.sampled_from(
        [
            ("living", "alone"),
            ("living", "spouse"),
            ("economic", "dibao"),
            ("economic", "dibao_edge"),
            ("residence", str(NEIGHBOUR)),
        ]
    ),
    DAYS,
    st.one_of(st.none(), st.integers(1, 500)),
)
FILE = st.fixed_dictionaries(
    {
        "facts": st.lists(SPELL, max_size=4),
        "contacts": st.integers(0, 2),
        "account": st.booleans(),
        "dead": st.booleans(),
    }
)
CHOICES = st.dictionaries(
    st.sampled_from(
        ["name", "id_number", "phone", "account", "fact_living", "fact_economic", "fact_residence"]
    ),
    st.sampled_from(["keep", "drop"]),
)


def _fill(person: Person, file: dict[str, Any]) -> None:
    for (kind, value), since, days in file["facts"]:
        until = since + dt.timedelta(days=days) if days and kind != "residence" else None
        actions.record(
            SYSTEM, person, kind=kind, value=value, valid_from=since, valid_to=until, source="核实"
        )
    for i in range(file["contacts"]):
        actions.add_contact(SYSTEM, person, name="张小一", relation="child", phone=f"1390000000{i}")
    if file["account"]:
        actions.set_pay_account(
            SYSTEM, person, account=f"6228480000{person.pk:05}", bank="农业银行", on=DAY, source="本人"
        )
    if file["dead"]:
        actions.report_death(SYSTEM, person, on=dt.date(2026, 1, 1), source="家属")


LEFT_OUT = {"people.merge", "people.mergedrow", "people.circumstance", "people.tally"}


def _tables() -> dict[str, list[dict[str, Any]]]:
    """Every row of the room but the merges; of circumstances what is known now."""
    found = {}
    with everything("test"):
        for model in apps.get_app_config("people").get_models():
            if model._meta.label_lower not in LEFT_OUT:
                columns = [
                    f.attname
                    for f in model._meta.concrete_fields
                    if f.attname != "updated_at" and not f.attname.endswith("_hash")
                ]
                found[model._meta.label] = [dump(row, columns) for row in model._base_manager.order_by("pk")]
        known = Circumstance.objects.filter(replaced_at=None)
        columns = [
            "person_id",
            "kind",
            "value",
            "slot",
            "valid_from",
            "valid_to",
            "source",
            "evidence_id",
            "recorded_by_id",
        ]
        found["facts"] = [dump(r, columns) for r in known.order_by("person_id", "kind", "slot", "valid_from")]
    return found


@pytest.mark.usefixtures("house")
class TestPutBack(TestCase):
    @settings(max_examples=20, deadline=None, phases=[Phase.explicit, Phase.generate])
    @given(FILE, FILE, CHOICES)
    def test_to_merge_and_to_undo_it_changes_nothing(
        self, one: dict[str, Any], two: dict[str, Any], choices: dict[str, str]
    ) -> None:
        keep, drop = make(1, phone="13800000001"), make(3, name="张二", residence=NEIGHBOUR)
        _fill(keep, one)
        _fill(drop, two)
        before = _tables()
        merge = merged(keep, drop, fact_dead="drop", **choices)
        joined = _tables()
        kept = {str(keep.pk)}
        for label in ("people.Contact", "people.PayAccount"):
            assert len(joined[label]) == len(before[label])
            assert {row["person_id"] for row in joined[label]} <= kept
        assert {row["person_id"] for row in joined["facts"]} <= kept
        _nothing_lost(before["facts"], joined["facts"])
        actions.unmerge(SYSTEM, merge, reason="两人")
        assert _tables() == before


def _nothing_lost(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> None:
    """Every day of which something was known is still known, with a value one of the files gave it."""
    for kind in ("living", "economic", "residence"):
        for day in (dt.date(2021, 1, 1) + dt.timedelta(days=n) for n in range(0, 2200, 61)):
            said = {row["value"] for row in before if row["kind"] == kind and _covers(row, day)}
            now = {row["value"] for row in after if row["kind"] == kind and _covers(row, day)}
            assert bool(said) == bool(now)
            assert now <= said


def _covers(row: dict[str, Any], day: dt.date) -> bool:
    return row["valid_from"] <= str(day) and (row["valid_to"] is None or str(day) < row["valid_to"])
