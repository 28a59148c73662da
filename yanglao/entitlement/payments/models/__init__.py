"""Tables of payments."""

from yanglao.entitlement.payments.models.changes import MonthChange as MonthChange
from yanglao.entitlement.payments.models.paying import WITHOUT_RUN as WITHOUT_RUN
from yanglao.entitlement.payments.models.paying import Attempt as Attempt
from yanglao.entitlement.payments.models.paying import BankReturn as BankReturn
from yanglao.entitlement.payments.models.paying import Hold as Hold
from yanglao.entitlement.payments.models.paying import PayeeAccount as PayeeAccount
from yanglao.entitlement.payments.models.paying import Payment as Payment
from yanglao.entitlement.payments.models.paying import PaymentFile as PaymentFile
from yanglao.entitlement.payments.models.paying import PayOrder as PayOrder
from yanglao.entitlement.payments.models.reading import Reading as Reading
