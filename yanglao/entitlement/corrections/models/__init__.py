"""What was granted otherwise than is due, and what became of it: corrections, debts, holds, and whom to look out for."""

from .debts import Debt, DebtEntry, OffsetMark
from .found import Cause, Correction, Recomputation
from .persons import Hold, Prospect

__all__ = [
    "Cause",
    "Correction",
    "Debt",
    "DebtEntry",
    "Hold",
    "OffsetMark",
    "Prospect",
    "Recomputation",
]
