"""Everything that must hold, in one go: `./run test`. With arguments: pytest alone, with these arguments.

Steps run one after the other and all of them run, also when one failed; the exit code is honest. `--postgres`
before pytest's own arguments runs them on PostgreSQL.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from tests.harness import chromium

ROOT = Path(__file__).resolve().parent.parent
PYTEST = ["pytest", "-q", "--no-header", "--durations=5"]
WORKERS = os.environ.get("YANGLAO_TEST_WORKERS", "2")
COUNT = re.compile(r"(\d+) (passed|failed|errors?|skipped|xfailed|xpassed)")


@dataclass
class Step:
    """One check: a Python module with its arguments."""

    title: str
    command: list[str]
    seconds: float = 0.0
    failed: bool = False
    counts: dict[str, int] = field(default_factory=dict)

    def run(self, environment: dict[str, str]) -> None:
        print(f"\n\033[1m── {self.title}\033[0m", flush=True)
        began = time.monotonic()
        tests = "pytest" in self.command
        process = subprocess.Popen(
            [sys.executable, "-m", *self.command],
            cwd=ROOT,
            env=environment,
            text=True,
            encoding="utf-8",
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        assert process.stdout is not None
        last = ""
        for line in process.stdout:
            print(line, end="", flush=True)
            last = line if COUNT.search(line) and " in " in line else last
        self.failed = process.wait() != 0
        self.seconds = time.monotonic() - began
        if tests:
            for number, word in COUNT.findall(last):
                self.counts[word.rstrip("s")] = int(number)


def steps() -> list[Step]:
    """What `./run test` does."""
    spread = ["-n", WORKERS, "--dist", "worksteal"]
    return [
        Step("代码规范 / lint", ["ruff", "check", "."]),
        Step("代码格式 / format", ["ruff", "format", "--check", "."]),
        Step("类型检查 / types", ["mypy"]),
        Step("楼层契约 / import contract", ["tests.harness.contract"]),
        Step(
            "迁移完整 / migrations", ["yanglao", "makemigrations", "--check", "--dry-run", "--verbosity", "1"]
        ),
        Step("SQLite", [*PYTEST, *spread, "-m", "not browser"]),
        Step(
            "PostgreSQL", ["tests.harness.postgres", "--database-only", *PYTEST, *spread, "-m", "not browser"]
        ),
        Step("浏览器 / browser", ["tests.harness.postgres", *PYTEST, *spread, "-m", "browser"]),
    ]


def environment() -> dict[str, str]:
    """Compiled sources lie apart and are used again: to compile is half of what a process costs to start."""
    wanted = {**os.environ, "PYTHONHASHSEED": "0", "PYTHONPYCACHEPREFIX": str(ROOT / ".venv" / "bytecode")}
    wanted.pop("PYTHONDONTWRITEBYTECODE", None)
    return wanted


def main(arguments: list[str]) -> int:
    if arguments:
        wrapper = ["tests.harness.postgres"] if "--postgres" in arguments else []
        rest = [word for word in arguments if word != "--postgres"]
        done = subprocess.run([sys.executable, "-m", *wrapper, "pytest", *rest], cwd=ROOT, env=environment())
        return done.returncode
    began = time.monotonic()
    chromium.install()
    taken = steps()
    for step in taken:
        step.run(environment())
    return report(taken, time.monotonic() - began)


def report(taken: list[Step], seconds: float) -> int:
    """Print one line per step and a closing line in pytest's words; a failed check counts as a failed test."""
    print("\n\033[1m── 小结 / summary\033[0m")
    total: dict[str, int] = {}
    for step in taken:
        counts = step.counts or {"failed" if step.failed else "passed": 1}
        if step.failed and not counts.get("failed") and not counts.get("error"):
            counts["failed"] = 1
        for word, number in counts.items():
            total[word] = total.get(word, 0) + number
        said = ", ".join(f"{number} {word}" for word, number in counts.items())
        print(f"  {'✗' if step.failed else '✓'} {step.title}: {said} ({step.seconds:.0f} s)")
    words = ("failed", "error", "passed", "skipped", "xfailed", "xpassed")
    said = ", ".join(
        f"{total.get(word, 0)} {word}" for word in words if total.get(word) or word in ("passed", "failed")
    )
    print(f"\n===== {said} in {seconds:.2f}s =====")
    return 1 if any(step.failed for step in taken) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
