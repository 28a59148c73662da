"""Workbooks of the register: staff lists and certificates, checked, committed and taken back."""

from yanglao.registers.workforce.sheets.certificates import CERTIFICATES
from yanglao.registers.workforce.sheets.staff import STAFF

__all__ = ["CERTIFICATES", "STAFF"]
