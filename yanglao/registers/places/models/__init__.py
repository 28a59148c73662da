"""Tables of the register of places."""

from yanglao.registers.places.models.contracts import Contract, ContractAsset, ContractReview
from yanglao.registers.places.models.facts import PlaceFact, Report
from yanglao.registers.places.models.place import Operator, Place
from yanglao.registers.places.models.premises import Membership, Premises
from yanglao.registers.places.models.prices import Price

__all__ = [
    "Contract",
    "ContractAsset",
    "ContractReview",
    "Membership",
    "Operator",
    "Place",
    "PlaceFact",
    "Premises",
    "Price",
    "Report",
]
