"""The commands that the inventory service handles, with their replies."""

from typing import ClassVar, Never
from uuid import UUID

from counterstep import Command, Refusal, RefusalCode, Reply

from contracts.catalogue import Line


class StockReserved(Reply):
    """Every line is reserved for the order."""


class StockUnavailableCode(RefusalCode):
    """Why nothing is reserved. Where lines fail for different causes, it is the first of these that applies."""

    ALREADY_RESERVED = "already_reserved"
    UNKNOWN_PRODUCT = "unknown_product"
    INSUFFICIENT_STOCK = "insufficient_stock"
    UNSPECIFIED = "unspecified"
    """Version 1 gave no code. No service sends this one."""


class StockUnavailable(Refusal):
    """At least one line cannot be reserved, so none is."""

    version: ClassVar[int] = 2

    code: StockUnavailableCode


class StockReleased(Reply):
    """Nothing is reserved for the order any more."""


class StockCommitted(Reply):
    """What was reserved is sold."""


class ReserveStock(Command[StockReserved, StockUnavailable]):
    order_id: UUID
    lines: tuple[Line, ...]


class ReleaseStock(Command[StockReleased, Never]):
    order_id: UUID
    lines: tuple[Line, ...]


class CommitStock(Command[StockCommitted, Never]):
    order_id: UUID
    lines: tuple[Line, ...]
