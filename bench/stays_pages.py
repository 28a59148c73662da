"""Bed map, a place, residents, waiting list, beds, occupancy and the desk at 5,000 homes.

Every home has 20 beds, 16 residents and one who waits: 100,000 beds, 80,000 open stays. A page is asked for as a city
officer, a district officer and a home's manager would, one after the other, in one process; also how long it takes the
database to write the occupancies while it looks at each for an overlap. `./run bench stays_pages [homes]`; the
default is 5,000 on SQLite, or on YANGLAO_DATABASE.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

BEDS, RESIDENTS, ASKED = 20, 16, 30
KINDS = ("ordinary", "nursing", "dementia")


def measure(arguments: list[str]) -> dict[str, Any]:
    homes = int(arguments[0]) if arguments else 5_000
    with tempfile.TemporaryDirectory(prefix="yanglao-bench-") as folder:
        environment = {**os.environ, "YANGLAO_VAR": folder}
        result = Path(folder) / "result.json"
        command = [sys.executable, "-m", "bench.stays_pages", str(homes), str(result)]
        subprocess.run(command, env=environment, check=True)
        found: dict[str, Any] = json.loads(result.read_text())
    return found


def main(homes: int) -> dict[str, Any]:
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "yanglao.settings"
    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from bench._register import accounts, divisions

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    divisions()
    accounts()
    seconds = fill(homes)
    _manager()
    table = [row for role in ("city_officer", "district_officer", "care_home_manager") for row in asked(role)]
    notes = [
        f"{homes * BEDS:,} beds and {homes * RESIDENTS:,} residents on {connection.vendor}",
        f"their occupancies, each looked at for an overlap, written in {seconds:.1f} s",
    ]
    return {"table": table, "notes": notes, "size": homes}


def fill(homes: int) -> float:
    """Homes, beds, persons and stays in bulk; how many seconds the occupancies took."""
    from django.db import transaction

    from yanglao.kernel import bulk
    from yanglao.registers.stays.models import Bed, BedSpell, CareLevel, Occupancy, Room, Stay

    now, beds = dt.datetime.now(dt.UTC), range(1, homes * BEDS + 1)
    with transaction.atomic():
        _places_and_people(homes, now)
        rooms = (
            (n, (n - 1) * 2 // BEDS + 1, "", 1 + n % 4, f"{101 + n % (BEDS // 2)}", "", False, "", "")
            for n in range(1, homes * BEDS // 2 + 1)
        )
        columns = ("id", "place_id", "building", "floor", "name", "kind", "dementia", "note", "source")
        bulk.insert(Room, columns, rooms)
        columns = ("id", "place_id", "room_id", "number", "source")
        bulk.insert(
            Bed, columns, ((n, (n - 1) // BEDS + 1, (n - 1) // 2 + 1, str(1 + (n - 1) % 2), "") for n in beds)
        )
        columns = ("id", "bed_id", "kind", "state", "valid_from", "source")
        first = dt.date(2021, 1, 1)
        bulk.insert(BedSpell, columns, ((n, n, KINDS[n % 3], "use", first, "") for n in beds))
        columns = (
            "id", "uid", "place_id", "person_id", "state", "kind", "payer", "level", "bed_kind", "bed_id",
            "applied_on", "rank", "rank_rule", "admitted_on", "end", "note", "source", "added_at", "updated_at",
        )  # fmt: skip
        bulk.insert(Stay, columns, _stays(homes, now))
        columns = ("id", "stay_id", "level", "valid_from", "reason")
        bulk.insert(CareLevel, columns, ((n, n, "half", on, "") for n, _p, bed, on in _who(homes) if bed))
        started = time.monotonic()
        columns = ("id", "stay_id", "place_id", "bed_id", "person_id", "since", "source")
        bulk.insert(Occupancy, columns, ((n, n, p, bed, n, on, "") for n, p, bed, on in _who(homes) if bed))
        seconds = time.monotonic() - started
        bulk.refresh_statistics(Room, Bed, BedSpell, Stay, Occupancy, CareLevel)
    return seconds


def _who(homes: int) -> Iterator[tuple[int, int, int | None, dt.date]]:
    """(stay and person, home, bed or None for who waits, day of admission or application)."""
    today, number = dt.date.today(), 0
    for home in range(1, homes + 1):
        for place in range(RESIDENTS + 1):
            number += 1
            on = today - dt.timedelta(days=1 + number * 7 % 900)
            yield number, home, (home - 1) * BEDS + place + 1 if place < RESIDENTS else None, on


def _stays(homes: int, now: dt.datetime) -> Iterator[tuple[Any, ...]]:
    for number, home, bed, on in _who(homes):
        state, admitted = ("admitted", on) if bed else ("waiting", None)
        yield (
            number, uuid4(), home, number, state, "long", "self", "half", "", bed,
            on, 99 if number % 10 else 0, "" if number % 10 else "tekun", admitted, "", "", "", now, now,
        )  # fmt: skip


def _places_and_people(homes: int, now: dt.datetime) -> None:
    from bench._register import village
    from yanglao.kernel import bulk
    from yanglao.registers.people.models import Person
    from yanglao.registers.places.models import Place

    draw = random.Random(20261101)
    Place.objects.bulk_create(
        [
            Place(
                id=n, name=f"养老院{n}", pinyin=f"yanglaoyuan{n}", initials="yly", kind="care_home",
                division_id=village(draw), opened_on=dt.date(2020, 1, 1),
            )
            for n in range(1, homes + 1)
        ],
        batch_size=500,
    )  # fmt: skip
    columns = (
        "id", "uid", "name", "pinyin", "initials", "sex", "birth_date", "ethnicity", "note", "hukou_id",
        "residence_id", "economic", "living", "ability", "source", "added_at", "updated_at",
    )  # fmt: skip
    born = dt.date(1940, 1, 1)
    rows = (
        (
            n, uuid4(), f"张{n % 1000}", f"zhang{n % 1000}", "z", 1 + n % 2, born, "", "", at, at, "",
            "institution", "", "", now, now,
        )
        for n in range(1, homes * (RESIDENTS + 1) + 1)
        for at in [village(draw)]
    )  # fmt: skip
    bulk.insert(Person, columns, rows)


def _manager() -> None:
    from yanglao.kernel.accounts.models import Grant, Organisation, User
    from yanglao.kernel.scope import everything
    from yanglao.registers.places.models import Place

    with everything("the manager of the first home"):
        place = Place.objects.get(pk=1)
        body = Organisation.objects.create(name="养老院", kind="provider", division_id=place.division_id)
        Place.objects.filter(pk=1).update(organisation=body)
        user = User.objects.create(username="care_home_manager", name="甲某")
        Grant.objects.create(
            user=user, role="care_home_manager", organisation=body, division_id=place.division_id
        )


def asked(role: str) -> list[dict[str, Any]]:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from yanglao.kernel.accounts.models import User
    from yanglao.registers.places.models import Place

    client = Client()
    client.force_login(User.objects.get(username=role))
    seen = Place._base_manager.filter(division_id__gte=330212000000, division_id__lte=330212999999)
    place = 1 if role == "care_home_manager" else seen.order_by("pk").values_list("pk", flat=True)[0]
    rows = []
    for what, url in _pages(place):
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(url)
        number = len(queries)  # the next request clears the log
        assert answer.status_code == 200, f"{url}: {answer.status_code}"
        waits = []
        for _n in range(ASKED):
            start = time.perf_counter()
            client.get(url)
            waits.append((time.perf_counter() - start) * 1000)
        cuts = statistics.quantiles(waits, n=100)
        times = {"p50 ms": round(cuts[49], 1), "p95 ms": round(cuts[94], 1)}
        rows.append({"who": role, "page": what, "queries": number, **times})
    return rows


def _pages(place: int) -> list[tuple[str, str]]:
    return [
        ("bed map", f"/stays/places/{place}/map/"),
        ("place", f"/places/{place}/"),
        ("residents", "/stays/?state=admitted"),
        ("waiting list", "/stays/waiting/"),
        ("beds", "/beds/"),
        ("occupancy", "/stays/occupancy/"),
        ("occupancy on a past day", "/stays/occupancy/?on=2025-06-15"),
        ("desk", "/"),
    ]


if __name__ == "__main__":
    Path(sys.argv[2]).write_text(json.dumps(main(int(sys.argv[1]))))
