"""A process stops without ending: it holds its connections and does nothing."""

import pytest

from faults.market import Market
from faults.processes import frozen


@pytest.mark.parametrize("name", ["inventory", "payment", "orchestrator", "rabbitmq"])
async def test_while_a_process_stands_still_orders_are_accepted_and_afterwards_they_end(
    market: Market, name: str
) -> None:
    async with frozen(market.shop.stack, name), market.trading(50):
        pass
    await market.assert_sound()
