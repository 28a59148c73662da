"""Workbooks of the register: staff lists, certificates and attendance, checked, committed and taken back."""

from yanglao.registers.workforce.sheets.attendance import ATTENDANCE
from yanglao.registers.workforce.sheets.certificates import CERTIFICATES
from yanglao.registers.workforce.sheets.staff import STAFF

__all__ = ["ATTENDANCE", "CERTIFICATES", "STAFF"]
