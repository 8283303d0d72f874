"""The rules of an order, as plain objects."""

from uuid import UUID

import pytest
from contracts.catalogue import Line
from contracts.money import Money
from hypothesis import given
from hypothesis import strategies as st
from order.model import Order, PricedLine, Product, Status, priced
from order.review import REVIEW_ABOVE
from pydantic import ValidationError


def order(lines: tuple[PricedLine, ...] = (), status: Status = "pending") -> Order:
    return Order(
        order_id=UUID(int=1),
        saga_id=UUID(int=2),
        customer_id="ada",
        lines=lines,
        status=status,
        placed_by="ada",
        idempotency_key="key",
        fingerprint="0",
    )


def line(quantity: int, unit_price: int) -> PricedLine:
    return PricedLine(sku="lamp", quantity=quantity, unit_price=Money(amount=unit_price))


def test_a_line_keeps_the_price_it_was_ordered_at() -> None:
    lamp = Product(sku="lamp", name="Lamp", amount=4990)
    lines = priced((Line(sku="lamp", quantity=2),), {"lamp": lamp})
    lamp.amount = 9990
    assert order(lines).total == Money(amount=9980)


@pytest.mark.parametrize(("cost", "needs_review"), [(REVIEW_ABOVE, False), (REVIEW_ABOVE + 1, True)])
def test_an_order_is_reviewed_that_costs_more_than_the_limit(cost: int, *, needs_review: bool) -> None:
    assert order((line(1, cost),)).needs_review is needs_review


def test_a_product_that_is_not_in_the_catalogue_has_no_price() -> None:
    with pytest.raises(KeyError, match="lamp"):
        priced((Line(sku="lamp", quantity=2),), {})


@given(st.lists(st.tuples(st.integers(1, 10_000), st.integers(0, 10**6)), min_size=1, max_size=50))
def test_the_total_is_what_the_lines_cost(lines: list[tuple[int, int]]) -> None:
    total = order(tuple(line(quantity, price) for quantity, price in lines)).total
    assert total.amount == sum(quantity * price for quantity, price in lines)


def test_a_total_beyond_all_money_is_an_error() -> None:
    with pytest.raises(ValidationError):
        _ = order((line(2, 10**12),)).total


def test_an_order_is_confirmed() -> None:
    placed = order()
    placed.confirm()
    assert placed.status == "confirmed"


def test_a_rejected_order_says_why() -> None:
    placed = order()
    placed.reject("insufficient funds", "insufficient_funds")
    assert (placed.status, placed.reason, placed.code) == ("rejected", "insufficient funds", "insufficient_funds")


@pytest.mark.parametrize("end", ["confirmed", "rejected", "cancelled"])
def test_an_order_ends_once(end: Status) -> None:
    with pytest.raises(ValueError, match=f"is {end}"):
        order(status=end).confirm()
    with pytest.raises(ValueError, match=f"is {end}"):
        order(status=end).reject("too late", None)
