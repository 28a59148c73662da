"""Runs a measurement and keeps it, dated and with its environment, in `bench/results/`.

A measurement is a module of this package with `measure(arguments) -> dict` (see `import_roster.py`); the name
on the command line is the module's name or its beginning.
"""

from __future__ import annotations

import datetime as dt
import importlib
import json
import os
import pkgutil
import platform
import sys
from pathlib import Path
from typing import Any

import bench

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results"


def main(arguments: list[str]) -> int:
    names = [m.name for m in pkgutil.iter_modules(bench.__path__) if not m.name.startswith("_")]
    chosen = [n for n in names if arguments and n.startswith(arguments[0].replace("-", "_"))]
    if len(chosen) != 1:
        print("用法 / usage: ./run bench NAME [options]\n  " + "\n  ".join(names))
        return 2
    module = importlib.import_module(f"bench.{chosen[0]}")
    before = environment()
    result = module.measure(arguments[1:])
    keep(chosen[0], (module.__doc__ or "").strip(), {"environment": before, **result})
    return 0


def environment() -> dict[str, Any]:
    """What the figures depend on. `load` is the one-minute load before the run: other work on the machine."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    return {
        "at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "cores": os.cpu_count(),
        "memory_mib": memory,
        "system": platform.platform(),
        "python": platform.python_version(),
        "load": round(os.getloadavg()[0], 2),
    }


def keep(name: str, about: str, result: dict[str, Any]) -> None:
    """Write JSON for programs and Markdown for people; print the latter."""
    RESULTS.mkdir(exist_ok=True)
    stem = f"{result['environment']['at'][:10]}-{name.replace('_', '-')}"
    (RESULTS / f"{stem}.json").write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n")
    text = markdown(name, about, result)
    (RESULTS / f"{stem}.md").write_text(text)
    print(text)


def markdown(name: str, about: str, result: dict[str, Any]) -> str:
    """`table` (a list of dicts with the same keys) becomes a table, `notes` become lines."""
    env = result["environment"]
    lines = [f"# {name}", "", about, ""]
    lines.append(
        f"Measured {env['at']} on {env['cores']} cores, {env['memory_mib']} MiB, Python {env['python']}, "
        f"{env['system']}; load before the run {env['load']}."
    )
    lines.append("")
    if table := result.get("table"):
        heads = list(table[0])
        lines += ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
        lines += ["| " + " | ".join(str(row.get(h, "")) for h in heads) + " |" for row in table]
        lines.append("")
    lines += [f"- {note}" for note in result.get("notes", ())]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
