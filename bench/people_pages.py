"""Person list, search and person page at 1,000,000 persons on SQLite, with 20 people clicking at once.

gunicorn (2 workers × 8 threads) serves a register written by the roster's own commit; 20 signed-in users (city,
district and street) ask for page after page, half a second to one and a half between them. Times are what a user
waits, in milliseconds, connection included. `./run bench people [persons] [seconds]`; the default is 1,000,000 and 60.
YANGLAO_BENCH_VAR keeps the register in a folder, to be measured again.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from bench._register import PASSWORD, ROLES

PORT = 8177
USERS = 20
READS = (0.5, 1.5)  # seconds a user looks at a page
NAMES = ["王", "陈国", "zgm", "lx", "wangjian", "zengx", "0015", "1234"]


def measure(arguments: list[str]) -> dict[str, Any]:
    persons = int(arguments[0]) if arguments else 1_000_000
    seconds = int(arguments[1]) if len(arguments) > 1 else 60
    with folder() as var:
        environment = {**os.environ, "YANGLAO_VAR": str(var)}
        filled = fill(var, persons, environment)
        size = (var / "yanglao.sqlite3").stat().st_size / 2**30
        with serving(environment):
            waits = under_load(seconds)
    table = [line(what, found) for what, found in sorted(waits.items())]
    total = sum(len(found) for found in waits.values())
    notes = [
        f"{persons:,} persons, {size:.1f} GiB SQLite; {USERS} users at once, {total / seconds:.0f} pages a second",
        *([f"written in {filled} s by the roster's commit"] if filled else []),
    ]
    return {"table": table, "notes": notes, "size": persons}


def line(what: str, found: list[float]) -> dict[str, Any]:
    cuts = statistics.quantiles(found, n=100) if len(found) > 1 else found * 99
    return {
        "page": what,
        "asked": len(found),
        "p50 ms": round(cuts[49]),
        "p95 ms": round(cuts[94]),
        "p99 ms": round(cuts[98]),
    }


@contextlib.contextmanager
def folder() -> Iterator[Path]:
    kept = os.environ.get("YANGLAO_BENCH_VAR")
    if kept:
        Path(kept).mkdir(parents=True, exist_ok=True)
        yield Path(kept)
        return
    with tempfile.TemporaryDirectory(prefix="yanglao-bench-") as made:
        yield Path(made)


def fill(var: Path, persons: int, environment: dict[str, str]) -> str:
    """Write the register unless it is there; returns the seconds it took, or ""."""
    if (var / "yanglao.sqlite3").exists():
        return ""
    command = [sys.executable, "-m", "bench._register", str(persons)]
    done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout.split()[-1]


@contextlib.contextmanager
def serving(environment: dict[str, str]) -> Iterator[None]:
    command = [sys.executable, "-m", "yanglao", "serve", "--port", str(PORT), "--no-jobs"]
    process = subprocess.Popen(command, env=environment)
    try:
        wait_until_there()
        yield
    finally:
        process.terminate()
        process.wait(30)


def wait_until_there() -> None:
    for _ in range(120):
        with contextlib.suppress(OSError):
            connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=5)
            connection.request("GET", "/accounts/login/")
            connection.getresponse().read()
            return
        time.sleep(0.5)
    raise RuntimeError("the server did not start")


@dataclass
class User:
    """One signed-in user with a connection that is kept."""

    role: str
    draw: random.Random
    waits: dict[str, list[float]]
    cookies: dict[str, str] = field(default_factory=dict)
    persons: list[str] = field(default_factory=list)
    next_page: str = ""

    def __post_init__(self) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=120)

    def ask(self, path: str, form: dict[str, str] | None = None, **headers: str) -> str:
        headers["Cookie"] = "; ".join(f"{k}={v}" for k, v in self.cookies.items())
        body = None
        if form is not None:
            body = urlencode({**form, "csrfmiddlewaretoken": self.cookies.get("csrftoken", "")})
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        response = self._sent("POST" if body else "GET", path, body, headers)
        text = response.read().decode()
        for value in response.headers.get_all("Set-Cookie") or ():
            name, _, rest = value.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        if response.status in (301, 302):
            return self.ask(str(response.headers["Location"]))
        if response.status != 200:
            raise RuntimeError(f"{path}: {response.status}")
        return text

    def _sent(
        self, method: str, path: str, body: str | None, headers: dict[str, str]
    ) -> http.client.HTTPResponse:
        """Once more on a new connection when the server had closed the kept one."""
        try:
            self.connection.request(method, path, body, headers)
            return self.connection.getresponse()
        except (http.client.RemoteDisconnected, ConnectionError):
            self.connection.close()
            self.connection.request(method, path, body, headers)
            return self.connection.getresponse()

    def sign_in(self) -> None:
        self.ask("/accounts/login/")
        page = self.ask("/accounts/login/", {"login": self.role, "password": PASSWORD})
        if 'name="password"' in page:
            raise RuntimeError("sign-in refused")

    def timed(self, what: str, path: str, form: dict[str, str] | None = None, **headers: str) -> str:
        start = time.perf_counter()
        page = self.ask(path, form, **headers)
        self.waits[what].append((time.perf_counter() - start) * 1000)
        return page

    def look_at(self, page: str) -> None:
        """Remember persons and the way to the next page."""
        self.persons = re.findall(r'href="(/people/\d+/)"', page) or self.persons
        found = re.search(r'rel="next" href="([^"]+)"', page)
        self.next_page = found[1].replace("&amp;", "&") if found else ""


def list_first(user: User) -> None:
    user.look_at(user.timed(f"list, {user.role}", "/people/"))


def list_next(user: User) -> None:
    if user.next_page:
        user.look_at(user.timed("list, next page", f"/people/{user.next_page}"))


def list_filtered(user: User) -> None:
    query = user.draw.choice(
        ["economic=tekun_home", "band=90-99&living=alone", "ability=gbt42195-2022:4", "apart=1"]
    )
    user.look_at(user.timed("list, filtered", f"/people/?{query}"))


def list_flagged(user: User) -> None:
    user.look_at(user.timed("list, one in 300", "/people/?group=three_elders"))


def list_by_name(user: User) -> None:
    form = {"do": "filter", "name": user.draw.choice(NAMES[:6])}
    user.look_at(user.timed("list, by name", "/people/", form))


def search_box(user: User) -> None:
    user.timed("search box", "/search/", {"text": user.draw.choice(NAMES)}, **{"HX-Request": "true"})


def one_person(user: User) -> None:
    if user.persons:
        user.timed("person", user.draw.choice(user.persons))


def desk(user: User) -> None:
    user.timed("desk", "/")


CLICKS: list[Callable[[User], None]] = [
    *[one_person] * 6,
    *[search_box] * 5,
    *[list_first] * 3,
    *[list_next] * 3,
    *[list_filtered] * 2,
    list_flagged,
    list_by_name,
    desk,
]


def under_load(seconds: int) -> dict[str, list[float]]:
    """20 users for so many seconds; milliseconds by kind of page."""
    waits: dict[str, list[float]] = defaultdict(list)
    roles = list(ROLES)
    users = [User(roles[i % len(roles)], random.Random(i), waits) for i in range(USERS)]
    for user in users:
        user.sign_in()
        user.look_at(user.ask("/people/"))
    errors: list[BaseException] = []
    until = time.monotonic() + seconds

    def work(user: User) -> None:
        try:
            while time.monotonic() < until:
                time.sleep(user.draw.uniform(*READS))
                user.draw.choice(CLICKS)(user)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=work, args=(user,)) for user in users]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return waits
