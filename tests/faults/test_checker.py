"""The checker itself: every kind of violation is planted in a transaction, named, and rolled back."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

import aio_pika
import pytest
import pytest_asyncio
from infra.launcher.native.stack import Stack
from shop import Shop

from faults.checker import violations
from faults.databases import Databases, databases
from faults.evidence import Order, Scope
from faults.market import Market
from faults.reading import read

pytestmark = pytest.mark.asyncio(loop_scope="module")


@dataclass
class Scene:
    """Two orders that have ended, one confirmed and one rejected, and open connections to look at them."""

    shop: Shop
    databases: Databases
    scope: Scope
    confirmed: Order
    rejected: Order

    @property
    def names(self) -> dict[str, Any]:
        """What a planted statement may name."""
        return {"confirmed": self.confirmed, "rejected": self.rejected, "lamp": next(iter(self.scope.stocked))}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def scene(stack: Stack) -> AsyncIterator[Scene]:
    async with Shop(stack) as shop, databases(stack) as opened:
        market = await Market.opened(shop, for_bob=0)
        async with market.trading(2):
            pass
        await market.assert_sound()
        orders = (await market.evidence()).orders.values()
        by_status = {order.status: order for order in orders}
        yield Scene(shop, opened, market.scope, by_status["confirmed"], by_status["rejected"])


NEGATIVE = """
ALTER TABLE stock DROP CONSTRAINT stock_never_negative;
UPDATE stock SET reserved = -1, sold = sold + 1 WHERE sku = '{lamp}'
"""
POSITIVE = """
UPDATE stock SET reserved = 0, sold = sold - 1 WHERE sku = '{lamp}';
ALTER TABLE stock ADD CONSTRAINT stock_never_negative CHECK (on_hand >= 0 AND reserved >= 0 AND sold >= 0)
"""

ADD_ENTRY = """
INSERT INTO saga_history (saga_id, at, step, direction, attempt, event)
VALUES ('{{{0}.saga_id}}', now(), '{1}', '{2}', 1, '{3}')
"""

# What the checker should say → the service in whose database it is planted, and how.
PLANTED = {
    "was accepted, but is not on disk": ("order", "DELETE FROM orders WHERE order_id = '{confirmed.order_id}'"),
    "is pending, its instance completed": (
        "order",
        "UPDATE orders SET status = 'pending' WHERE order_id = '{confirmed.order_id}'",
    ),
    "is rejected, but its instance is completed": (
        "order",
        "UPDATE orders SET status = 'rejected' WHERE order_id = '{confirmed.order_id}'",
    ),
    "is cancelled, and its API says rejected": (
        "order",
        "UPDATE orders SET status = 'cancelled' WHERE order_id = '{rejected.order_id}'",
    ),
    "stock of {lamp} is missing": ("inventory", "DELETE FROM stock WHERE sku = '{lamp}'"),
    "that were put in": (
        "payment",
        "UPDATE accounts SET available = available + 1 WHERE customer_id = '{confirmed.customer_id}'",
    ),
    "and its API says": ("inventory", "UPDATE stock SET on_hand = on_hand - 1, reserved = 1 WHERE sku = '{lamp}'"),
    "bound, but the orders account for": (
        "inventory",
        "UPDATE stock SET on_hand = on_hand - 1, reserved = 1 WHERE sku = '{lamp}'",
    ),
    "gone, but the orders account for": (
        "payment",
        """
        UPDATE accounts SET available = available - 1000, captured = captured + 1000
        WHERE customer_id = '{confirmed.customer_id}'
        """,
    ),
    "is confirmed, but its money is bound": (
        "payment",
        "UPDATE authorizations SET status = 'held' WHERE order_id = '{confirmed.order_id}'",
    ),
    "is confirmed, but its stock is not even bound": (
        "inventory",
        "DELETE FROM reservations WHERE order_id = '{confirmed.order_id}'",
    ),
    "wants money": (
        "payment",
        "UPDATE authorizations SET amount = amount + 1 WHERE order_id = '{confirmed.order_id}'",
    ),
    "is rejected, but its stock is gone": (
        "inventory",
        "UPDATE reservations SET status = 'committed' WHERE order_id = '{rejected.order_id}'",
    ),
    "payment did capture_payment (forward) of saga {confirmed.saga_id} 2 times": (
        "payment",
        """
        ALTER TABLE inbox DROP CONSTRAINT inbox_pkey;
        INSERT INTO inbox SELECT * FROM inbox
        WHERE saga_id = '{confirmed.saga_id}' AND step = 'capture_payment'
        """,
    ),
    "was answered that its money is bound, but nothing ever was": (
        "payment",
        "DELETE FROM authorizations WHERE order_id = '{confirmed.order_id}'",
    ),
    "has stock, but no command was ever answered so": (
        "inventory",
        "DELETE FROM inbox WHERE saga_id = '{rejected.saga_id}' AND step = 'reserve_stock'",
    ),
    "began 2 times": ("orchestrator", ADD_ENTRY.format("confirmed", "place_order", "forward", "started")),
    "is completed, but its history ends": (
        "orchestrator",
        ADD_ENTRY.format("confirmed", "place_order", "forward", "compensated"),
    ),
    "took 2 answers to capture_payment (forward)": (
        "orchestrator",
        ADD_ENTRY.format("confirmed", "capture_payment", "forward", "succeeded"),
    ),
    "is completed, but undid": (
        "orchestrator",
        ADD_ENTRY.format("confirmed", "reserve_stock", "compensation", "asked"),
    ),
    "which is not in reverse": (
        "orchestrator",
        ADD_ENTRY.format("rejected", "authorize_payment", "compensation", "asked"),
    ),
    "ended compensated, but ['reserve_stock'] was never undone": (
        "orchestrator",
        """
        DELETE FROM saga_history WHERE saga_id = '{rejected.saga_id}' AND step = 'reserve_stock'
        AND direction = 'compensation' AND event = 'succeeded'
        """,
    ),
    "the outbox of payment still holds 1": (
        "payment",
        """
        INSERT INTO outbox (message_id, saga_id, type, exchange, routing_key, headers, body, lease, leased_until)
        VALUES (gen_random_uuid(), gen_random_uuid(), '', '', '', '{{}}', '', gen_random_uuid(), 'infinity')
        """,
    ),
    "is a dead letter: planted": (
        "payment",
        """
        INSERT INTO dead_letters
            (message_id, saga_id, type, origin, reason, headers, body, deaths, status, died_at)
        VALUES (gen_random_uuid(), gen_random_uuid(), '', '', 'planted', '', '', 1, 'waiting', now())
        """,
    ),
}


@pytest.mark.parametrize(("service", "statements"), PLANTED.values(), ids=PLANTED)
async def test_a_violation_is_named(
    scene: Scene, request: pytest.FixtureRequest, service: str, statements: str
) -> None:
    sentence = request.node.callspec.id.format(**scene.names)
    connection = scene.databases.connections[service]
    planted = connection.transaction()
    await planted.start()
    try:
        await connection.execute(statements.format(**scene.names))
        found = violations(await read(scene.shop, scene.databases, scene.scope))
    finally:
        await planted.rollback()
    assert any(sentence in each for each in found), found


async def test_a_negative_figure_is_named(scene: Scene) -> None:
    connection = scene.databases.connections["inventory"]
    await connection.execute(NEGATIVE.format(**scene.names))  # committed, or the API would wait for it
    try:
        found = violations(await read(scene.shop, scene.databases, scene.scope))
    finally:
        await connection.execute(POSITIVE.format(**scene.names))
    assert any("is negative" in each for each in found), found


async def test_a_dead_letter_that_should_be_there_and_is_not_is_named(scene: Scene) -> None:
    missing = uuid4()
    scope = replace(scene.scope, dead_letters={*scene.scope.dead_letters, missing})
    found = violations(await read(scene.shop, scene.databases, scope))
    assert found == [f"message {missing} should be a dead letter, and is none"]


async def test_a_message_that_nobody_reads_is_named(scene: Scene) -> None:
    async with await aio_pika.connect(scene.shop.stack.amqp_url) as connection:
        channel = await connection.channel()
        queue = await channel.declare_queue("planted", durable=True, arguments={"x-queue-type": "quorum"})
        await channel.default_exchange.publish(aio_pika.Message(b"planted"), "planted")
        try:
            found = violations(await read(scene.shop, scene.databases, scene.scope))
        finally:
            await queue.delete(if_unused=False, if_empty=False)
    assert found == ["queue planted still holds 1"]


async def test_where_all_is_well_the_checker_says_nothing(scene: Scene) -> None:
    assert violations(await read(scene.shop, scene.databases, scene.scope)) == []
