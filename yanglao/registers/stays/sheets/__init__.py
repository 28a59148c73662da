"""Workbooks of beds and stays: what is read in, and how."""

from yanglao.registers.stays.sheets.beds import BEDS
from yanglao.registers.stays.sheets.residents import RESIDENTS

__all__ = ["BEDS", "RESIDENTS"]
