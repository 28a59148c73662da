"""News of payments."""

from dataclasses import dataclass

from yanglao.kernel.rooms import Event


@dataclass(frozen=True)
class PaymentsReturned(Event):
    """The bank answered: payments of an order were paid or failed."""

    run_id: int
    paid: int
    failed: int


@dataclass(frozen=True)
class PaymentsClosed(Event):
    """An order was closed: planned = paid + failed + withheld."""

    run_id: int
    division: int
    month: int
