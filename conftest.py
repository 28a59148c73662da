"""Every test of every room runs in the harness of tests/harness."""

import os
from contextlib import suppress

import pytest

pytest_plugins = [
    "tests.harness.database",
    "tests.harness.guards",
    "tests.harness.templates",
    "tests.harness.pages",
    "tests.harness.house",
    "tests.harness.browser",
    "tests.harness.at_once",
]


def pytest_configure() -> None:
    """Tests have their own data folder, with today's translations in it."""
    from django.conf import settings

    from yanglao import translations

    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    # Rooms that disagree on an English text fail tests/test_translations.py, not every test there is.
    with suppress(translations.TranslationConflict):
        translations.build(settings.VAR / "locale")


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Bytes are named by their argument: a file made for a test has the time in it, and workers must agree."""
    return argname if isinstance(val, bytes) else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """`YANGLAO_TEST_ONLY=database`: only what touches the database, for the second round on another one."""
    if os.environ.get("YANGLAO_TEST_ONLY") != "database":
        return
    left = [item for item in items if not _touches_database(item)]
    items[:] = [item for item in items if _touches_database(item)]
    config.hook.pytest_deselected(items=left)


def _touches_database(item: pytest.Item) -> bool:
    fixtures = {"db", "transactional_db", "live_server", "django_db_setup"}
    return item.get_closest_marker("django_db") is not None or bool(
        fixtures.intersection(getattr(item, "fixturenames", ()))
    )
