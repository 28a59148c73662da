"""Everybody's state with every item of Ningbo's list: the whole city at once, a night in which little changed, and one
person whose fact changes; beside a loop in plain Python that reads and decides person by person, item by item.

With the product's own tables, constraints and settings, on SQLite. The loop reckons with the oracle of the benefits on a
sample and is extrapolated; it must say the same of the same persons. `./run bench entitlements [people]`.
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

from bench.benefits_month import (
    CITY,
    PERSON_COLUMNS,
    RECORDED,
    SEED,
    SPELL_COLUMNS,
    Stages,
    circumstances,
    division,
    persons,
)

SAMPLE, ASKED, NIGHT = 1_000, 100, 100
COLUMNS = ["what", "wall s", "CPU s", "peak MiB", "rows"]


def measure(arguments: list[str]) -> dict[str, Any]:
    """`./run bench entitlements [people]`; the default is 1,000,000."""
    people = int(arguments[0]) if arguments else 1_000_000
    with tempfile.TemporaryDirectory(prefix="yanglao-bench-") as name:
        folder = Path(name)
        told = {way: step(way, folder, people) for way in ("build", "first", "again", "night", "one", "loop")}
    rows = [row for way in ("first", "again", "night", "one", "loop") for row in told[way]["rows"]]
    return {
        "table": [{name: row.get(name, "") for name in COLUMNS} for row in rows],
        "notes": notes(people, told),
        "people": people,
    }


def notes(people: int, told: dict[str, Any]) -> list[str]:
    loop, first, one = told["loop"], told["first"], told["one"]
    whole = loop["cpu"] / loop["persons"] * people
    return [
        f"{people:,} people, {told['build']['circumstances']:,} circumstances, {first['items']} items of the list, "
        f"{first['due']:,} rows of the engine, {first['states']:,} states",
        f"one person's fact recorded by the action, all his states with it: median {one['median ms']} ms CPU, "
        f"95 of 100 under {one['p95 ms']} ms, the most {one['most ms']} ms (the first, which makes the statement, "
        f"{one['first ms']} ms); the states alone: median {one['states ms']} ms",
        f"the loop over {loop['persons']:,} persons took {loop['cpu']:.1f} s CPU; **extrapolated** to {people:,}: "
        f"{whole:,.0f} s, {whole / first['cpu']:,.0f} times the whole way",
        f"the loop and the engine say the same of these persons: {'yes' if loop['same'] else 'NO'}",
        "the processes a stage starts are counted; the nights change one person in a hundred",
    ]


def step(name: str, folder: Path, people: int) -> dict[str, Any]:
    """Run one way in a fresh process."""
    environment = {
        **os.environ,
        "YANGLAO_DATABASE": f"sqlite://{folder / 'city.sqlite3'}",
        "YANGLAO_VAR": str(folder / "var"),
        "DJANGO_SETTINGS_MODULE": "yanglao.settings",
    }
    command = [sys.executable, "-m", "bench.entitlements", name, str(people)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=environment)
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    print(f"{name}: {result}", file=sys.stderr)
    return result


# --- the ways -------------------------------------------------------------------------------------------------


def way_build(people: int) -> dict[str, Any]:
    """The register: as in benefits_month, and how people live, what they suffer from, what they receive already."""
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection, transaction
    from django.utils import timezone

    from yanglao.entitlement.benefits.models import PolicyFile
    from yanglao.kernel.bulk import insert
    from yanglao.kernel.divisions.models import Division
    from yanglao.kernel.packs.models import City
    from yanglao.registers.people.models import Circumstance, Person

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    codes = {division(n) for n in range(1, 100_000)}
    rows = [Division(code=CITY, name="宁波市", pinyin="ningbo", initials="nb", level=2)]  # i18n: data
    rows += [Division(code=code, name=str(code), level=5, parent_id=CITY) for code in sorted(codes)]
    Division.objects.bulk_create(rows)
    city = City.objects.create(id="ningbo", name="宁波市", root_id=CITY)  # i18n: data
    for path in sorted((settings.CITIES / "ningbo" / "policies").rglob("*.yaml")):
        name = path.relative_to(settings.CITIES / "ningbo").as_posix()
        PolicyFile.objects.create(
            city=city, name=name, text=path.read_text("utf8"), loaded_at=timezone.now(), replaced_at=None
        )
    with transaction.atomic():
        insert(Person, PERSON_COLUMNS, persons(people, random.Random(SEED)))
        spells = insert(Circumstance, SPELL_COLUMNS, circumstances(people, random.Random(SEED)))
        spells += insert(Circumstance, SPELL_COLUMNS, further(people, random.Random(SEED + 1)))
    with connection.cursor() as cursor:
        for kind in ("economic", "living", "ability"):  # today's projection, as the register keeps it
            cursor.execute(
                f"UPDATE people_person SET {kind} = c.value FROM people_circumstance c "
                f"WHERE c.person_id = people_person.id AND c.kind = '{kind}'"
            )
        cursor.execute("ANALYZE")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return {"circumstances": spells}


def further(people: int, chance: random.Random) -> Iterator[tuple[Any, ...]]:
    """Living, empty nest, disability and services, in about the shares of a city."""
    long_ago = dt.date(2020, 1, 1)
    for number in range(1, people + 1):
        living = chance.choices(["alone", "spouse", "children", "institution"], [12, 55, 30, 3])[0]
        yield (number, "living", living, "", long_ago, None, RECORDED, "走访")  # i18n: data
        for kind, share, values in (
            ("empty_nest", 0.2, ["listed"]),
            ("disability", 0.06, ["limb:1", "limb:2", "limb:3", "vision:2", "hearing:4"]),
            ("special_family", 0.01, ["child_lost", "child_disabled"]),
            ("home_adapted", 0.01, ["done"]),
            ("visited", 0.08, ["weekly", "monthly"]),
            ("veteran", 0.03, ["veteran", "disabled_soldier"]),
        ):
            if chance.random() < share:
                slot = "" if kind not in ("disability", "veteran") else "x"
                yield (
                    number,
                    kind,
                    chance.choice(values),
                    slot,
                    long_ago,
                    None,
                    RECORDED,
                    "名册",
                )  # i18n: data


def _city() -> Any:
    from yanglao.kernel.packs.models import City

    return City.objects.get(pk="ningbo")


def _recomputed(what: str) -> dict[str, Any]:
    from yanglao.entitlement.catalogue import nightly
    from yanglao.entitlement.catalogue.models import Entitlement
    from yanglao.kernel.accounts.actor import Actor
    from yanglao.kernel.scope import everything

    stages = Stages()
    done = stages.run(what, lambda: nightly.recompute(Actor.system("bench"), city=_city()))
    whole = stages.rows[0]
    rows = [{**whole, "rows": done.new + done.changed}]
    rows += [{"what": f"… {name}", "wall s": round(seconds, 2)} for name, seconds in done.seconds.items()]
    with everything("bench"):
        states = Entitlement.objects.count()
        items = Entitlement.objects.order_by().values("item").distinct().count()
    return {"rows": rows, "due": done.due, "states": states, "items": items, "cpu": whole["CPU s"]}


def way_first(people: int) -> dict[str, Any]:
    """From nothing: snapshot, engine, states, everything written."""
    return _recomputed("**whole city, from nothing**")


def way_again(people: int) -> dict[str, Any]:
    """Nothing changed: nothing is written."""
    return _recomputed("**whole city, nothing changed**")


def way_night(people: int) -> dict[str, Any]:
    """Of one person in a hundred it became known that he lives alone."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE people_circumstance SET value = 'alone' WHERE kind = 'living' AND value = 'spouse' "
            "AND person_id %% %s = 0",
            [NIGHT],
        )
    return _recomputed("**whole city, 1 % changed**")


def way_one(people: int) -> dict[str, Any]:
    """A fact of one person recorded by the action; what stands behind it included."""
    from yanglao.entitlement.catalogue import one
    from yanglao.kernel.accounts.actor import Actor
    from yanglao.kernel.scope import everything
    from yanglao.registers.people import actions
    from yanglao.registers.people.models import Person

    actor, taken, alone = Actor.system("bench"), [], []
    with everything("bench"):
        chosen = list(Person.objects.filter(death_date=None, pk__lte=people).order_by("pk")[7 : 7 + ASKED])
        for person in chosen:
            began = time.process_time()
            actions.record(
                actor,
                person,
                kind="economic",
                value="dibao",
                valid_from=dt.date(2026, 11, 1),
                source="低保名册",  # i18n: data
            )
            taken.append((time.process_time() - began) * 1000)
            began = time.process_time()
            one.refresh(person.pk)
            alone.append((time.process_time() - began) * 1000)
    later = sorted(taken[1:])
    found = {
        "first ms": round(taken[0]),
        "median ms": round(statistics.median(later), 1),
        "p95 ms": round(later[int(len(later) * 0.95)], 1),
        "most ms": round(later[-1], 1),
        "states ms": round(statistics.median(alone[1:]), 1),
    }
    row = {
        "what": "one person's fact changes (median)",
        "CPU s": round(statistics.median(later) / 1000, 4),
        "rows": 1,
    }
    return {**found, "rows": [row]}


def way_loop(people: int) -> dict[str, Any]:
    """The peer: read each person's facts through the ORM, decide every item in Python."""
    from django.utils import timezone

    from yanglao.entitlement.benefits.facts.schema import schema
    from yanglao.entitlement.benefits.rules.months import Month
    from yanglao.entitlement.catalogue import computing
    from yanglao.kernel.scope import everything

    with everything("bench"):
        plan = computing.plan_of(_city(), timezone.localdate())
        assert plan is not None
        began = time.process_time()
        found = _decided(plan, min(SAMPLE, people), Month.of(timezone.localdate()))
        cpu = time.process_time() - began
        same = found == _standing(min(SAMPLE, people))
    assert schema().subjects["person"]
    row = {
        "what": f"loop in Python, {min(SAMPLE, people):,} persons",
        "CPU s": round(cpu, 1),
        "rows": len(found),
    }
    return {"rows": [row], "cpu": cpu, "persons": min(SAMPLE, people), "same": same}


def _decided(plan: Any, number: int, month: Any) -> set[tuple[int, int]]:
    """(person, item) of all who are entitled, person by person."""
    import yaml

    from yanglao.entitlement.benefits.facts.schema import schema
    from yanglao.entitlement.benefits.oracle.paper import Paper
    from yanglao.entitlement.benefits.oracle.reckoning import reckon
    from yanglao.entitlement.benefits.rules.cases import Spell
    from yanglao.entitlement.catalogue.lists import compiling
    from yanglao.entitlement.policymaking.made_up import facts_of
    from yanglao.registers.people.models import Circumstance, Person

    subject = schema().subjects["person"]
    papers = [Paper(yaml.safe_load(p.text), schema()) for p in plan.policies]
    ruled = {item for policy, item, has in plan.speaks if policy.startswith(compiling.PREFIX) and not has}
    decides = {
        policy: item
        for policy, item, has in plan.speaks
        if not has and (policy.startswith(compiling.PREFIX) or item not in ruled)
    }
    found = set()
    for person in Person.objects.filter(pk__lte=number).order_by("pk"):
        values: dict[str, Any] = {
            "birth_date": person.birth_date,
            "death_date": person.death_date,
            "sex": person.sex,
        }
        for row in Circumstance.objects.filter(person=person, replaced_at=None).order_by(
            "kind", "valid_from"
        ):
            name, value = _fact(row.kind, row.value)
            if name in subject.facts:
                until = row.valid_to or dt.date(
                    2100, 1, 1
                )  # a figure by the month says of one month only else
                values[name] = (*values.get(name, ()), Spell(value, row.valid_from, until))
        facts = facts_of(values, subject)
        for policy in papers:
            if policy.id in decides and reckon([policy], [facts], [int(month)]):
                found.add((person.pk, decides[policy.id]))
    return found


def _fact(kind: str, value: str) -> tuple[str, Any]:
    if kind in ("hukou", "residence"):
        return kind, int(value)
    return ("disability_grade", int(value[-1])) if kind == "disability" else (kind, value)


def _standing(number: int) -> set[tuple[int, int]]:
    from yanglao.entitlement.catalogue.models import Entitlement
    from yanglao.entitlement.catalogue.rules import DUE

    rows = Entitlement.objects.filter(person_id__lte=number, state__in=DUE)
    return set(rows.order_by().values_list("person_id", "item_id"))


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(globals()[f"way_{sys.argv[1]}"](int(sys.argv[2]))))
