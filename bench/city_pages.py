"""Every page of the registers at 1,000,000 persons, 5,000 homes and 100,000 beds.

A city officer, a district officer, a street worker and a home's manager each start at their desk and follow every
link to a page they have not seen the like of; each kind of page is then asked for again and again, in one process,
one after the other. The table holds the slowest first; for each page, who found it slowest. Also how long the
database takes to write the occupancies while it looks at each for an overlap.
`./run bench city_pages [homes] [persons] [roles]`; YANGLAO_BENCH_VAR keeps the city in a folder, to be measured again.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from bench import _city
from bench.people_pages import fill, folder

ASKED, SECONDS = (
    40,
    2.0,
)  # a page is asked for so often, and a slow one no longer than that (at least 8 times)
VARIANTS = 4  # of one address, with different filters
WHO = ("city_officer", "district_officer", "street_worker", "care_home_manager")
ROOMS = ("people", "households", "comparison", "find", "places", "operators", "stays", "beds", "workforce",
         "training", "train", "estates", "cases", "")  # fmt: skip


def measure(arguments: list[str]) -> dict[str, Any]:
    homes = int(arguments[0]) if arguments else 5_000
    persons = max(int(arguments[1]) if len(arguments) > 1 else 1_000_000, _city.persons_needed(homes))
    with folder() as var:
        environment = {**os.environ, "YANGLAO_VAR": str(var)}
        fill(var, persons, environment)
        result = var / "result.json"
        who = arguments[2] if len(arguments) > 2 else ",".join(WHO)
        command = [sys.executable, "-m", "bench.city_pages", str(homes), str(result), who]
        subprocess.run(command, env=environment, check=True)
        found: dict[str, Any] = json.loads(result.read_text())
    found["notes"].insert(0, f"{persons:,} persons")
    return found


def main(homes: int, roles: list[str]) -> dict[str, Any]:
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "yanglao.settings"
    django.setup()
    from django.core.management import call_command
    from django.db import connection

    import yanglao.wsgi  # noqa: F401  the collector leaves alone what is loaded, as in the server
    from yanglao.registers.places.models import Place

    call_command("migrate", verbosity=0)
    seconds = None
    if not Place._base_manager.exists():
        seconds = _city.fill(homes)
        _city.manager_of_the_first_home()
    pages: dict[str, dict[str, Any]] = {}
    for who in roles:
        for row in asked(who):
            if row["page"] not in pages or pages[row["page"]]["p95 ms"] < row["p95 ms"]:
                pages[row["page"]] = row
    table = sorted(pages.values(), key=lambda row: -row["p95 ms"])
    notes = [f"{homes * _city.BEDS:,} beds, {homes * _city.RESIDENTS:,} residents on {connection.vendor}"]
    notes.append(f"asked as {', '.join(roles)}")
    notes.append(f"{len(table)} kinds of page, {sum(r['p95 ms'] < 500 for r in table)} of them within 500 ms")
    if seconds is not None:
        notes.append(f"occupancies, each looked at for an overlap, written in {seconds:.1f} s")
    return {"table": table, "notes": notes, "size": homes}


class Links(HTMLParser):
    """The addresses a page leads to."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.page, self.found = page, list[str]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        href = dict(attrs).get("href")
        if tag == "a" and href:
            self.found.append(urljoin(self.page, href.partition("#")[0]))


def asked(who: str) -> list[dict[str, Any]]:
    """One row a kind of page that can be reached by links."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from yanglao.kernel.accounts.models import User

    client = Client()
    client.force_login(User.objects.get(username=who))
    seen: dict[str, str] = {}
    waiting, rows = ["/"], []
    while waiting:
        url = waiting.pop(0)
        kind = _kind(url)
        if kind is None or kind in seen or _variants(seen, kind) >= VARIANTS:
            continue
        seen[kind] = url
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(url)
        number = len(queries)  # the next request clears the log
        if answer.status_code != 200 or not answer.headers["Content-Type"].startswith("text/html"):
            continue
        links = Links(url)
        links.feed(answer.content.decode())
        waiting += links.found
        rows.append({"page": kind, "who": who, "queries": number, **_timed(client, url)})
        print(rows[-1], file=sys.stderr, flush=True)
    return rows


def _kind(url: str) -> str | None:
    """The route of an address in the rooms measured, with the names of its parameters; None for any other."""
    from django.urls import Resolver404, resolve

    parts = urlsplit(url)
    if parts.netloc or parts.path.split("/")[1] not in ROOMS:
        return None
    try:
        route = resolve(parts.path).route
    except Resolver404:
        return None
    names = "&".join(sorted(p.partition("=")[0] for p in parts.query.split("&") if p))
    return f"/{route}" + (f"?{names}" if names else "")


def _variants(seen: dict[str, str], kind: str) -> int:
    return sum(other.partition("?")[0] == kind.partition("?")[0] for other in seen)


def _timed(client: Any, url: str) -> dict[str, float]:
    waits: list[float] = []
    while len(waits) < 8 or (len(waits) < ASKED and sum(waits) < SECONDS * 1000):
        start = time.perf_counter()
        client.get(url)
        waits.append((time.perf_counter() - start) * 1000)
    cuts = statistics.quantiles(waits, n=100, method="inclusive")
    return {"p50 ms": round(cuts[49], 1), "p95 ms": round(cuts[94], 1)}


if __name__ == "__main__":
    Path(sys.argv[2]).write_text(json.dumps(main(int(sys.argv[1]), sys.argv[3].split(","))))
