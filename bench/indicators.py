"""Values of 100 indicators for 3,000 streets over 24 months: recomputing a month, and the pages that read them.

A province of 10 cities, 100 counties and 3,000 streets; every indicator counts a measure of the bench, half of them
are shares. One month is computed by the action itself; the other months are copied from it by SQL (the same rows, so
that pages meet a table of the real size). Then each page is asked for, in one process, one after the other.
`./run bench indicators [streets] [indicators] [months]`; YANGLAO_BENCH_VAR keeps the database.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.people_pages import folder

PROVINCE, CITY, COUNTY = 330000000000, 330200000000, 330203000000
STREETS_A_COUNTY, COUNTIES_A_CITY = 30, 10
ASKED = 20


def measure(arguments: list[str]) -> dict[str, Any]:
    sizes = [int(text) for text in arguments] + [3_000, 100, 24][len(arguments) :]
    with folder() as var:
        environment = {**os.environ, "YANGLAO_VAR": str(var), "DJANGO_SETTINGS_MODULE": "yanglao.settings"}
        if not (var / "yanglao.sqlite3").exists():
            subprocess.run([sys.executable, "-m", "django", "migrate", "-v0"], env=environment, check=True)
        result = var / "result.json"
        command = [sys.executable, "-m", "bench.indicators", str(result), *map(str, sizes)]
        subprocess.run(command, env=environment, check=True)
        found: dict[str, Any] = json.loads(result.read_text())
    return found


def main(streets: int, indicators: int, months: int) -> dict[str, Any]:
    import django

    django.setup()
    from yanglao.kernel.accounts.actor import Actor
    from yanglao.steering.indicators import actions

    codes, last = _divisions(streets), dt.date(2026, 10, 1)
    _definitions(indicators, codes)
    actor = Actor.system("bench")
    cpu, wall = _cpu(), time.perf_counter()
    rows = actions.compute(actor, months=[last])
    first = _cpu() - cpu, time.perf_counter() - wall
    cpu, wall = _cpu(), time.perf_counter()
    actions.compute(actor, months=[last])
    again = _cpu() - cpu, time.perf_counter() - wall
    _copy(last, months)
    notes = [
        f"{streets:,} streets × {indicators} indicators × {_months()} months: {_values():,} values",
        f"a month has {rows:,} values (streets and all places above them)",
    ]
    return {
        "notes": notes,
        "table": [
            {
                "what": "compute a month",
                "CPU s": round(first[0], 1),
                "s": round(first[1], 1),
                "p50 ms": "",
                "p95 ms": "",
            },
            {"what": "compute it again", "CPU s": round(again[0], 1), "s": round(again[1], 1)},
            *_pages(last),
        ],
    }


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _divisions(streets: int) -> list[int]:
    from yanglao.kernel.divisions.models import Division

    rows: dict[int, Division] = {PROVINCE: Division(code=PROVINCE, name="浙江省", level=1)}  # i18n: data
    codes = []
    for n in range(streets):
        county_number, street = divmod(n, STREETS_A_COUNTY)
        city_number, county = divmod(county_number, COUNTIES_A_CITY)
        city = PROVINCE + (city_number + 2) * 10**8
        above = city + (county + 3) * 10**6
        rows.setdefault(city, Division(code=city, name=f"{city}", level=2, parent_id=PROVINCE))
        rows.setdefault(above, Division(code=above, name=f"{above}", level=3, parent_id=city))
        code = above + (street + 1) * 10**3
        rows[code] = Division(code=code, name=f"{code}", level=4, parent_id=above)
        codes.append(code)
    Division.objects.bulk_create(rows.values(), ignore_conflicts=True)
    return codes


def _definitions(number: int, codes: list[int]) -> None:
    from yanglao.kernel.accounts.actor import Actor
    from yanglao.kernel.rooms import Measure, house
    from yanglao.steering.indicators import actions
    from yanglao.steering.indicators.schema import IndicatorFile

    definitions = []
    for n in range(number):
        share, parts = n % 2 == 1, {"numerator_name": "分子", "denominator_name": "分母"}  # i18n: data
        body = {
            "code": f"bench_{n}",
            "name": f"指标{n}",  # i18n: data
            "name_en": f"Indicator {n}",
            "words": "-",
            "unit": "%" if share else "个",  # i18n: data
            "kind": "ratio" if share else "stock",
            "numerator": f"bench.m{n}",
            "source": "-",
            **({"denominator": "bench.m0", "digits": 1, **parts} if share else {}),
        }
        definitions.append(IndicatorFile.model_validate(body))
        house().measures[f"bench.m{n}"] = Measure(f"bench.m{n}", f"m{n}", "", _counter(n, codes))
    actions.load(Actor.system("bench"), definitions=definitions)


def _counter(n: int, codes: list[int]) -> Callable[[dt.date], dict[int, float]]:
    return lambda on: {code: (code // 1000 + n + on.month) % 97 + (n == 0) * 100 for code in codes}


def _copy(last: dt.date, months: int) -> None:
    """The same rows for the months before."""
    from django.db import connection

    columns = (
        "indicator_id, version, division_id, as_of, numerator, denominator, reported, coverage, computed_at"
    )
    month = last
    with connection.cursor() as cursor:
        for _n in range(months - 1):
            month = dt.date(month.year - (month.month == 1), (month.month - 2) % 12 + 1, 1)
            cursor.execute(
                f"INSERT INTO indicators_indicatorvalue ({columns}, month) SELECT {columns}, %s "
                f"FROM indicators_indicatorvalue WHERE month = %s AND reported = %s ON CONFLICT DO NOTHING",
                [month, last, False],
            )
        cursor.execute("ANALYZE")


def _values() -> int:
    from yanglao.kernel.scope import everything
    from yanglao.steering.indicators.models import IndicatorValue

    with everything("bench"):
        return IndicatorValue.objects.count()


def _months() -> int:
    from yanglao.kernel.scope import everything
    from yanglao.steering.indicators.models import IndicatorValue

    with everything("bench"):
        return IndicatorValue.objects.order_by().values("month").distinct().count()


def _pages(last: dt.date) -> list[dict[str, Any]]:
    from django.test import Client

    from yanglao.kernel.accounts.models import Grant, Organisation, User
    from yanglao.kernel.scope import everything

    user, _new = User.objects.get_or_create(username="bench", defaults={"name": "bench"})
    with everything("bench"):
        body, _new = Organisation.objects.get_or_create(
            division_id=CITY, name="bench", defaults={"kind": "bureau"}
        )
        Grant.objects.get_or_create(
            user=user, role="city_officer", division_id=CITY, defaults={"organisation": body}
        )
    client = Client()
    client.force_login(user)
    asked = {
        "catalogue of all indicators": "/indicators/",
        "an indicator in a city, its counties": f"/indicators/bench_1/?place={CITY}",
        "an indicator in a county, its streets": f"/indicators/bench_1/?place={COUNTY}",
        "an indicator in a street": f"/indicators/bench_1/?place={COUNTY + 1000}",
    }
    return [_timed(what, address, client) for what, address in asked.items()]


def _timed(what: str, address: str, client: Any) -> dict[str, Any]:
    waits = []
    for n in range(ASKED + 1):
        start = time.perf_counter()
        answer = client.get(address)
        assert answer.status_code == 200, (address, answer.status_code)
        if n:
            waits.append((time.perf_counter() - start) * 1000)
    cuts = statistics.quantiles(waits, n=100)
    return {"what": what, "p50 ms": round(cuts[49], 1), "p95 ms": round(cuts[94], 1)}


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(json.dumps(main(*map(int, sys.argv[2:5]))), encoding="utf-8")
