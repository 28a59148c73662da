"""The demo plays a whole month by the house's own actions, and a second start loses and doubles nothing."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command

from yanglao.demo import loading, rosters, signins
from yanglao.demo.figures import DemoFile
from yanglao.demo.stage import Manifest, Stage
from yanglao.demo.talk import Talk
from yanglao.demo.tests import sample
from yanglao.entitlement.benefits.models import LedgerLine, Run, Signature
from yanglao.entitlement.payments import queries as payments
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.accounts.models import Grant, User
from yanglao.kernel.audit.chain import verify
from yanglao.kernel.packs import read, validate
from yanglao.kernel.packs.checking import check
from yanglao.kernel.packs.models import City
from yanglao.kernel.scope import everything
from yanglao.registers.people.models import Person
from yanglao.shell.imports.models import ImportBatch
from yanglao.steering.indicators.models import IndicatorValue

PEOPLE = 300


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.VAR = tmp_path
    settings.SNAPSHOTS = tmp_path / "snapshots"


def play() -> None:
    call_command("demo", "leishan", people=PEOPLE, quiet=True)


def counts() -> dict[str, int]:
    with everything("the test counts what the demo made"):
        return {
            model.__name__: model.objects.count()
            for model in (Person, ImportBatch, Run, LedgerLine, Signature, User, Grant, IndicatorValue)
        }


@pytest.mark.django_db
def test_it_plays_a_month_and_a_second_start_changes_nothing(tmp_path: Path) -> None:
    play()
    manifest = Manifest.read(tmp_path / "demo" / "leishan")
    assert manifest is not None
    with everything("the test looks at what the demo made"):
        every = list(ImportBatch.objects.order_by("id"))
        batches = [batch for batch in every if batch.template == "people.roster"]
        run = Run.objects.get()
        signed = dict(Signature.objects.order_by("id").values_list("step", "user_id"))
        found = {b.file_name: b.error_rows for b in batches}
    assert found == {name: manifest.truth.refused.get(name, 0) for name in manifest.truth.rows}
    assert sum(b.rows for b in batches) == sum(manifest.truth.rows.values())
    assert all(batch.state == "committed" for batch in every)
    wanted = validate(read(Path(settings.CITIES) / "leishan" / "demo.yaml"), DemoFile).facilities
    assert wanted is not None
    with everything("the test looks at what the demo made"):
        beds = apps.get_model("stays", "Bed").objects.count()
        homes = apps.get_model("places", "Place").objects.count()
        assert (beds, homes) == (wanted.beds, sum({**wanted.institutions, **wanted.facilities}.values()))
        assert apps.get_model("workforce", "Worker").objects.count() == wanted.staff
        assert apps.get_model("stays", "Stay").objects.exists()
    assert run.state == Run.State.CLOSED
    assert run.rows > 0
    assert len({signed["started"], signed["reviewed"], signed["approved"], signed["exported"]}) == 4
    assert (
        (tmp_path / "demo" / "leishan" / f"payment-{run.division_id}-{run.month}-{run.pk}-1.csv")
        .stat()
        .st_size
    )
    order = payments.order_of(run.pk)
    assert order is not None
    assert order.closed_at
    assert payments.balance(order).holds
    assert order.files.count() == 2
    assert verify().whole
    first = counts()
    assert first["IndicatorValue"] > 0
    play()
    assert counts() == first


@pytest.mark.django_db
def test_each_account_has_a_password_that_works(tmp_path: Path) -> None:
    stage = stage_of("leishan")
    made = signins.ensure(Actor.system("test"), stage.demo.users)
    assert [user.username for user in made] == [user.username for user in stage.demo.users]
    assert signins.file().stat().st_mode & 0o777 == 0o600
    known = signins.known_passwords()
    for user in stage.demo.users:
        assert authenticate(username=user.username, password=known[user.username]) is not None
    assert signins.ensure(Actor.system("test"), stage.demo.users) == []
    assert signins.known_passwords() == known


def stage_of(name: str) -> Stage:
    """A stage on a loaded city."""
    from django.conf import settings

    talk = Talk(quiet=True)
    loading.load_pack(check(settings.STANDARDS, "standard"), talk)
    pack = check(settings.CITIES / name, "city")
    loading.load_pack(pack, talk)
    demo = pack.of("demo.yaml")[0].model
    assert isinstance(demo, DemoFile)
    return Stage(City.objects.get(pk=name), demo, talk, sample.TODAY)


def test_rosters_that_were_never_finished_do_not_count(tmp_path: Path) -> None:
    assert Manifest.read(tmp_path) is None
    people = sample.people(200)
    files, truth = rosters.write(people, tmp_path, 3)
    Manifest(200, sample.TODAY, tuple(files), truth).write(tmp_path)
    assert Manifest.read(tmp_path) == Manifest(200, dt.date(2026, 11, 21), tuple(files), truth)
    assert json.loads((tmp_path / "manifest.json").read_text())["people"] == 200


def test_it_refuses_a_number_of_people_nobody_means() -> None:
    with pytest.raises(CommandError, match="2000000"):
        call_command("demo", "leishan", people=5)


def test_a_password_is_hard_to_guess_and_easy_to_type() -> None:
    words = {signins.new_password() for _ in range(50)}
    assert len(words) == 50
    assert all(len(word) >= 12 and word[0].isupper() for word in words)
