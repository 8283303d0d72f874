"""A service of the release before: it says and reads `OrderPlaced` v1, and has never heard of v2.

python -m yesterday order
"""

import runpy
import sys
from typing import Final, cast
from uuid import UUID

import contracts.order
from contracts.catalogue import CustomerId, Line
from contracts.money import Money
from contracts.topology import SHOP
from counterstep.protocol.messages import Message, StartEvent
from counterstep.protocol.naming import type_name

REVIEW_ABOVE: Final = 10_000_00


class OrderPlaced(StartEvent):
    """As `contracts.order` declared it then."""

    __module__ = contracts.order.__name__

    order_id: UUID
    customer_id: CustomerId
    lines: tuple[Line, ...]
    total: Money

    @property
    def needs_review(self) -> bool:
        """Nothing that was said: the saga found it out by itself."""
        return self.total.amount > REVIEW_ABOVE


def main() -> None:
    """Forget what came later, then be the service that is named."""
    known = cast(dict[str, type[Message]], SHOP.contracts.versions)
    del known[type_name(contracts.order.OrderPlaced)]
    known[type_name(OrderPlaced)] = OrderPlaced
    contracts.order.OrderPlaced = OrderPlaced  # type: ignore[misc, assignment]
    runpy.run_module(sys.argv[1], run_name="__main__")


if __name__ == "__main__":
    main()
