"""Answers of the addresses that belong to no room: sign-in, second factor, sessions, language."""

from tests.harness.access import Access, public

ACCESS: dict[str, Access] = {
    "set_language": public(method="post", own=302, signed_out=302),
}
