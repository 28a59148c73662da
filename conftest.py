"""Every test of every room runs in the harness of tests/harness."""

pytest_plugins = [
    "tests.harness.guards",
    "tests.harness.templates",
    "tests.harness.pages",
    "tests.harness.house",
]
