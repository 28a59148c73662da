"""Workbooks of the register: places, licences, prices, contracts, operators; in and out under the same headings."""

from yanglao.registers.places.sheets.contracts import CONTRACTS
from yanglao.registers.places.sheets.operators import OPERATORS
from yanglao.registers.places.sheets.papers import PAPERS
from yanglao.registers.places.sheets.places import FACILITIES, INSTITUTIONS
from yanglao.registers.places.sheets.prices import PRICES

TEMPLATES = (INSTITUTIONS, FACILITIES, PAPERS, PRICES, CONTRACTS, OPERATORS)

__all__ = ["CONTRACTS", "FACILITIES", "INSTITUTIONS", "OPERATORS", "PAPERS", "PRICES", "TEMPLATES"]
