"""Who may open what."""

from tests.harness.access import Access

ACCESS: dict[str, Access] = {}
