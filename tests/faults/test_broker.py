"""The broker refuses, forgets or dies."""

import asyncio
from io import StringIO
from typing import Any

import asyncpg
import pytest
from infra.launcher import Progress
from infra.launcher.native.launch import Launch
from infra.machine.terminal import Terminal
from outages import command_sent, let_deadlines_pass, stopped, succeeded
from waiting import eventually

from faults.broker import alarmed, close_connections, limited, lose_log, unbound
from faults.databases import databases
from faults.market import Market
from faults.processes import frozen
from faults.queues import queue

ROW_OF_AN_EARLIER_RELEASE = """
INSERT INTO outbox (message_id, saga_id, type, exchange, routing_key, headers, body, lease, leased_until)
SELECT id, id, $1, 'commands', 'payment.authorize_payment', $2, '', id, now() FROM gen_random_uuid() AS id
"""
"""Nobody checked what it holds."""


async def test_a_killed_broker_loses_nothing(market: Market) -> None:
    async with market.trading(100) as placing:
        await asyncio.wait(placing[:30])
        await asyncio.to_thread(market.shop.stack.kill, "rabbitmq")
    await market.assert_sound()


async def test_a_broker_whose_queues_died_under_it_is_not_ready_and_starting_it_again_heals_it(
    market: Market,
) -> None:
    stack = market.shop.stack
    async with market.trading(10):
        await lose_log(stack)
        broker = next(part for part in await stack.part_statuses() if part.name == "rabbitmq")
        assert "its queues do not work, as after a full disk" in str(broker.missing)
        told = StringIO()
        await Launch(stack, Progress(Terminal(file=told))).start("rabbitmq")
        assert "It is restarted; nothing is lost by that" in told.getvalue()
    await market.assert_sound()


async def test_a_broker_that_works_or_has_an_alarm_is_not_restarted(market: Market) -> None:
    stack = market.shop.stack
    node = stack.pid("rabbitmq")
    await asyncio.to_thread(stack.start, "rabbitmq")
    async with alarmed(stack, "disk"):
        await asyncio.to_thread(stack.start, "rabbitmq")
    assert stack.pid("rabbitmq") == node


@pytest.mark.parametrize("resource", ["memory", "disk"])
async def test_while_an_alarm_blocks_publishers_orders_are_accepted_and_the_block_is_visible(
    market: Market, resource: str
) -> None:
    async with alarmed(market.shop.stack, resource):
        async with market.trading(20):
            pass
        await eventually(lambda: readiness(market), until=lambda seen: "blocked" in seen["parts"]["relay"])
        assert {order.status for order in (await market.evidence()).orders.values()} == {"pending"}
    await market.assert_sound()


async def test_what_finds_no_queue_is_kept_until_there_is_one(market: Market) -> None:
    async with unbound(market.shop.stack, queue("payment.commands")):
        async with market.trading(10):
            pass
        await eventually(lambda: kept(market, "orchestrator"), until=lambda count: count == 10)
    await market.assert_sound()


async def test_what_a_full_queue_refuses_is_kept_until_there_is_room(market: Market) -> None:
    async with stopped(market.shop, "payment"), limited(market.shop.stack, queue("payment.commands"), 2):
        async with market.trading(20):
            pass
        await eventually(lambda: refused(market, "orchestrator"), until=lambda count: count > 0)
    await market.assert_sound()


async def test_a_row_that_amqp_cannot_carry_holds_up_no_other(market: Market) -> None:
    connection = await asyncpg.connect(market.shop.stack.database_url("orchestrator"))
    try:
        await connection.execute(ROW_OF_AN_EARLIER_RELEASE, "x" * 300, f'{{"failures": {2**40}}}')
        await eventually(lambda: quarantined(market, "orchestrator"), until=lambda count: count == 1)
        async with market.trading(20):
            pass
    finally:
        await connection.execute("DELETE FROM outbox_quarantine WHERE type = $1", "x" * 300)
        await connection.close()
    await market.assert_sound()


async def test_connections_that_the_broker_closes_are_opened_again(market: Market) -> None:
    async with market.trading(100) as placing:
        for service in ("orchestrator", "payment"):
            await asyncio.wait(placing[:30])
            await close_connections(market.shop.stack, service)
    await market.assert_sound()


async def test_while_the_broker_is_away_no_timeout_counts(market: Market) -> None:
    stack = market.shop.stack
    async with frozen(stack, "inventory"):
        order = await market.shop.order(await market.place())
        await command_sent(market.shop, order["saga_id"], "reserve_stock")
        await succeeded(market.shop, order["saga_id"], "authorize_payment")
        await asyncio.to_thread(stack.stop, "rabbitmq")
    try:
        await eventually(
            lambda: readiness(market, "orchestrator"),
            until=lambda seen: "not connected" in seen["parts"]["relay"],
        )
        assert await let_deadlines_pass(stack, order["saga_id"]) == ["reserve_stock"]
    finally:
        await asyncio.to_thread(stack.start, "rabbitmq")
    assert (await market.shop.ended(order["order_id"]))["status"] == "confirmed"
    await market.assert_sound()


async def refused(market: Market, service: str) -> int:
    """How many messages of the service the broker would not take."""
    return int((await market.shop.get(service, "/outbox"))["refused"])


async def quarantined(market: Market, service: str) -> int:
    """How many messages of the service are in quarantine."""
    return int((await market.shop.get(service, "/outbox"))["quarantined"])


async def readiness(market: Market, service: str = "order") -> Any:
    return (await market.shop.call("GET", service, "/health/ready")).json()


async def kept(market: Market, service: str) -> int:
    """How many messages wait in this service's outbox."""
    async with databases(market.shop.stack) as opened:
        return (await opened.outboxes())[service]
