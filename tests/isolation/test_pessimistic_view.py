"""Pessimistic view: the order of the steps is such that nobody sees a gain that is later undone (dirty read).

A step that may be undone only takes; what gives (money captured, pieces sold) stands at the pivot or after it.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import pytest
from contracts.inventory import ReserveStock
from contracts.payment import AuthorizePayment, CapturePayment, PaymentCaptured, PaymentVoided, VoidPayment
from counterstep.protocol.messages import Reply

from isolation.books import HANDLERS, Answering, Books, Figures, books
from isolation.sale import PRICE, Sale, order

REFUSED = [None, ReserveStock, AuthorizePayment, CapturePayment]


def _seen(refuse: type[Any] | None, instead: Answering | None = None) -> list[Figures]:
    """What a reader sees, from before the first step to after the last."""
    kept = books(money=PRICE, lamps=1, instead=instead)
    sale = Sale(kept, order(1), refuse)
    seen = [kept.figures]
    while sale.goes_on():
        seen.append(kept.figures)
    return seen


def _falls_after_a_rise(figures: Sequence[int]) -> bool:
    changes = [then - now for now, then in pairwise(figures) if then != now]
    return any(earlier > 0 > later for earlier, later in pairwise(changes))


@pytest.mark.parametrize("refuse", REFUSED, ids=lambda refused: refused.__name__ if refused else "nothing")
def test_what_a_reader_was_once_shown_as_gained_is_never_taken_back(refuse: type[Any] | None) -> None:
    assert not any(_falls_after_a_rise(figures) for figures in zip(*_seen(refuse), strict=True))


def _takes_at_once(kept: Books, command: AuthorizePayment) -> Reply:
    reply = HANDLERS[AuthorizePayment](kept, command)
    kept.authorizations[command.order_id].capture(kept.account)
    return reply


def _gives_back(kept: Books, _: VoidPayment) -> Reply:
    kept.account.captured -= PRICE
    kept.account.available += PRICE
    return PaymentVoided()


def test_without_it_the_books_show_money_that_is_given_back() -> None:
    eager: Answering = {
        AuthorizePayment: _takes_at_once,
        CapturePayment: lambda *_: PaymentCaptured(),
        VoidPayment: _gives_back,
    }
    captured = [figures.captured for figures in _seen(CapturePayment, eager)]
    assert _falls_after_a_rise(captured)
    assert (max(captured), captured[-1]) == (PRICE, 0)
