"""A new database is made in one step a room; one that has had the single steps goes on with them."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection, models
from django.db.migrations import AddField, CreateModel, Migration
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ModelState, ProjectState

from yanglao.kernel.first_tables import FirstTables


@pytest.mark.django_db
def test_a_database_with_the_single_steps_only_notes_that_they_are_one() -> None:
    recorder = MigrationRecorder(connection)
    everything = set(recorder.applied_migrations())
    joined = recorder.migration_qs.filter(name__contains="_squashed_")
    assert joined.count() > 0
    joined.delete()
    executor = MigrationExecutor(connection)
    leaves = executor.loader.graph.leaf_nodes()
    assert executor.migration_plan(leaves) == []
    executor.migrate(leaves, plan=[])
    assert set(recorder.applied_migrations()) == everything


def _key() -> models.BigAutoField[int, int]:
    return models.BigAutoField(primary_key=True)


def _refers(to: str) -> models.ForeignKey[Any, Any]:
    return models.ForeignKey(to, models.PROTECT)


def _operations() -> list[Any]:
    name = models.CharField(max_length=9)
    owned = {"constraints": [models.UniqueConstraint(fields=["name", "garden"], name="gardens_named_once")]}
    return [
        CreateModel("Garden", [("id", _key()), ("place", _refers("towns.place"))]),
        CreateModel("Bench", [("id", _key()), ("name", name), ("garden", _refers("gardens.garden"))], owned),
        AddField("garden", "best", models.ForeignKey("gardens.bench", models.PROTECT, null=True)),
    ]


def _applied(kind: type[Migration], *, rendered: bool) -> tuple[list[str], ProjectState]:
    state = ProjectState()
    state.add_model(ModelState("towns", "Place", [("id", _key())]))
    if rendered:
        assert len(state.apps.get_models()) == 1
    migration = kind("0001_initial", "gardens")
    migration.operations = _operations()
    with connection.schema_editor(collect_sql=True, atomic=False) as editor:
        state = migration.apply(state, editor)
    return [str(statement) for statement in editor.collected_sql], state


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("rendered", [True, False])
def test_first_tables_are_made_as_django_makes_them(rendered: bool) -> None:
    (sql, state), (plain, expected) = (_applied(kind, rendered=rendered) for kind in (FirstTables, Migration))
    assert sql == plain
    assert any("gardens_named_once" in statement for statement in sql)
    assert state.models == expected.models
    for name in ("towns.place", "gardens.garden", "gardens.bench"):
        mine, theirs = (s.apps.get_model(name)._meta for s in (state, expected))
        assert {f.name for f in mine.get_fields()} == {f.name for f in theirs.get_fields()}
        assert {r.related_model._meta.label for r in mine.related_objects} == {
            r.related_model._meta.label for r in theirs.related_objects
        }
