"""A month in the small city: Ningbo's policies, a few invented people, a run as far as it is wanted."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.utils import timezone

from tests.harness.house import House
from yanglao.entitlement.benefits import actions, computing
from yanglao.entitlement.benefits.models import PolicyFile, Run, SpotCheck
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.cases.daily import end_by_itself
from yanglao.kernel.cases.models import Task
from yanglao.kernel.packs.models import City
from yanglao.kernel.scope import Level, everything
from yanglao.kernel.scope.spans import ancestor
from yanglao.registers.people.actions import set_pay_account
from yanglao.registers.people.models import Person
from yanglao.registers.people.tests.sample import make

MONTH = 202611
POLICY = "ningbo-advanced-age-allowance"
STARTER, REVIEWER, APPROVER = "city_officer", "reviewer", "approver"


def load_policies(house: House) -> None:
    """Ningbo's policy files as if its folder had been loaded."""
    city, _ = City.objects.get_or_create(id="ningbo", defaults={"name": "宁波市", "root_id": house.city})
    folder = settings.CITIES / "ningbo"
    for path in sorted((folder / "policies").rglob("*.yaml")):
        PolicyFile.objects.get_or_create(
            city=city,
            name=path.relative_to(folder).as_posix(),
            replaced_at=None,
            defaults={"text": path.read_text("utf8"), "loaded_at": timezone.now()},
        )


def people(house: House) -> list[Person]:
    """One of 86 (60 yuan), one of 96 (100), one of 101 (800) elsewhere in the city, one of 70; the first has an account."""
    born = [dt.date(1940, 5, 1), dt.date(1930, 5, 1), dt.date(1925, 5, 1), dt.date(1956, 5, 1)]
    places = [house.village, house.village, house.other_village, house.village]
    made = [
        make(n, born=day, place=place) for n, (day, place) in enumerate(zip(born, places, strict=True), 1)
    ]
    with everything("a test's city"):
        set_pay_account(
            Actor.system("test"),
            made[0],
            account="6222020000000000017",
            bank="农商银行",
            on=dt.date(2020, 1, 1),
            source="名册",
        )
    return made


def run(house: House, until: str = "computed", month: int = MONTH) -> Run:
    """A run brought to a state by as many people as it takes: draft · computed · checked · reviewed (the list is
    public) · published (it waits for approval) · approved."""
    starter = house.actor(STARTER, house.city)
    made = actions.start(starter, division=house.city, month=month, policies=[POLICY])
    if until == "draft":
        return made
    made = computing.compute_run(starter, made)
    if until == "computed":
        return made
    made = checked(house, made)
    if until == "checked":
        return made
    made = actions.review(house.actor(REVIEWER, house.city), made)
    if until == "reviewed":
        return made
    made = end_publicity(made)
    if until == "approved":
        made = actions.approve(house.actor(APPROVER, house.city), made)
    return made


def checked(house: House, run: Run) -> Run:
    """Every street has looked at those it drew and confirmed them."""
    with everything("a test's city"):
        spots = list(SpotCheck.objects.filter(run=run).order_by("pk"))
    for spot in spots:
        street = ancestor(spot.division_id, Level.STREET)
        actions.check(house.actor("street_worker", street), spot, verdict="confirmed")
    return actions.sum_up(house.actor(STARTER, house.city), run)


def end_publicity(run: Run) -> Run:
    """As if the days of the public list had passed and nobody had objected."""
    with everything("a test's city"):
        task = Task.objects.get(case=run.case, step="publicise", state="open")
        past = task.opened_on - dt.timedelta(days=1)
        Task.objects.filter(pk=task.pk).update(opened_on=past, due=past)
        task.refresh_from_db()
        assert end_by_itself(Actor.system("test"), task) == "undisputed"
    run.refresh_from_db()
    return run
