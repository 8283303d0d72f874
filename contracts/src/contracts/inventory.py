"""What the inventory service can be asked."""

from typing import Never
from uuid import UUID

from counterstep import Command, Refusal, Reply

from contracts.catalogue import Line


class StockReserved(Reply):
    """Every line is set aside for the order."""


class StockUnavailable(Refusal):
    """At least one line cannot be had; nothing is set aside."""


class StockReleased(Reply):
    """Nothing is set aside for the order any more."""


class StockCommitted(Reply):
    """What was set aside is sold."""


class ReserveStock(Command[StockReserved, StockUnavailable]):
    order_id: UUID
    lines: tuple[Line, ...]


class ReleaseStock(Command[StockReleased, Never]):
    order_id: UUID
    lines: tuple[Line, ...]


class CommitStock(Command[StockCommitted, Never]):
    order_id: UUID
    lines: tuple[Line, ...]
