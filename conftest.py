"""Every test of every room runs in the harness of tests/harness."""

from contextlib import suppress

pytest_plugins = [
    "tests.harness.guards",
    "tests.harness.templates",
    "tests.harness.pages",
    "tests.harness.house",
    "tests.harness.browser",
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
