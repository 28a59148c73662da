"""What training takes in from Excel."""

from yanglao.registers.training.workbooks.enrolments import ENROLMENTS
from yanglao.registers.training.workbooks.history import HISTORY
from yanglao.registers.training.workbooks.results import RESULTS

__all__ = ["ENROLMENTS", "HISTORY", "RESULTS"]
