"""The policies of a city, as they are in use and as a run has frozen them."""

from __future__ import annotations

from functools import lru_cache

from yanglao.entitlement.benefits.facts.schema import schema
from yanglao.entitlement.benefits.models import PolicyFile, Run
from yanglao.entitlement.benefits.rules.book import Book, load_texts
from yanglao.entitlement.benefits.rules.policy import Policy
from yanglao.kernel.packs.queries import city_of


@lru_cache(maxsize=16)
def _book(texts: tuple[tuple[str, str], ...]) -> Book:
    return load_texts(dict(texts), schema())


def book_of(division: int) -> Book:
    """The policies in use in the city that a division lies in."""
    city = city_of(division) if division else None
    files = PolicyFile.objects.filter(city=city, replaced_at=None) if city else PolicyFile.objects.none()
    return _book(tuple(sorted(files.values_list("name", "text"))))


def policies_of(division: int) -> list[Policy]:
    """The policies one may choose from for a division."""
    return list(book_of(division).policies)


def frozen_book(run: Run) -> Book:
    """The policies of a run as they were when it was computed."""
    return _book(tuple(sorted(run.book.items())))
