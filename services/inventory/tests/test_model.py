"""The rules of stock, as plain objects."""

from uuid import UUID

import pytest
from contracts.catalogue import Line
from contracts.inventory import StockUnavailable, StockUnavailableCode
from hypothesis import given
from hypothesis import strategies as st
from inventory.model import Reservation, Status, StockItem, shortage

TWO_LAMPS = (Line(sku="lamp", quantity=2),)


def lamps(on_hand: int, reserved: int = 0) -> dict[str, StockItem]:
    return {"lamp": StockItem(sku="lamp", on_hand=on_hand, reserved=reserved)}


def figures(item: StockItem) -> tuple[int, int, int]:
    return item.on_hand, item.reserved, item.sold


def insufficient(reason: str) -> StockUnavailable:
    return StockUnavailable(code=StockUnavailableCode.INSUFFICIENT_STOCK, reason=reason)


def reservation(status: Status = "reserved") -> Reservation:
    return Reservation(order_id=UUID(int=1), lines=TWO_LAMPS, status=status)


def test_the_last_pieces_can_be_had() -> None:
    assert shortage(TWO_LAMPS, lamps(2)) is None


def test_a_shortage_says_what_was_wanted_and_what_there_is() -> None:
    assert shortage(TWO_LAMPS, lamps(1)) == insufficient("lamp: 2 wanted, 1 on hand")


def test_an_unknown_product_is_a_shortage() -> None:
    assert shortage(TWO_LAMPS, {}) == StockUnavailable(
        code=StockUnavailableCode.UNKNOWN_PRODUCT, reason="lamp: unknown product"
    )


def test_lines_of_the_same_product_are_wanted_together() -> None:
    assert shortage(TWO_LAMPS * 2, lamps(3)) == insufficient("lamp: 4 wanted, 3 on hand")


def test_released_pieces_are_on_hand_again() -> None:
    stock = lamps(3, reserved=2)
    reservation().release(stock)
    assert figures(stock["lamp"]) == (5, 0, 0)


def test_a_second_release_puts_nothing_back() -> None:
    stock, released = lamps(3, reserved=4), reservation()
    released.release(stock)
    released.release(stock)
    assert figures(stock["lamp"]) == (5, 2, 0)


def test_committed_pieces_are_sold() -> None:
    stock = lamps(3, reserved=2)
    reservation().commit(stock)
    assert figures(stock["lamp"]) == (3, 0, 2)


def test_committed_stock_cannot_be_released() -> None:
    with pytest.raises(ValueError, match="cannot be released"):
        reservation("committed").release(lamps(0))


@pytest.mark.parametrize("status", ["released", "committed"])
def test_only_reserved_stock_can_be_committed(status: Status) -> None:
    with pytest.raises(ValueError, match="cannot be committed"):
        reservation(status).commit(lamps(0))


@given(
    st.integers(0, 50), st.lists(st.tuples(st.integers(1, 20), st.sampled_from(["release", "commit", "leave"])))
)
def test_no_order_makes_or_loses_a_piece(counted: int, orders: list[tuple[int, str]]) -> None:
    stock = lamps(counted)
    for quantity, end in orders:
        lines = (Line(sku="lamp", quantity=quantity),)
        if shortage(lines, stock):
            continue
        stock["lamp"].reserve(quantity)
        reserved = Reservation(order_id=UUID(int=1), lines=lines)
        if end == "release":
            reserved.release(stock)
        elif end == "commit":
            reserved.commit(stock)
        assert sum(figures(stock["lamp"])) == counted
        assert min(figures(stock["lamp"])) >= 0
