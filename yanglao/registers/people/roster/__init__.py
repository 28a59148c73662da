"""The roster (老年人花名册): its workbook, its checks against the register, its bulk commit and its undo."""

from yanglao.registers.people.roster.template import ROSTER

__all__ = ["ROSTER"]
