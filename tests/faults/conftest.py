"""What the fault tests share."""

from collections.abc import Iterator

import pytest
from infra.launcher.native.stack import Stack
from shop import Shop

from faults.market import Market
from faults.wires import Wires, wired


@pytest.fixture
async def market(shop: Shop) -> Market:
    """A market of this test's own."""
    return await Market.opened(shop)


@pytest.fixture(scope="module")
def payment(stack: Stack) -> Iterator[Wires]:
    """The wires of the payment service."""
    with wired(stack, "payment") as wires:
        yield wires
