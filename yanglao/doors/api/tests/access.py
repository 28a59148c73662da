"""Who may ask what of the API."""

from tests.harness.access import Access, endpoint, public

ACCESS: dict[str, Access] = {
    "api:api-root": public(own=404, signed_out=404, page=False),
    "api:openapi-json": public(page=False),
    "api:divisions": endpoint(query="?q=nbs"),
}
