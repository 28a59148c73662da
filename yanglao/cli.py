"""The `yanglao` command: `yanglao city load cities/ningbo` runs the management command `city_load`."""

from __future__ import annotations

import os
import sys

from django.core.management import ManagementUtility, get_commands


def main(argv: list[str] | None = None) -> None:
    """Join words to a command name as long as a command of that name exists, then hand over to Django."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yanglao.settings")
    words = list(sys.argv[1:] if argv is None else argv)
    import django

    django.setup()
    known = get_commands()
    for length in (3, 2):
        name = "_".join(words[:length]).replace("-", "_")
        if len(words) >= length and name in known:
            words = [name, *words[length:]]
            break
    ManagementUtility(["yanglao", *words]).execute()


if __name__ == "__main__":
    main()
