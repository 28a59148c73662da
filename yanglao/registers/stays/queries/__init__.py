"""Reads of beds and stays."""

from yanglao.registers.stays.queries.lists import listed
from yanglao.registers.stays.queries.map import BedCell, Floor, bed_map, free_beds
from yanglao.registers.stays.queries.occupancy import Count, by_place, by_place_on, counts_on, daily, months
from yanglao.registers.stays.queries.residents import (
    awaiting_death_entry,
    deaths_to_settle,
    ending_contracts,
    ending_offers,
    fees_now,
    living_in,
    long_leaves,
    of_person,
    residents_by_level,
    unpaid_bounds,
    waiting_list,
)

__all__ = [
    "BedCell",
    "Count",
    "Floor",
    "awaiting_death_entry",
    "bed_map",
    "by_place",
    "by_place_on",
    "counts_on",
    "daily",
    "deaths_to_settle",
    "ending_contracts",
    "ending_offers",
    "fees_now",
    "free_beds",
    "listed",
    "living_in",
    "long_leaves",
    "months",
    "of_person",
    "residents_by_level",
    "unpaid_bounds",
    "waiting_list",
]
