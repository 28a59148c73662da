"""A room's first migration, its tables made known to Django at once.

Django renders every model that is related to a new one again, table by table; here nearly all are related by way of
the division, so that a new database would cost as many renderings as the square of its tables.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from itertools import takewhile

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import CreateModel, Migration
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState


class FirstTables(Migration):
    """A migration that begins with new tables: only these are rendered, once; what follows them is Django's own way.

    The models of an earlier state need no second rendering: a new class enters itself with those it refers to.
    """

    def apply(
        self, project_state: ProjectState, schema_editor: BaseDatabaseSchemaEditor, collect_sql: bool = False
    ) -> ProjectState:
        if collect_sql:  # `sqlmigrate` shows each operation by itself
            return super().apply(project_state, schema_editor, collect_sql)
        tables = list(takewhile(lambda operation: isinstance(operation, CreateModel), self.operations))
        before = project_state.clone()
        self._know(tables, project_state)
        for table in tables:
            table.database_forwards(self.app_label, schema_editor, before, project_state)
        rest = copy(self)
        rest.operations = self.operations[len(tables) :]
        return Migration.apply(rest, project_state, schema_editor)

    def _know(self, tables: Sequence[Operation], state: ProjectState) -> None:
        apps, known = (
            state.__dict__.pop("apps", None),
            set(state.models),
        )  # without them nothing is rendered yet
        for table in tables:
            table.state_forwards(self.app_label, state)
        if apps is not None:
            apps.render_multiple([state.models[key] for key in state.models if key not in known])
            state.__dict__["apps"] = apps
