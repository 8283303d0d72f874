"""Services of more than one process: each takes its share of the work, and any of them may be killed."""

import asyncio
from collections.abc import AsyncIterator
from functools import partial

import httpx2
import pytest
from books import assert_balanced
from infra.components.replicas import SINGLE, Replicas
from infra.launcher.native.stack import Stack
from port_lock import taking_ports
from scraping import Scrape
from shop import PLENTY, Shop
from waiting import eventually

ORDERS = 120
MIDWAY = 40
BOTH = ("payment", "payment-2")


@pytest.fixture
async def replicated(stack: Stack) -> AsyncIterator[Stack]:
    """The stack with a second payment and a second orchestrator, until a plain `up` ends them."""
    with taking_ports():
        await asyncio.to_thread(stack.up, replicas=Replicas.parse("payment=2,orchestrator=2"))
    yield stack
    address = stack.parts["payment-2"].address
    await asyncio.to_thread(stack.up)
    assert stack.replicas == SINGLE
    assert "payment-2" not in stack.running()
    async with httpx2.AsyncClient() as client:
        with pytest.raises(httpx2.ConnectError):
            await client.get(address)


async def commands_handled(stack: Stack, name: str) -> float:
    """How many commands this payment process has handled."""
    async with httpx2.AsyncClient() as client:
        answer = (await client.get(f"{stack.parts[name].address}/metrics")).raise_for_status()
    shown = Scrape.of(answer.text)
    return shown.value("messaging_process_duration_seconds_count", queue="payment.commands")


async def test_both_processes_of_a_service_work_and_every_order_is_confirmed_though_one_is_killed(
    replicated: Stack, shop: Shop
) -> None:
    status = await asyncio.to_thread(replicated.status)
    assert {"payment-2", "orchestrator-2"} <= {part.name for part in status.parts if part.usable}
    sku, ada = await shop.stocked("lamp", ORDERS), await shop.customer("ada", PLENTY)
    before = [await commands_handled(replicated, name) for name in BOTH]
    placing = [asyncio.create_task(shop.place(ada, {sku: 1})) for _ in range(ORDERS)]
    await asyncio.wait(placing[:MIDWAY])
    for name, handled in zip(BOTH, before, strict=True):
        await eventually(partial(commands_handled, replicated, name), until=handled.__lt__)
    await asyncio.to_thread(replicated.kill, "payment-2")
    orders = await shop.all_ended(await asyncio.gather(*placing))
    assert {order["status"] for order in orders} == {"confirmed"}
    await assert_balanced(shop, orders, stocked={sku: ORDERS}, paid_in={ada: PLENTY})
    await eventually(replicated.parts["payment-2"].missing, until=lambda missing: missing is None)
