"""The person's facts as the engine's declarations: what the register of people alone offers."""

from __future__ import annotations

from yanglao.registers.people.facts import PERSON as OFFERS

from .declaring import declared

_SCHEMA = declared(OFFERS)
PERSON = _SCHEMA.subjects["person"]
TABLES = tuple(_SCHEMA.tables.values())
