"""Every test of every room runs in the harness of tests/harness."""

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
    translations.build(settings.VAR / "locale")
