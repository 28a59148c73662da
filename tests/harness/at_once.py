"""Truly at the same moment, on two connections: `at_once(act, act)`.

SQLite's databases in memory know no waiting, so the test's database is copied to a file for the time of the test:
what is tested is what a site has. Mark such tests `@pytest.mark.django_db(transaction=True)`.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connection

AtOnce = Callable[..., list[Exception | None]]


@pytest.fixture
def at_once(transactional_db: None, tmp_path: Path) -> Iterator[AtOnce]:
    """`at_once(*acts)` begins them together and gives what each raised, or None."""
    if connection.vendor != "sqlite":
        yield _together
        return
    memory, name = connection.connection, connection.settings_dict["NAME"]
    file = tmp_path / "at-once.sqlite3"
    with sqlite3.connect(file) as copy:
        memory.backup(copy)
    copy.close()
    connection.connection, connection.settings_dict["NAME"] = None, str(file)
    yield _together
    connection.close()
    connection.connection, connection.settings_dict["NAME"] = memory, name


def _together(*acts: Callable[[], object]) -> list[Exception | None]:
    start = threading.Barrier(len(acts))
    raised: list[Exception | None] = [None] * len(acts)

    def run(index: int) -> None:
        start.wait()
        try:
            acts[index]()
        except Exception as error:
            raised[index] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(index,)) for index in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised
