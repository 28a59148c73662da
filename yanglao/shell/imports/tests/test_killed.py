"""What is left when the process is killed in the middle of a commit: nothing; and it can be done again."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[4]
ROWS = 3_000


def step(name: str, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "yanglao.settings",
        "YANGLAO_VAR": str(folder),
        "YANGLAO_DATABASE": f"sqlite:///{folder / 'house.sqlite3'}",
    }
    command = [sys.executable, "-m", "yanglao.shell.imports.tests.killed", name, str(folder / "a.csv")]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def test_a_process_killed_in_the_middle_of_a_commit_leaves_nothing_and_can_be_done_again(tmp_path):
    lines = ["名称,区划代码", *(f"单位{i},330203001000" for i in range(ROWS))]
    (tmp_path / "a.csv").write_text("\n".join(lines), encoding="utf-8")
    died = step("die", tmp_path)
    assert died.returncode == -signal.SIGKILL, died.stderr

    taken_up = step("again", tmp_path)
    assert taken_up.returncode == 0, taken_up.stderr
    left, then = map(json.loads, taken_up.stdout.splitlines())
    assert left == {"written": 0, "state": "committing", "rows": ROWS, "commits": 0}
    assert then == {"written": ROWS, "state": "committed", "rows": ROWS, "commits": 1}
