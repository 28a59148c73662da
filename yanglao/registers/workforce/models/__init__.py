"""Tables of the register of workers."""

from yanglao.registers.workforce.models.attendance import Attendance
from yanglao.registers.workforce.models.certificates import Certificate
from yanglao.registers.workforce.models.gaps import CertificateGap
from yanglao.registers.workforce.models.honours import Award, Rank, Studio
from yanglao.registers.workforce.models.looked import WorkerLooked
from yanglao.registers.workforce.models.pools import PoolMember
from yanglao.registers.workforce.models.spells import Employment
from yanglao.registers.workforce.models.staffing import HomeStaffing
from yanglao.registers.workforce.models.worker import ID_PATH, TAIL_PATH, Education, OfWorker, Sex, Worker

__all__ = [
    "ID_PATH",
    "TAIL_PATH",
    "Attendance",
    "Award",
    "Certificate",
    "CertificateGap",
    "Education",
    "Employment",
    "HomeStaffing",
    "OfWorker",
    "PoolMember",
    "Rank",
    "Sex",
    "Studio",
    "Worker",
    "WorkerLooked",
]
