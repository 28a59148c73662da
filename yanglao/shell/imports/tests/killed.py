"""Processes of their own for test_killed.py: `python -m yanglao.shell.imports.tests.killed STEP FILE`.

`die` makes a database with a checked import, begins to write it and is killed by SIGKILL in the middle;
`again` says what is left, does what the job does when it is taken up again, and says what is there then.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path

import django

DIVISION = 330203001000


def prepare(path: Path) -> None:
    from tests.harness.database import migrate
    from yanglao.kernel.divisions.models import Division
    from yanglao.shell.imports import actions, flow

    migrate()
    Division.objects.create(code=DIVISION, name="某街道", level=4, pinyin="", initials="")
    with path.open("rb") as stream:
        batch = actions.upload(
            actor(),
            template="test.organisations",
            name="a.csv",
            stream=stream,
            division=DIVISION,
            start=False,
        )
    flow.check(actor(), batch)
    actions.begin_commit(actor(), batch, start=False)


def die(path: Path) -> None:
    from yanglao.kernel.accounts.models import Organisation
    from yanglao.shell.imports import flow
    from yanglao.shell.imports.models import ImportBatch
    from yanglao.shell.imports.tests import sample

    def commit(batches, context):
        for rows in batches:
            for row in rows:
                Organisation.objects.create(name=row.name, kind="other", division_id=int(row.division))
                if row.row_number > 1_000:
                    os.kill(os.getpid(), signal.SIGKILL)

    prepare(path)
    offer(sample.make_template(commit=commit))
    flow.commit(actor(), ImportBatch.objects.get())


def again(path: Path) -> None:
    from yanglao.shell.imports import flow
    from yanglao.shell.imports.models import ImportBatch

    count()
    flow.commit(actor(), ImportBatch.objects.get())
    count()


def count() -> None:
    from yanglao.kernel.accounts.models import Organisation
    from yanglao.kernel.audit.models import AuditEntry
    from yanglao.shell.imports.models import ImportBatch

    batch = ImportBatch.objects.get()
    written = Organisation.objects.filter(kind="other").count()
    commits = AuditEntry.objects.filter(verb="imports.commit").count()
    print(json.dumps({"written": written, "state": batch.state, "rows": batch.rows, "commits": commits}))


def actor():
    from yanglao.kernel.accounts.actor import Actor

    return Actor.system("测试")


def offer(template):
    from yanglao.kernel.rooms import house

    house().imports[template.name] = template


def main(step: str, path: str) -> None:
    django.setup()
    from yanglao.kernel.scope import everything
    from yanglao.shell.imports.tests import sample

    offer(sample.make_template())
    with everything("a process of a test"):
        {"die": die, "again": again}[step](Path(path))


if __name__ == "__main__":
    main(*sys.argv[1:])
