"""A room adds facts by offering them; the engine is not touched."""

from __future__ import annotations

import json

import duckdb
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from yanglao.entitlement.benefits.facts.declaring import declared
from yanglao.entitlement.benefits.facts.schema import schema
from yanglao.entitlement.benefits.rules.facts_sql import translated
from yanglao.entitlement.benefits.rules.guard import FUNCTIONS, _functions
from yanglao.entitlement.benefits.rules.schema import Type
from yanglao.kernel.rooms import Fact, FactView, SnapshotTable
from yanglao.registers.people.facts import PERSON

BEDS = SnapshotTable(
    "stay", "stay_id", {"stay_id": "int", "person_id": "int", "moved_in": "date"}, "SELECT 1, 2, NULL"
)
IN_HOME = FactView(
    subject="person",
    name="stay",
    label=_("老年人"),
    label_en="Older person",
    shape="dated",
    sql="SELECT person_id AS subject_id, moved_in AS valid_from FROM stay",
    facts=(Fact("in_home", "bool", _("养老机构"), "Lives in a home"),),
    tables=(BEDS,),
)


def test_the_house_knows_the_facts_of_people() -> None:
    person = schema().subjects["person"]
    assert {"birth_date", "hukou", "economic"} <= person.facts.keys()
    assert person.facts["hukou"][1].type is Type.DIVISION
    assert {"person", "circumstance"} <= schema().tables.keys()


def test_every_view_says_which_functions_it_calls() -> None:
    """Else a run of a policy that looks into it is stopped as unsafe."""
    months = (
        "WITH months(month, first_day, last_day) AS (VALUES (202401, DATE '2024-01-01', DATE '2024-01-31')) "
    )
    missing = {}
    with duckdb.connect(":memory:") as con:
        for view in (v for s in schema().subjects.values() for v in s.views):
            row = con.execute(
                "SELECT json_serialize_sql(?)", [months + translated(view.sql, "duckdb")]
            ).fetchone()
            assert row is not None
            tree = json.loads(row[0])
            assert not tree["error"], (view.name, tree)
            missing[view.name] = set(_functions(tree)) - FUNCTIONS - set(view.functions)
    assert {name: sorted(names) for name, names in missing.items() if names} == {}


def test_an_offered_view_joins_the_subject_it_is_about() -> None:
    found = declared([*PERSON, IN_HOME])
    assert found.subjects["person"].facts["in_home"][1].label == "养老机构"
    assert found.tables["stay"].columns[2].type == "date"


def test_two_rooms_cannot_offer_the_same_fact() -> None:
    with pytest.raises(ImproperlyConfigured, match="in_home"):
        declared([*PERSON, IN_HOME, IN_HOME])


def test_a_new_subject_needs_one_row_each() -> None:
    view = FactView("worker", "worker", "护理员", "Carer", "dated", "SELECT 1", IN_HOME.facts)
    with pytest.raises(ImproperlyConfigured, match="fixed"):
        declared([view])
