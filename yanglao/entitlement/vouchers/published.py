"""What a place publishes as its prices, beside what it entered at the till: a hint for who checks, never a refusal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from yanglao.entitlement.vouchers.models import Redemption
from yanglao.registers.places.queries import Price, prices_on

# which published items a service is one of, by the unit its price is asked in
ITEMS = {
    "visit": (("home", "bath", "meal"), ("time", "hour", "meal")),
    "day_care": (("day_care",), ("month", "day")),
    "respite": (("respite",), ("day",)),
    "long_stay": (("all", "bed", "care", "meals"), ("month",)),
}


@dataclass(frozen=True)
class Published:
    """The items in force on the day. `ceiling`: the most the entered price may be by them, fen; None where the units
    do not allow to say (by the hour, no price published)."""

    prices: tuple[Price, ...]
    ceiling: int | None

    def above(self, price: int) -> bool:
        return self.ceiling is not None and price > self.ceiling


def published(row: Redemption) -> Published:
    """What the place of a redemption published for its service on its day."""
    items, units = ITEMS.get(row.service, ((), ()))
    found = tuple(p for p in prices_on(row.place, row.day) if p.item in items and p.unit in units)
    return Published(found, _ceiling(row, found))


def _ceiling(row: Redemption, prices: Iterable[Price]) -> int | None:
    highest: dict[tuple[str, str], int] = {}
    for price in prices:
        key = (price.item, price.unit)
        highest[key] = max(highest.get(key, 0), price.high)
    if row.service == "long_stay":
        parts = sum(highest.get((item, "month"), 0) for item in ("bed", "care", "meals"))
        known = [
            fen
            for fen in (highest.get(("all", "month")), parts if ("bed", "month") in highest else None)
            if fen
        ]
        return max(known, default=None)
    if row.service == "respite":
        day = highest.get(("respite", "day"))
        return day * row.stay_days if day and row.stay_days else None
    if row.service == "day_care":
        return highest.get(("day_care", "month"))
    if any(unit == "hour" for _item, unit in highest):
        return None
    return max((fen for (_item, unit), fen in highest.items() if unit in ("time", "meal")), default=None)


def beside_published(row: Redemption) -> dict[str, object]:
    """What a page shows of it."""
    found = published(row)
    return {"published": found, "above": found.above(row.price_fen)}
