"""Values of 100 indicators for 3,000 streets over 24 months: recomputing a month, and the pages that read them.

A province of 10 cities, 100 counties and 3,000 streets; every indicator counts a measure of the bench, half of them
are shares. One month is computed by the action itself, and again over what is there; the other months are copied from
it by SQL (the same rows, so that pages meet a table of the real size; their second index is built afterwards). Then
each page is asked for, in one process, one after the other.

Beside it the plain way, in the same run: a month by a loop over places that adds up what lies in each and saves it by
`update_or_create` (measured on some places, reckoned for all), and a page's numbers by one query a place and month.
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
from functools import partial
from pathlib import Path
from typing import Any

from bench.people_pages import folder

PROVINCE, CITY, COUNTY = 330000000000, 330200000000, 330203000000
STREETS_A_COUNTY, COUNTIES_A_CITY = 30, 10
ASKED, SAMPLE = 40, 400


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
    rows, first = _took(lambda: actions.compute(actor, months=[last]))
    _rows, again = _took(lambda: actions.compute(actor, months=[last]))
    saved, plain = _took(lambda: _plainly(last, codes))
    _nothing, copied = _took(lambda: _copy(last, months))
    count, kept = _values()
    times = rows / saved
    return {
        "notes": [
            f"{streets:,} streets × {indicators} indicators × {kept} months: {count:,} values",
            f"a month has {rows:,} values (streets and all places above them)",
            f"the plain way was measured on {saved:,} values and reckoned for {rows:,}",
            f"copying the other {months - 1} months took {copied[1]:.0f} s and is no part of the figures",
        ],
        "table": [
            _line("compute a month", first, p50=""),
            _line("compute it again", again),
            _line("plain: a loop and update_or_create", (plain[0] * times, plain[1] * times)),
            *_pages(last),
        ],
    }


def _line(what: str, took: tuple[float, float], **more: Any) -> dict[str, Any]:
    heads = {"p50 ms": "", "p95 ms": ""} if more else {}
    return {"what": what, "CPU s": round(took[0], 1), "s": round(took[1], 1), **heads}


def _took(do: Callable[[], Any]) -> tuple[Any, tuple[float, float]]:
    cpu, wall = _cpu(), time.perf_counter()
    made = do()
    return made, (_cpu() - cpu, time.perf_counter() - wall)


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


def _plainly(last: dt.date, codes: list[int]) -> int:
    """What a first attempt would do for a month: place by place, indicator by indicator, one saving each."""
    from django.utils import timezone

    from yanglao.kernel.rooms import house
    from yanglao.kernel.scope import Span, everything
    from yanglao.steering.indicators.models import Indicator, IndicatorValue

    saved, places = 0, [PROVINCE, CITY, COUNTY, *codes]
    with everything("bench"):
        for one in Indicator.objects.order_by("pk"):
            counts = house().measures[one.numerator].count(last)
            below = house().measures[one.denominator].count(last) if one.denominator else None
            for code in places[: max(SAMPLE // 20, 1)]:
                span = Span.of(code)
                IndicatorValue.objects.update_or_create(
                    indicator=one,
                    division_id=code,
                    month=last.replace(year=last.year - 10),  # a month of its own, taken away again
                    reported=False,
                    defaults={
                        "version": one.version,
                        "as_of": last,
                        "numerator": sum(n for c, n in counts.items() if c in span),
                        "denominator": None
                        if below is None
                        else sum(n for c, n in below.items() if c in span),
                        "computed_at": timezone.now(),
                    },
                )
                saved += 1
            if saved >= SAMPLE:
                break
        IndicatorValue.objects.filter(month__lt=dt.date(2020, 1, 1)).delete()
    return saved


def _copy(last: dt.date, months: int) -> None:
    """The same rows for the months before: in the order of the unique index, the other index built afterwards."""
    from django.db import connection

    from yanglao.steering.indicators.models import IndicatorValue

    columns = (
        "indicator_id, version, division_id, as_of, numerator, denominator, reported, coverage, computed_at"
    )
    board = next(index for index in IndicatorValue._meta.indexes if index.name == "indicator_value_board")
    with connection.schema_editor() as editor:
        editor.remove_index(IndicatorValue, board)
    month, before = last, []
    for _n in range(months - 1):
        month = dt.date(month.year - (month.month == 1), (month.month - 2) % 12 + 1, 1)
        before.append(month)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA cache_size = -400000")
        if before:
            rows = " UNION ALL ".join(
                ["SELECT CAST(%s AS date) AS m" if connection.vendor != "sqlite" else "SELECT %s AS m"]
                * len(before)
            )
            cursor.execute(
                f"INSERT INTO indicators_indicatorvalue ({columns}, month) SELECT {columns}, m "
                f"FROM (SELECT * FROM indicators_indicatorvalue WHERE month = %s AND reported = %s) AS v "
                f"CROSS JOIN ({rows}) AS months ORDER BY indicator_id, division_id, m ON CONFLICT DO NOTHING",
                [last, False, *before],
            )
    with connection.schema_editor() as editor:
        editor.add_index(IndicatorValue, board)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _values() -> tuple[int, int]:
    """How many values there are, and of how many months."""
    from yanglao.kernel.scope import everything
    from yanglao.steering.indicators.models import IndicatorValue

    with everything("bench"):
        months = IndicatorValue.objects.filter(division_id=PROVINCE).order_by().values("month").distinct()
        return IndicatorValue.objects.count(), months.count()


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
    measured = [_timed(what, partial(_answer, client, address)) for what, address in asked.items()]
    plain = {
        "plain, numbers alone: the catalogue, a query each": lambda: _one_by_one(None, [CITY], last),
        "plain, numbers alone: the streets, a query each": lambda: _one_by_one("bench_1", _streets(), last),
    }
    return [*measured, *(_timed(what, do, 5) for what, do in plain.items())]


def _streets() -> list[int]:
    return [COUNTY + (n + 1) * 1000 for n in range(STREETS_A_COUNTY)]


def _answer(client: Any, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)


def _one_by_one(code: str | None, places: list[int], last: dt.date) -> None:
    """The numbers of a page as a first attempt would fetch them."""
    from yanglao.kernel.scope import everything
    from yanglao.steering.indicators.models import Indicator, IndicatorValue

    with everything("bench"):
        for one in Indicator.objects.filter(code=code) if code else Indicator.objects.all():
            for place in places:
                values = IndicatorValue.objects.filter(indicator=one, division_id=place, month__lte=last)
                newest = values.order_by("-month").first()
                assert newest is not None
                assert newest.amount.value(one.of_kind) is not None


def _timed(what: str, do: Callable[[], None], times: int = ASKED) -> dict[str, Any]:
    waits = []
    for n in range(times + 1):
        start = time.perf_counter()
        do()
        if n:
            waits.append((time.perf_counter() - start) * 1000)
    cuts = statistics.quantiles(waits, n=100, method="inclusive")
    return {"what": what, "p50 ms": round(cuts[49], 1), "p95 ms": round(cuts[94], 1)}


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(json.dumps(main(*map(int, sys.argv[2:5]))), encoding="utf-8")
