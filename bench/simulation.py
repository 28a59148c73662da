"""Six years of a city's policies and of one draft beside them: the simulation of policymaking, as its page does it.

Registry → snapshot → ledgers of this year and the next five by both sets of policies → costs with mortality, winners
and losers. All of Ningbo's policies; the draft raises the allowance of the eighties. Every stage runs in one process
of its own (with the locked engine processes it starts); the people are made up.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bench.benefits_month import Stages

MONTH = 202611
COLUMNS = ["what", "wall s", "CPU s", "peak MiB"]


def measure(arguments: list[str]) -> dict[str, Any]:
    """`./run bench simulation [people]`; the default is 1,000,000."""
    people = int(arguments[0]) if arguments else 1_000_000
    with tempfile.TemporaryDirectory(prefix="yanglao-bench-") as folder:
        built = step("bench.benefits_month", "build", Path(folder), people)
        done = step("bench.simulation", "simulate", Path(folder), people)
    rows = [*done["stages"], done["total"]]
    notes = [
        f"{people:,} people, {built['circumstances']:,} circumstances, {done['policies']} policies, two sets of them, "
        f"72 months each, {done['spans']} computations",
        f"this month {done['before']:,.2f} yuan in use, {done['after']:,.2f} with the draft; "
        f"{done['winners']:,} gain, {done['losers']:,} lose",
        f"cost by year in use (million yuan): {', '.join(done['years'])}",
        ", ".join(f"{p} {version(p)}" for p in ("duckdb", "pyarrow", "sqlglot", "django")),
    ]
    table = [{name: row.get(name, "") for name in COLUMNS} for row in rows]
    return {"table": table, "notes": notes, "people": people, **done}


def step(module: str, name: str, folder: Path, people: int) -> dict[str, Any]:
    """Run one stage in a fresh process."""
    environment = {
        **os.environ,
        "YANGLAO_DATABASE": f"sqlite://{folder / 'city.sqlite3'}",
        "YANGLAO_VAR": str(folder / "var"),
        "DJANGO_SETTINGS_MODULE": "yanglao.settings",
    }
    command = [sys.executable, "-m", module, name, str(folder), str(people)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=environment)
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    print(f"{name}: {result}", file=sys.stderr)
    return result


def simulate(folder: Path) -> dict[str, Any]:
    """What the page's job does, stage by stage."""
    from django.conf import settings
    from django.utils import timezone

    from yanglao.entitlement.benefits.facts.schema import schema
    from yanglao.entitlement.benefits.snapshot import take
    from yanglao.entitlement.policymaking import studies
    from yanglao.entitlement.policymaking.models import Study

    stages = Stages()
    snapshot = stages.run(
        "registry → snapshot", lambda: take(folder / "facts", schema(), known_at=timezone.now())
    )
    texts, draft = policies(settings.CITIES / "ningbo")
    study = Study(
        division_id=330200000000,
        kind=Study.Kind.SIMULATION,
        title="bench",
        month=MONTH,
        base=texts,
        scenarios=[studies.scenario("+20", draft)],
    )
    work = studies.Work(study, folder, lambda done, total: None)
    work.snapshot = lambda: (snapshot, "")  # type: ignore[method-assign]
    result = stages.run("two sets of policies × 72 months, sums, mortality", work.result)
    total = result["scenarios"][0]["total"]
    return {
        "stages": stages.rows,
        "total": stages.total("**whole way**"),
        "policies": len(work.books[0].policies),
        "spans": work.total,
        "before": total["before"] / 100,
        "after": total["after"] / 100,
        "winners": total["winners"],
        "losers": total["losers"],
        "years": [f"{year['costs'][0]['fen'] / 1e8:,.2f}" for year in result["years"]],
    }


def policies(city: Path) -> tuple[dict[str, str], dict[str, str]]:
    """The files of a city, and the one that the draft changes."""
    texts = {
        p.relative_to(city).as_posix(): p.read_text("utf8")
        for p in sorted((city / "policies").rglob("*.yaml"))
    }
    name = "policies/advanced-age-allowance.yaml"
    changed = texts[name].replace("table: {80: 60, 90: 100, 100: 800}", "table: {80: 80, 90: 100, 100: 800}")
    assert changed != texts[name]
    return texts, {name: changed}


if __name__ == "__main__":
    import django

    django.setup()
    assert sys.argv[1] == "simulate"
    print(json.dumps(simulate(Path(sys.argv[2]))))
