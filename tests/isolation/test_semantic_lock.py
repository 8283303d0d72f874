"""Semantic lock: what a saga has taken is marked as taken, and no other builds on it (lost update, dirty read)."""

from collections.abc import Sequence

import pytest
from contracts.payment import AuthorizePayment, CapturePayment, PaymentAuthorized, PaymentCaptured
from counterstep.protocol.messages import Reply
from counterstep.saga.instance import Status
from uuid_utils.compat import uuid7

from isolation.books import Answering, Books, books
from isolation.sale import PRICE, Sale, mix, mixes, order


def _two_orders_of_one_balance(kept: Books, order_of_steps: Sequence[bool]) -> list[Status]:
    sales = Sale(kept, order(1)), Sale(kept, order(2))
    mix(*sales, order_of_steps)
    return sorted(sale.status for sale in sales)


def test_of_two_orders_that_one_balance_can_pay_one_is_paid_however_their_steps_mix() -> None:
    for order_of_steps in mixes():
        kept = books(money=PRICE, lamps=2)
        ends = _two_orders_of_one_balance(kept, order_of_steps)
        assert ends == [Status.COMPENSATED, Status.COMPLETED]
        assert (kept.account.available, kept.account.held, kept.account.captured) == (0, 0, PRICE)


def _looks_and_holds_nothing(kept: Books, command: AuthorizePayment) -> Reply:
    if refusal := kept.account.refusal(command.amount):
        return refusal
    return PaymentAuthorized(authorization_id=uuid7())


def _takes_what_was_looked_at(kept: Books, _: CapturePayment) -> Reply:
    kept.account.hold(PRICE)
    kept.account.capture(PRICE)
    return PaymentCaptured()


def test_without_it_one_balance_pays_twice() -> None:
    unlocked: Answering = {AuthorizePayment: _looks_and_holds_nothing, CapturePayment: _takes_what_was_looked_at}
    for order_of_steps in mixes():
        kept = books(money=PRICE, lamps=2, instead=unlocked)
        if _two_orders_of_one_balance(kept, order_of_steps) == [Status.COMPLETED, Status.COMPLETED]:
            assert kept.account.available == -PRICE
            return
    pytest.fail("no order of steps overdraws the balance")
