"""What neighbours change here: called by their own actions, which check the right and write the audit."""

from yanglao.entitlement.benefits.casework import paid_out, settled
from yanglao.entitlement.benefits.ledger import Line
from yanglao.entitlement.benefits.ledger import add as add_to_ledger
from yanglao.entitlement.benefits.published import back_to_folder, put_in_force

__all__ = ["Line", "add_to_ledger", "back_to_folder", "paid_out", "put_in_force", "settled"]
