"""Commutative updates: figures are moved by amounts, never set, so no saga overwrites another (lost update).

One order is refused at its very end and undone while another is paid; their steps mix in every order.
"""

from collections.abc import Iterator
from uuid import UUID

from contracts.payment import AuthorizePayment, CapturePayment, PaymentVoided, VoidPayment
from counterstep.protocol.messages import Reply

from isolation.books import HANDLERS, Answering, Books, Figures, books
from isolation.sale import PRICE, Sale, mix, mixes, order

ONE_SOLD = Figures(available=9 * PRICE, captured=PRICE, on_hand=9, sold=1)


def _what_becomes_of_one_undone_and_one_paid(instead: Answering) -> Iterator[Figures]:
    """The figures at the end, for each order of their steps; the first is one saga after the other."""
    for order_of_steps in mixes():
        kept = books(money=10 * PRICE, lamps=10, instead=instead)
        mix(Sale(kept, order(1), refuse=CapturePayment), Sale(kept, order(2)), order_of_steps)
        yield kept.figures


def test_the_sums_are_the_same_however_the_steps_of_two_orders_mix() -> None:
    assert set(_what_becomes_of_one_undone_and_one_paid({})) == {ONE_SOLD}


class _Snapshots:
    """An undo that puts back what was read before the action: right for one saga alone."""

    def __init__(self) -> None:
        self._before: dict[UUID, int] = {}

    def authorize(self, kept: Books, command: AuthorizePayment) -> Reply:
        self._before[command.order_id] = kept.account.available
        return HANDLERS[AuthorizePayment](kept, command)

    def void(self, kept: Books, command: VoidPayment) -> Reply:
        kept.account.available = self._before[command.order_id]
        return PaymentVoided()


def test_without_it_an_undo_overwrites_what_another_order_paid() -> None:
    snapshots = _Snapshots()
    ends = _what_becomes_of_one_undone_and_one_paid(
        {AuthorizePayment: snapshots.authorize, VoidPayment: snapshots.void}
    )
    assert next(ends) == ONE_SOLD
    assert ONE_SOLD._replace(available=10 * PRICE) in ends  # a lamp was sold, and nothing paid for it
