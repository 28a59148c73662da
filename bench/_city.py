"""Fills a city's places, beds, stays, workers, courses and estates in bulk, beside the persons that are there.

Every home has 20 beds, 16 residents and one who waits; 8 workers, 6 of them certified; one estate and one course
session a home by five. Invented figures; no real person can hold the numbers used.
"""

from __future__ import annotations

import datetime as dt
import random
import time
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

from bench._register import village

BEDS, RESIDENTS, STAFF, CERTIFIED, TRAINEES = 20, 16, 8, 6, 12
KINDS = ("ordinary", "nursing", "dementia")
FIRST = dt.date(2021, 1, 1)


def persons_needed(homes: int) -> int:
    return homes * (RESIDENTS + 1)


def fill(homes: int) -> float:
    """Everything but the persons 1 … `persons_needed(homes)`; seconds the occupancies took, each looked at for an overlap."""
    from django.db import connection, transaction

    with transaction.atomic():
        _places(homes)
        seconds = _stays(homes)
        _workers(homes)
        _training(homes)
        _estates(homes)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return seconds


def persons(homes: int) -> None:
    """The residents and those who wait, where no register of persons stands yet."""
    from yanglao.kernel import bulk
    from yanglao.registers.people.models import Person

    draw, now, born = random.Random(20261101), dt.datetime.now(dt.UTC), dt.date(1940, 1, 1)
    columns = (
        "id", "uid", "name", "pinyin", "initials", "sex", "birth_date", "ethnicity", "note", "hukou_id",
        "residence_id", "economic", "living", "ability", "source", "added_at", "updated_at",
    )  # fmt: skip
    rows = (
        (
            n, uuid4(), f"张{n % 1000}", f"zhang{n % 1000}", "z", 1 + n % 2, born, "", "", at, at, "",
            "institution", "", "", now, now,
        )
        for n in range(1, persons_needed(homes) + 1)
        for at in [village(draw)]
    )  # fmt: skip
    bulk.insert(Person, columns, rows)


def _places(homes: int) -> None:
    from yanglao.registers.places.models import Place

    draw = random.Random(20261101)
    Place.objects.bulk_create(
        [
            Place(
                id=n, name=f"养老院{n}", pinyin=f"yanglaoyuan{n}", initials="yly", kind="care_home", state="open",
                division_id=village(draw), opened_on=dt.date(2020, 1, 1), beds=BEDS, ownership="private",
                longitude=121.3 + draw.random() / 2, latitude=29.6 + draw.random() / 2,
            )
            for n in range(1, homes + 1)
        ],
        batch_size=500,
    )  # fmt: skip


def _stays(homes: int) -> float:
    from yanglao.kernel import bulk
    from yanglao.registers.stays.models import Bed, BedSpell, CareLevel, Occupancy, Room, Stay

    beds = range(1, homes * BEDS + 1)
    rooms = (
        (n, (n - 1) * 2 // BEDS + 1, "", 1 + n % 4, f"{101 + n % (BEDS // 2)}", "", False, "", "")
        for n in range(1, homes * BEDS // 2 + 1)
    )
    columns: tuple[str, ...] = (
        "id",
        "place_id",
        "building",
        "floor",
        "name",
        "kind",
        "dementia",
        "note",
        "source",
    )
    bulk.insert(Room, columns, rooms)
    columns = ("id", "place_id", "room_id", "number", "source")
    bulk.insert(
        Bed, columns, ((n, (n - 1) // BEDS + 1, (n - 1) // 2 + 1, str(1 + (n - 1) % 2), "") for n in beds)
    )
    columns = ("id", "bed_id", "kind", "state", "valid_from", "source")
    bulk.insert(BedSpell, columns, ((n, n, KINDS[n % 3], "use", FIRST, "") for n in beds))
    columns = (
        "id", "uid", "place_id", "person_id", "state", "kind", "payer", "level", "bed_kind", "bed_id",
        "applied_on", "rank", "rank_rule", "admitted_on", "end", "note", "source", "added_at", "updated_at",
    )  # fmt: skip
    bulk.insert(Stay, columns, _stay_rows(homes))
    columns = ("id", "stay_id", "level", "valid_from", "reason")
    bulk.insert(CareLevel, columns, ((n, n, "half", on, "") for n, _p, bed, on in _who(homes) if bed))
    started = time.monotonic()
    columns = ("id", "stay_id", "place_id", "bed_id", "person_id", "since", "source")
    bulk.insert(Occupancy, columns, ((n, n, p, bed, n, on, "") for n, p, bed, on in _who(homes) if bed))
    return time.monotonic() - started


def _who(homes: int) -> Iterator[tuple[int, int, int | None, dt.date]]:
    """(stay and person, home, bed or None for who waits, day of admission or application)."""
    today, number = dt.date.today(), 0
    for home in range(1, homes + 1):
        for place in range(RESIDENTS + 1):
            number += 1
            on = today - dt.timedelta(days=1 + number * 7 % 900)
            yield number, home, (home - 1) * BEDS + place + 1 if place < RESIDENTS else None, on


def _stay_rows(homes: int) -> Iterator[tuple[Any, ...]]:
    now = dt.datetime.now(dt.UTC)
    for number, home, bed, on in _who(homes):
        state, admitted = ("admitted", on) if bed else ("waiting", None)
        yield (
            number, uuid4(), home, number, state, "long", "self", "half", "", bed,
            on, 99 if number % 10 else 0, "" if number % 10 else "tekun", admitted, "", "", "", now, now,
        )  # fmt: skip


def _workers(homes: int) -> None:
    from yanglao.kernel import bulk
    from yanglao.registers.workforce.models import Certificate, Employment, Worker

    draw, now, at = random.Random(7), dt.datetime.now(dt.UTC), _divisions()
    people = [(n, (n - 1) // STAFF + 1) for n in range(1, homes * STAFF + 1)]
    columns: tuple[str, ...] = (
        "id", "uid", "name", "pinyin", "initials", "sex", "birth_date", "id_number", "education", "school",
        "major", "employer_outside", "note", "division_id", "post", "source", "added_at", "updated_at",
    )  # fmt: skip
    rows = (
        (
            n, uuid4(), f"李{n % 1000}", f"li{n % 1000}", "l", 2, dt.date(1975, 1, 1) + dt.timedelta(n % 9000),
            b"", "", "", "", "", "", at[home], "carer", "", now, now,
        )
        for n, home in people
    )  # fmt: skip
    bulk.insert(Worker, columns, rows)
    columns = (
        "id", "worker_id", "place_id", "division_id", "post", "title", "full_time", "starts", "left", "contract",
        "insured", "pay", "main", "source", "recorded_at",
    )  # fmt: skip
    started = {n: FIRST + dt.timedelta(days=draw.randrange(1500)) for n, _home in people}
    bulk.insert(
        Employment, columns,
        ((n, n, home, at[home], "carer", "", True, started[n], "", "", "", "", True, "", now) for n, home in people),
    )  # fmt: skip
    columns = (
        "id", "worker_id", "kind", "level", "number", "issuer", "issued_on", "verified_how", "source", "recorded_at",
    )  # fmt: skip
    held = (
        (n, n, "carer_skill", 5, str(n), "", started[n], "", "", now)
        for n, _home in people
        if n % STAFF < CERTIFIED
    )
    bulk.insert(Certificate, columns, held)
    Worker._base_manager.update(spell_id=_own_id())


def _own_id() -> Any:
    from django.db.models import F

    return F("pk")  # a worker's only employment bears his number


def _divisions() -> dict[int, int]:
    from yanglao.registers.places.models import Place

    return dict(Place._base_manager.values_list("pk", "division_id"))


def _training(homes: int) -> None:
    from yanglao.kernel import bulk
    from yanglao.registers.training.models import Course, Enrolment, Lesson, Session, Trainee

    now, today, at = dt.datetime.now(dt.UTC), dt.date.today(), _divisions()
    course = Course.objects.create(name="养老护理员培训", kind="carer", division_id=330200000000, hours=16)
    sessions = range(1, homes // 5 + 1)
    columns: tuple[str, ...] = (
        "id", "code", "course_id", "kind", "name", "pinyin", "division_id", "place_id", "address", "teachers",
        "contact", "capacity", "waiting_room", "taken", "open_to_public", "fee", "funding", "state", "first_on",
        "last_on", "source", "added_at",
    )  # fmt: skip
    days = {n: today + dt.timedelta(days=n % 400 - 300) for n in sessions}
    bulk.insert(
        Session, columns,
        (
            (
                n, f"S{n:06}", course.pk, "carer", f"第{n}期", f"diqi{n}", at[n * 5], n * 5, "", "", "", 30, 10,
                TRAINEES, True, 0, "", "open" if days[n] > today else "closed", days[n], days[n], "", now,
            )
            for n in sessions
        ),
    )  # fmt: skip
    columns = ("id", "session_id", "number", "on", "hours", "topic", "teacher", "uid")
    bulk.insert(Lesson, columns, ((n, n, 1, days[n], "8", "", "", uuid4()) for n in sessions))
    trainees = range(1, len(sessions) * TRAINEES + 1)
    columns = ("id", "uid", "name", "pinyin", "workplace", "division_id", "added_at")
    bulk.insert(
        Trainee,
        columns,
        ((n, uuid4(), f"周{n % 1000}", "zhou", "", at[n % homes + 1], now) for n in trainees),
    )
    columns = (
        "id",
        "uid",
        "number",
        "session_id",
        "trainee_id",
        "state",
        "via",
        "queued_at",
        "hours",
        "source",
    )
    bulk.insert(
        Enrolment, columns,
        ((n, uuid4(), f"E{n:08}", (n - 1) // TRAINEES + 1, n, "in", "list", now, "0", "") for n in trainees),
    )  # fmt: skip


def _estates(homes: int) -> None:
    from yanglao.kernel import bulk
    from yanglao.registers.estates.models import Estate

    now, at = dt.datetime.now(dt.UTC), _divisions()
    columns = (
        "id", "name", "pinyin", "initials", "division_id", "kind", "households", "developer", "decided_on",
        "land_document", "note", "required_area", "source", "updated_at",
    )  # fmt: skip
    bulk.insert(
        Estate, columns,
        (
            (n, f"小区{n}", f"xiaoqu{n}", "xq", at[n], "new", 800, "", dt.date(2022, 1, 1), "", "", "300", "", now)
            for n in range(1, homes + 1)
        ),
    )  # fmt: skip


def manager_of_the_first_home() -> None:
    """The account `care_home_manager`."""
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
