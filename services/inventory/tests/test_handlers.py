"""Every inventory command, answered by its handler called as a plain function."""

from uuid import UUID

from contracts.catalogue import Line
from contracts.inventory import (
    ReserveStock,
    StockCommitted,
    StockReleased,
    StockReserved,
    StockUnavailable,
    StockUnavailableCode,
)
from inventory.handlers import commit, release, reserve
from inventory.model import Reservation, StockItem

ORDER = UUID(int=1)
LINES = (Line(sku="lamp", quantity=2), Line(sku="desk", quantity=1))


def stock(lamps: int, desks: int, *, reserved: bool = False) -> dict[str, StockItem]:
    return {
        "lamp": StockItem(sku="lamp", on_hand=lamps, reserved=2 if reserved else 0),
        "desk": StockItem(sku="desk", on_hand=desks, reserved=1 if reserved else 0),
    }


def on_hand(items: dict[str, StockItem]) -> list[int]:
    return [item.on_hand for item in items.values()]


def reservation() -> Reservation:
    return Reservation(order_id=ORDER, lines=LINES)


def test_every_line_is_reserved() -> None:
    items, reservations = stock(5, 5), dict[UUID, Reservation]()
    assert reserve(ReserveStock(order_id=ORDER, lines=LINES), items, reservations) == StockReserved()
    assert [(item.on_hand, item.reserved) for item in items.values()] == [(3, 2), (4, 1)]
    assert reservations == {ORDER: reservation()}


def test_one_missing_line_keeps_every_line_from_being_reserved() -> None:
    items, reservations = stock(5, 0), dict[UUID, Reservation]()
    reply = reserve(ReserveStock(order_id=ORDER, lines=LINES), items, reservations)
    assert reply == StockUnavailable(
        code=StockUnavailableCode.INSUFFICIENT_STOCK, reason="desk: 1 wanted, 0 on hand"
    )
    assert on_hand(items) == [5, 0]
    assert not reservations


def test_a_refusal_names_every_line_that_is_missing() -> None:
    items = {"lamp": StockItem(sku="lamp", on_hand=1)}
    reply = reserve(ReserveStock(order_id=ORDER, lines=LINES), items, {})
    assert reply == StockUnavailable(
        code=StockUnavailableCode.UNKNOWN_PRODUCT, reason="lamp: 2 wanted, 1 on hand; desk: unknown product"
    )


def test_an_order_is_reserved_once() -> None:
    items = stock(5, 5, reserved=True)
    reply = reserve(ReserveStock(order_id=ORDER, lines=LINES), items, {ORDER: reservation()})
    assert isinstance(reply, StockUnavailable)
    assert reply.code is StockUnavailableCode.ALREADY_RESERVED
    assert on_hand(items) == [5, 5]


def test_released_stock_is_on_hand_again() -> None:
    items, released = stock(3, 4, reserved=True), reservation()
    assert release(items, released) == StockReleased()
    assert on_hand(items) == [5, 5]
    assert released.status == "released"


def test_a_release_of_what_was_never_reserved_changes_nothing() -> None:
    items = stock(5, 5)
    assert release(items, None) == StockReleased()
    assert on_hand(items) == [5, 5]


def test_committed_stock_is_sold() -> None:
    items, sold = stock(3, 4, reserved=True), reservation()
    assert commit(items, sold) == StockCommitted()
    assert [(item.reserved, item.sold) for item in items.values()] == [(0, 2), (0, 1)]
    assert sold.status == "committed"
