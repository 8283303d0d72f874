"""What the fault tests share."""

from collections.abc import AsyncIterator, Iterator

import pytest
from infra.launcher.native.stack import Stack
from relayed import Relayed, relayed
from shop import Shop

from faults.market import Market
from faults.wires import Wires, wired


@pytest.fixture
async def market(shop: Shop) -> Market:
    """A market of this test's own."""
    return await Market.opened(shop)


@pytest.fixture
async def place(stack: Stack) -> AsyncIterator[Relayed]:
    """An outbox and a broker's virtual host of this test's own."""
    async with relayed(stack) as place:
        yield place


@pytest.fixture(scope="module")
def payment(stack: Stack) -> Iterator[Wires]:
    """The wires of the payment service."""
    with wired(stack, "payment") as wires:
        yield wires
