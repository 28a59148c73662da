"""Tables of beds and stays: premises, stays and what hangs on them, closures."""

from yanglao.registers.stays.models.closures import Closure, Resettlement
from yanglao.registers.stays.models.premises import Bed, BedSpell, Room
from yanglao.registers.stays.models.stays import Occupancy, Stay
from yanglao.registers.stays.models.terms import CareLevel, Contract, Fee, Leave, Offer

__all__ = [
    "Bed",
    "BedSpell",
    "CareLevel",
    "Closure",
    "Contract",
    "Fee",
    "Leave",
    "Occupancy",
    "Offer",
    "Resettlement",
    "Room",
    "Stay",
]
