"""Who keeps the records of his own organisation only (a home's manager) imports for it, and for nobody else."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.harness.house import House
from yanglao.kernel.accounts.actor import Forbidden
from yanglao.kernel.scope import entered
from yanglao.shell.imports import actions, queries
from yanglao.shell.imports.models import ImportBatch
from yanglao.shell.imports.queries import Home

from .conftest import good, workbook
from .sample import make_template

ROLE = "care_home_manager"


def own_template(offer, seen: list[int | None] | None = None):
    def check(rows, context):
        if seen is not None:
            seen.append(context.organisation)
        return ()

    return offer(right="stays.import", own=True, check_rows=check)


@pytest.fixture
def manager(house: House):
    return house.actor(ROLE)


def test_what_he_uploads_belongs_to_his_organisation(house: House, offer, manager):
    template = own_template(offer)
    assert queries.home(manager, template) == Home(house.place(ROLE), house.provider.pk)


def test_an_officer_uploads_for_his_division(house: House, offer):
    template = own_template(offer)
    officer = house.actor("district_officer", house.county)
    assert queries.home(officer, template) == Home(house.county)


def test_a_template_of_divisions_is_not_for_him(house: House, offer, manager):
    template = offer(right="stays.import")
    assert queries.home(manager, template) is None
    assert template not in queries.offered(manager)
    page = house.client(ROLE).get(reverse("imports:start", args=[template.name]))
    assert page.status_code == 403


def test_check_and_commit_are_told_whose_records_the_rows_are_to_be(house: House, offer, manager):
    seen: list[int | None] = []
    template = own_template(offer, seen)
    house.client(ROLE).post(
        reverse("imports:start", args=[template.name]), {"file": _named(workbook(*good(house)))}
    )
    batch = ImportBatch.objects.get()
    assert batch.state == batch.State.CHECKED
    assert batch.organisation_id == house.provider.pk
    actions.begin_commit(manager, batch)
    batch.refresh_from_db()
    assert batch.state == batch.State.COMMITTED
    assert seen == [house.provider.pk, house.provider.pk]


def _named(stream):
    stream.name = "单位.xlsx"
    return stream


def _upload(actor, template, house: House, organisation: int | None) -> ImportBatch:
    return actions.upload(
        actor,
        template=template.name,
        name="单位.xlsx",
        stream=workbook(*good(house)),
        division=house.village,
        organisation=organisation,
    )


def test_he_cannot_import_for_another_organisation_or_for_the_division(house: House, offer, manager):
    template = own_template(offer)
    for organisation in (house.other_provider.pk, None):
        with pytest.raises(Forbidden):
            _upload(manager, template, house, organisation)


def test_another_home_does_not_see_it_and_the_division_does(house: House, offer, manager):
    batch = _upload(manager, own_template(offer), house, house.provider.pk)
    outsider = house.actor(ROLE, house.other_village)
    officer = house.actor("district_officer", house.county)
    for actor, sees in ((manager, True), (outsider, False), (officer, True)):
        with entered(actor):
            assert ImportBatch.objects.filter(pk=batch.pk).exists() is sees


def test_a_template_without_own_records_stays_as_it_was():
    assert make_template().own is False
