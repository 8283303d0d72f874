"""The handlers of the inventory service: one plain function for each command."""

from uuid import UUID

from contracts.inventory import (
    CommitStock,
    ReleaseStock,
    ReserveStock,
    StockCommitted,
    StockReleased,
    StockReserved,
    StockUnavailable,
    StockUnavailableCode,
)
from contracts.topology import SHOP
from counterstep import Participant

from inventory.model import Reservation, StockItem, shortage

inventory = Participant("inventory", SHOP)


@inventory.handles(ReserveStock)
def reserve(
    command: ReserveStock, stock: dict[str, StockItem], reservations: dict[UUID, Reservation]
) -> StockReserved | StockUnavailable:
    """Reserve every line, or none of them. `release` compensates it."""
    if command.order_id in reservations:
        return StockUnavailable(
            code=StockUnavailableCode.ALREADY_RESERVED, reason=f"already reserved: {command.order_id}"
        )
    if refusal := shortage(command.lines, stock):
        return refusal
    for line in command.lines:
        stock[line.sku].reserve(line.quantity)
    reservations[command.order_id] = Reservation(order_id=command.order_id, lines=command.lines)
    return StockReserved()


@inventory.handles(ReleaseStock)
def release(stock: dict[str, StockItem], reservation: Reservation | None) -> StockReleased:
    """Compensate `reserve`, where there is a reservation."""
    if reservation:
        reservation.release(stock)
    return StockReleased()


@inventory.handles(CommitStock)
def commit(stock: dict[str, StockItem], reservation: Reservation) -> StockCommitted:
    """Sell what is reserved."""
    reservation.commit(stock)
    return StockCommitted()
