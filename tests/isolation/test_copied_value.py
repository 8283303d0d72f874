"""A copied value: what must be the same in every step travels in the start event (fuzzy read)."""

from contracts.catalogue import Line
from contracts.money import Money
from contracts.payment import AuthorizePayment
from counterstep.protocol.messages import Reply
from order.model import Product, priced

from isolation.books import HANDLERS, LAMP, Books, Handler, books
from isolation.sale import PRICE, Sale, order

DEARER = 3 * PRICE


def _captured_after_the_price_has_changed(instead: Handler | None = None) -> int:
    lamp = Product(sku=LAMP, name="Lamp", amount=PRICE)
    (line,) = priced((Line(sku=LAMP, quantity=1),), {LAMP: lamp})
    placed = order(1).model_copy(update={"total": line.unit_price})
    kept = books(money=10 * PRICE, lamps=1, instead={AuthorizePayment: instead} if instead else None)
    lamp.amount = DEARER
    Sale(kept, placed).ends()
    return kept.account.captured


def test_a_price_that_changes_while_an_order_is_under_way_changes_nothing_for_it() -> None:
    assert _captured_after_the_price_has_changed() == PRICE


def _asks_the_catalogue_again(kept: Books, command: AuthorizePayment) -> Reply:
    return HANDLERS[AuthorizePayment](kept, command.model_copy(update={"amount": Money(amount=DEARER)}))


def test_without_it_the_customer_pays_another_price_than_the_one_ordered_at() -> None:
    assert _captured_after_the_price_has_changed(_asks_the_catalogue_again) == DEARER
