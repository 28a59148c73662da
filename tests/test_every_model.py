"""What every model, action and offer of the house keeps to: a new one is tested here without a line of its own."""

from __future__ import annotations

import ast
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models
from django.urls import NoReverseMatch, reverse

from tests.harness.house import House
from tests.test_access import ACCESS
from yanglao.kernel.accounts.roles import roles
from yanglao.kernel.audit.action import ACTIONS, state
from yanglao.kernel.crypto.fields import EncryptedField
from yanglao.kernel.divisions.models import Division
from yanglao.kernel.rooms import house as the_house
from yanglao.kernel.scope import ScopedModel, Unscoped, contains, entered, everything

ROOT = Path(__file__).resolve().parent.parent
OURS = [m for m in apps.get_models() if m.__module__.startswith("yanglao.")]
SCOPED = [m for m in OURS if issubclass(m, ScopedModel)]
SEALED = [m for m in OURS if any(isinstance(f, EncryptedField) for f in m._meta.fields)]
for _room in [*settings.KERNEL, *settings.ROOMS]:
    if find_spec(f"{_room}.actions"):
        import_module(f"{_room}.actions")
# Asking for a job or keeping a file changes no record: what the job does, and the record that takes the file,
# leave their entries. What columns one likes to see is one's own affair.
UNRECORDED = {"enqueue", "store", "choose_columns", "tally"}  # tally hands what it counted to an action
CHANGES = {"save", "delete", "create", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}


def label(model: type[models.Model]) -> str:
    return model._meta.label


@pytest.mark.parametrize("model", SCOPED, ids=label)
def test_a_scoped_model_raises_outside_a_scope(db: None, model: type[ScopedModel]):
    with pytest.raises(Unscoped):
        model.objects.exists()


@pytest.mark.parametrize("model", SCOPED, ids=label)
def test_a_scoped_model_says_truly_where_it_belongs(model: type[ScopedModel]):
    assert model.scope_right in the_house().rights, f"no room offers the right {model.scope_right}"
    for path in model.scope_paths:
        field = _field(model, path)
        assert field.related_model is Division, f"{path} leads to no division"


def _field(model: type[models.Model], path: str) -> models.Field:
    *steps, last = path.split("__")
    for step in steps:
        model = model._meta.get_field(step).related_model
    return model._meta.get_field(last)


@pytest.mark.parametrize("model", SCOPED, ids=label)
def test_a_model_has_a_name_in_the_language_of_its_users(model: type[models.Model]):
    assert "verbose_name" in model._meta.original_attrs, "add Meta.verbose_name"
    assert "__str__" in {name for c in model.__mro__ if c is not models.Model for name in vars(c)}, (
        "add __str__"
    )


@pytest.mark.parametrize("model", SEALED, ids=label)
def test_a_model_with_personal_data_has_a_uid(model: type[models.Model]):
    uid = model._meta.get_field("uid")
    assert isinstance(uid, models.UUIDField)
    assert uid.unique


def test_rows_are_seen_in_their_division_alone_and_never_in_clear(house: House):
    """Of everything the rooms' access tests make: nobody sees a row of elsewhere, nothing sealed is shown."""
    with everything("a test's city"):
        for access in ACCESS.values():
            access.args(house)
    for role in roles():
        actor = house.actor(role, house.place(role, other=True))
        for model in SCOPED:
            with entered(actor):
                seen = list(model.objects.all()[:200])
            spans = actor.spans(model.scope_right)
            with everything("a test's city"):
                assert all(any(contains(spans, c) for c in row.scope_codes()) for row in seen), label(model)
    for model in SEALED:
        with everything("a test's city"):
            for row in model._base_manager.all()[:20]:
                _check_masked(row)


def _check_masked(row: models.Model) -> None:
    for field in (f for f in row._meta.fields if isinstance(f, EncryptedField)):
        plain = getattr(row, field.attname).reveal()
        if plain:
            shown = f"{row} {row!r} {getattr(row, field.attname)} {state(row)}"
            assert plain not in shown, f"{label(type(row))}.{field.name} is shown in clear"


# --- actions ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", sorted(ACTIONS))
def test_an_action_asks_for_a_right_that_a_role_holds(verb: str):
    right = ACTIONS[verb].right  # type: ignore[attr-defined]
    assert right in the_house().rights, f"no room offers {right}"
    assert any(right in role.rights for role in roles().values()), (
        f"no role holds {right}: nobody can do {verb}"
    )


def sources(pattern: str) -> list[Path]:
    return [path for path in sorted((ROOT / "yanglao").glob(pattern)) if "tests" not in path.parts]


@pytest.mark.parametrize("path", sources("**/actions.py"), ids=lambda p: str(p.relative_to(ROOT / "yanglao")))
def test_what_an_actor_does_is_an_action(path: Path):
    """A public function of actions.py that takes the actor first is an @action, so it leaves an audit entry."""
    bare = [
        node.name
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef)
        and not node.name.startswith("_")
        and node.args.args
        and node.args.args[0].arg == "actor"
        and node.name not in UNRECORDED
        and not any("action" in ast.unparse(d) for d in node.decorator_list)
    ]
    assert not bare, f"decorate with @action: {', '.join(bare)}"


@pytest.mark.parametrize("path", sources("**/views.py"), ids=lambda p: str(p.relative_to(ROOT / "yanglao")))
def test_a_page_changes_nothing_by_itself(path: Path):
    found = [
        f"line {node.lineno}: .{node.func.attr}()"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in CHANGES
        and "objects" in ast.unparse(node.func.value)
    ]
    assert not found, "call an action instead: " + ", ".join(found)


# --- offers -----------------------------------------------------------------------------------------------------


def test_the_audit_trail_has_words_for_every_action():
    exports = {verb for verb in ACTIONS if verb.endswith(".export") and verb.count(".") == 2}  # made by lists
    wordless = sorted(set(ACTIONS) - exports - set(the_house().verbs))
    assert not wordless, f"name these under verbs= in the room.py: {', '.join(wordless)}"
    gone = sorted(set(the_house().verbs) - set(ACTIONS))
    assert not gone, f"no action bears these verbs any more: {', '.join(gone)}"


def test_every_right_is_held_by_a_role():
    held = {right for role in roles().values() for right in role.rights}
    unused = sorted(set(the_house().rights) - held)
    assert not unused, f"no role of standards/roles.yaml holds {', '.join(unused)}"


def test_every_menu_entry_leads_somewhere_and_asks_for_a_right_there_is():
    for entry in the_house().menu:
        assert entry.right in the_house().rights, f"{entry.url_name}: no right {entry.right}"
        try:
            reverse(entry.url_name)
        except NoReverseMatch:
            pytest.fail(f"the menu leads to {entry.url_name}, which is no URL")


@pytest.mark.parametrize("room", settings.ROOMS)
def test_a_room_says_what_it_is_for(room: str):
    readme = ROOT.joinpath(*room.split("."), "README.md")
    assert readme.exists(), (
        f"write {readme.relative_to(ROOT)}: ten lines, what it is for, its tables, its words"
    )
