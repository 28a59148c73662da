"""Tables of vouchers: the vouchers and who may have them, what was bought with them, and what is checked."""

from yanglao.entitlement.vouchers.models.checking import Draw, SampleCheck, Statement, StatementLine
from yanglao.entitlement.vouchers.models.spending import Admission, Claim, Redemption, Refund
from yanglao.entitlement.vouchers.models.vouchers import Bar, Choice, Voucher, Who

__all__ = [
    "Admission",
    "Bar",
    "Choice",
    "Claim",
    "Draw",
    "Redemption",
    "Refund",
    "SampleCheck",
    "Statement",
    "StatementLine",
    "Voucher",
    "Who",
]
