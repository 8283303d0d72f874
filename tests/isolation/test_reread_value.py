"""Reread value: what was looked at in one step is looked at again by the step that builds on it (lost update)."""

from contracts.payment import CapturePayment, PaymentCaptured
from counterstep.protocol.messages import Reply
from counterstep.saga.instance import Status
from payment.model import Authorization
from uuid_utils.compat import uuid7

from isolation.books import Answering, Books, books
from isolation.sale import PRICE, Sale, order


def _sale_whose_hold_is_replaced_before_it_is_taken(
    instead: Answering | None = None,
) -> tuple[Books, Status]:
    """Somebody else gives the money back and holds a tenth of it: a support desk, or the bank."""
    kept, placed = books(money=PRICE, lamps=1, instead=instead), order(1)
    sale = Sale(kept, placed)
    while CapturePayment not in sale.played.sent:
        sale.goes_on()
    kept.authorizations[placed.order_id].void(kept.account)
    kept.account.hold(PRICE // 10)
    kept.authorizations[placed.order_id] = Authorization(
        order_id=placed.order_id, authorization_id=uuid7(), customer_id="ada", amount=PRICE // 10
    )
    return kept, sale.ends()


def test_what_is_no_longer_held_as_it_was_is_not_taken_and_the_order_is_undone() -> None:
    kept, status = _sale_whose_hold_is_replaced_before_it_is_taken()
    assert status is Status.COMPENSATED
    assert (kept.account.captured, kept.account.available, kept.account.held) == (0, PRICE, 0)


def _takes_whatever_is_held(kept: Books, command: CapturePayment) -> Reply:
    kept.authorizations[command.order_id].capture(kept.account)
    return PaymentCaptured()


def test_without_it_the_order_is_sold_for_a_tenth() -> None:
    kept, status = _sale_whose_hold_is_replaced_before_it_is_taken({CapturePayment: _takes_whatever_is_held})
    assert status is Status.COMPLETED
    assert kept.account.captured == PRICE // 10
