"""`python -m yanglao.ready` brings database, static files and English texts up to date; data stays as it is."""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path


def static_stamp(folders: list[Path]) -> str:
    """A hash of the names, sizes and times of all static files."""
    seen = hashlib.sha256()
    for folder in folders:
        for file in sorted(folder.rglob("*")):
            facts = file.stat()
            seen.update(f"{file}{facts.st_size}{facts.st_mtime_ns}".encode())
    return seen.hexdigest()


def main() -> int:
    from yanglao import translations

    status = translations.main()  # before Django starts, which reads the catalogues once
    if status:
        return status
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yanglao.settings")
    os.environ["YANGLAO_COLLECTING"] = "1"
    import django

    django.setup()
    database()
    static_files()
    return 0


def database() -> None:
    """Migrate, and make the cache table where there is none."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)


def static_files() -> None:
    """Collect the static files with their hashed names, unless they are as they were the last time."""
    from django.conf import settings
    from django.core.management import call_command

    root = Path(__file__).resolve().parent
    folders = [*map(Path, settings.STATICFILES_DIRS), *sorted(root.glob("**/static"))]
    stamp, known = static_stamp(folders), settings.VAR / "static.stamp"
    if known.exists() and known.read_text() == stamp:
        return
    call_command("collectstatic", interactive=False, verbosity=0)
    known.write_text(stamp)


if __name__ == "__main__":
    sys.exit(main())
