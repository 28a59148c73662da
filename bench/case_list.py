"""A worker's list of what waits among 100,000 open cases, a leader's page of what is late, opening and performing.

Cases lie over 10 counties and 160 streets as a city's do: 70 % wait for streets, 30 % for counties; then, as the worst
there can be, all of them at one desk. Lists are asked for as the page does: the first 50 with their cases, and how
many there are. `./run bench case_list [cases]`; the default is 100,000 on SQLite, or on YANGLAO_DATABASE.
"""

from __future__ import annotations

import datetime as dt
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

BATCH = 2_000
ASKED = 200


def measure(arguments: list[str]) -> dict[str, Any]:
    cases = int(arguments[0]) if arguments else 100_000
    with tempfile.TemporaryDirectory(prefix="yanglao-bench-") as folder:
        environment = {**os.environ, "YANGLAO_VAR": folder}
        result = Path(folder) / "result.json"
        command = [sys.executable, "-m", "bench.case_list", str(cases), str(result)]
        subprocess.run(command, env=environment, check=True)
        import json

        found: dict[str, Any] = json.loads(result.read_text())
    return found


def main(cases: int) -> dict[str, Any]:
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
    started = time.monotonic()
    fill(cases)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    filled = time.monotonic() - started
    table = [*lists("spread over the city"), leader(), *changes()]
    crowd()
    table += lists("all at one desk")
    notes = [f"{cases:,} open cases on {connection.vendor}, written in {filled:.0f} s"]
    return {"table": table, "notes": notes, "size": cases}


def fill(cases: int) -> None:
    """Rows as the engine writes them, in bulk: opening each by its action is measured apart."""
    from django.db import transaction

    from yanglao.kernel.scope import everything

    draw = random.Random(20261101)
    with everything("bench"):
        for first in range(0, cases, BATCH):
            with transaction.atomic():
                write(range(first, min(first + BATCH, cases)), draw)


def write(numbers: range, draw: random.Random) -> None:
    from bench._register import village
    from yanglao.kernel.cases.models import Case, Entry, Task
    from yanglao.kernel.cases.people import desk_for, place_for
    from yanglao.kernel.cases.queries import version_for

    made = []
    for number in numbers:
        process = "clue" if draw.random() < 0.7 else "institution-filing"
        division = village(draw)
        version = version_for(process, division)
        opened = dt.datetime(2026, 11, 1, 9, tzinfo=dt.UTC) - dt.timedelta(days=draw.randint(0, 40))
        made.append(
            Case(
                number=f"{division // 10**6}-2025-{number:06d}",
                process=process,
                version=version,
                title=f"某件{number}",
                division_id=division,
                query_code="ABCDEF",
                step=version.read.start,
                opened_at=opened,
                opened_on=opened.date(),
                counts_from=opened.date(),
            )
        )
    Case.objects.bulk_create(made)
    tasks = []
    for case in made:
        duty = case.version.read.duty(case.step)
        assert duty.who is not None
        tasks.append(
            Task(
                case=case,
                process=case.process,
                step=case.step,
                name=duty.name,
                division_id=case.division_id,
                place_id=place_for(case.division_id, duty.who.level),
                desk=desk_for(duty.who),
                opened_at=case.opened_at,
                opened_on=case.opened_on,
                days=duty.days,
                due=case.opened_on + dt.timedelta(days=7),
            )
        )
    Task.objects.bulk_create(tasks)
    Entry.objects.bulk_create(Entry(case=case, at=case.opened_at, kind="opened") for case in made)


def actor(role: str) -> Any:
    from yanglao.kernel.accounts.actor import Actor
    from yanglao.kernel.accounts.models import User

    return Actor.of(User.objects.get(username=role), "page")


def lists(where: str) -> list[dict[str, Any]]:
    from yanglao.kernel.cases.queries import waiting

    rows = []
    for role in ("street_worker", "district_officer", "city_officer"):
        who = actor(role)
        count = waiting(who).count()
        rows.append(
            timed(f"{role}'s list, {where}", lambda who=who: [str(t.case) for t in waiting(who)[:50]], count)
        )
        rows.append(timed(f"{role}: how many, {where}", lambda who=who: waiting(who).count(), count))
    return rows


def leader() -> dict[str, Any]:
    from yanglao.kernel.cases.queries import late

    who = actor("city_officer")
    return timed("what is late where, city", lambda: late(who), sum(line.count for line in late(who)), 20)


def changes() -> list[dict[str, Any]]:
    """Opening a case and performing its step, each with its audit entry."""
    from yanglao.kernel.accounts.actor import Actor
    from yanglao.kernel.cases.actions import open_case, perform
    from yanglao.kernel.cases.queries import open_tasks

    system, worker = Actor.system("bench"), actor("street_worker")
    opened: list[Any] = []

    def opening() -> None:
        opened.append(open_case(system, "clue", title="某件", division=330212005001))

    def performing() -> None:
        perform(worker, open_tasks(opened.pop()).get(), outcome="dismiss", reason="核实不属实")

    return [timed("open a case", opening, 1), timed("perform its step", performing, 1)]


def crowd() -> None:
    """Every open task waits at one county's desk."""
    from yanglao.kernel.cases.models import Desk, Task
    from yanglao.kernel.scope import everything

    with everything("bench"):
        desk = Desk.objects.get(roles="city_officer district_officer", kind="bureau")
        Task.objects.filter(state="open").update(place=330212000000, desk=desk)


def timed(what: str, run: Callable[[], object], rows: int, asked: int = ASKED) -> dict[str, Any]:
    run()
    waits = []
    for _n in range(asked):
        start = time.perf_counter()
        run()
        waits.append((time.perf_counter() - start) * 1000)
    cuts = statistics.quantiles(waits, n=100)
    return {"what": what, "rows": rows, "p50 ms": round(cuts[49], 1), "p95 ms": round(cuts[94], 1)}


if __name__ == "__main__":
    import json

    Path(sys.argv[2]).write_text(json.dumps(main(int(sys.argv[1]))))
