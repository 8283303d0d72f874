"""Events move the metrics that count them, seen from the public endpoints alone."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial

import pytest
from contracts.order import ApproveOrder
from contracts.topology import SERVICES
from duplicator import duplicating
from faults.broker import unbound
from faults.queues import queue
from outages import command_sent, stopped, waiting_for_payment
from poison import INCOMPLETE, STEP, dead_letter, publish
from scraping import Scrape, scrape, scraped_until
from shop import PLENTY, PRICE, Shop
from uuid_utils.compat import uuid7
from waiting import eventually

RUNNING = {"saga": "place_order", "status": "running"}


@dataclass
class Watch:
    """A service's metrics at an earlier time, to compute how much they have moved."""

    shop: Shop
    service: str
    before: Scrape

    async def moved(self, name: str, at_least: float = 1, /, **labels: str) -> float:
        """The increase of this counter, as soon as it is at least `by`."""
        least = self.before.value(name, **labels) + at_least
        seen = await scraped_until(self.shop, self.service, name, least, **labels)
        return seen.value(name, **labels) - self.before.value(name, **labels)


async def watch(shop: Shop, service: str) -> Watch:
    return Watch(shop, service, await scrape(shop, service))


async def test_a_confirmed_order_is_counted_begun_and_completed_with_the_time_of_each_step(shop: Shop) -> None:
    sku, ada = await shop.stocked("lamp", 10), await shop.customer("ada", PLENTY)
    orchestrator, requests = await watch(shop, "orchestrator"), await watch(shop, "order")
    await shop.saga_ended((await shop.ended(await shop.place(ada, {sku: 1})))["saga_id"])
    await orchestrator.moved("saga_started_total")
    await orchestrator.moved("saga_ended_total", outcome="completed")
    await orchestrator.moved("saga_duration_seconds_count", outcome="completed")
    assert 0 < await orchestrator.moved("saga_duration_seconds_sum", 0.001, outcome="completed") < 10
    for step in ("reserve_stock", "authorize_payment", "capture_payment", "commit_stock", "approve_order"):
        answered = {"step": step, "direction": "forward", "outcome": "succeeded"}
        await orchestrator.moved("saga_step_duration_seconds_count", **answered)
        assert 0 < await orchestrator.moved("saga_step_duration_seconds_sum", 0.001, **answered) < 10
    placed = {"http_request_method": "POST", "http_route": "/orders", "http_response_status_code": "202"}
    await requests.moved("http_server_request_duration_seconds_count", **placed)


async def test_a_refused_order_is_counted_compensated_and_the_refusal_is_an_answer(shop: Shop) -> None:
    sku, bob = await shop.stocked("lamp", 10), await shop.customer("bob", PRICE - 1)
    orchestrator = await watch(shop, "orchestrator")
    await shop.ended(await shop.place(bob, {sku: 1}))
    await orchestrator.moved("saga_ended_total", outcome="compensated")
    for step, direction, outcome in (
        ("authorize_payment", "forward", "refused"),
        ("reserve_stock", "compensation", "succeeded"),
        ("place_order", "compensation", "succeeded"),
    ):
        labels = {"step": step, "direction": direction, "outcome": outcome}
        await orchestrator.moved("saga_step_duration_seconds_count", **labels)


async def test_a_waiting_order_is_running_and_ages_and_a_resend_counts_as_a_retry(shop: Shop) -> None:
    sku, ada = await shop.stocked("lamp", 10), await shop.customer("ada", PLENTY)
    orchestrator = await watch(shop, "orchestrator")
    async with stopped(shop, "payment"):
        order = await waiting_for_payment(shop, ada, sku)
        await scraped_until(shop, "orchestrator", "saga_running", 1, **RUNNING)
        await scraped_until(shop, "orchestrator", "saga_oldest_age_seconds", 1.5, **RUNNING)
        resend = {"reason": "is it there?"}
        (
            await shop.call("POST", "orchestrator", f"/sagas/{order['saga_id']}/retry", json=resend)
        ).raise_for_status()
        await command_sent(shop, order["saga_id"], "authorize_payment", attempt=2)
        await orchestrator.moved("saga_retries_total", step="authorize_payment", direction="forward")
    await shop.saga_ended(order["saga_id"])
    await eventually(
        lambda: scrape(shop, "orchestrator"), until=lambda seen: not seen.value("saga_running", **RUNNING)
    )


async def test_what_is_delivered_twice_is_begun_once_and_answered_again_from_the_inbox(shop: Shop) -> None:
    sku, ada = await shop.stocked("lamp", 100), await shop.customer("ada", PLENTY)
    orchestrator, payment = await watch(shop, "orchestrator"), await watch(shop, "payment")
    async with duplicating(shop.stack):
        orders = await shop.all_ended(await asyncio.gather(*(shop.place(ada, {sku: 1}) for _ in range(20))))
        await payment.moved("inbox_duplicates_total", 20, type="payment.authorize_payment.v1")
    for order in orders:
        await shop.saga_ended(order["saga_id"])
    assert await orchestrator.moved("saga_started_total", 20) == 20


async def test_poison_is_counted_as_a_dead_letter_that_waits(shop: Shop) -> None:
    payment = await watch(shop, "payment")
    message_id = await publish(shop, "payment.commands", INCOMPLETE)
    await dead_letter(shop, "payment", message_id, within=10)
    await payment.moved("messaging_dead_letters_total", queue="payment.commands")
    await payment.moved("messaging_process_duration_seconds_count", queue="payment.commands", outcome="dead")
    await payment.moved("dead_letters_waiting")


async def test_a_command_whose_handler_raises_is_counted_as_a_retry(shop: Shop) -> None:
    order = await watch(shop, "order")
    unknown = ApproveOrder(order_id=uuid7()).model_dump_json().encode()
    await publish(shop, "order.commands", {"body": unknown, "type": "order.approve_order.v1", "headers": STEP})
    await order.moved("messaging_retries_total", queue="order.commands")
    await order.moved("messaging_process_duration_seconds_count", queue="order.commands", outcome="retried")
    await order.moved("retries_waiting", queue="order.commands")


async def test_a_publish_that_finds_no_queue_is_returned_and_its_message_waits_in_the_outbox(shop: Shop) -> None:
    sku, ada = await shop.stocked("lamp", 10), await shop.customer("ada", PLENTY)
    orchestrator = await watch(shop, "orchestrator")
    async with unbound(shop.stack, queue("payment.commands")):
        order_id = await shop.place(ada, {sku: 1})
        await orchestrator.moved("messaging_publishes_total", exchange="commands", outcome="returned")
        await orchestrator.moved("outbox_refused_messages")
        await orchestrator.moved("outbox_messages")
        await orchestrator.moved("outbox_oldest_age_seconds")
    assert (await shop.ended(order_id))["status"] == "confirmed"
    await eventually(
        lambda: scrape(shop, "orchestrator"), until=lambda seen: not seen.value("outbox_refused_messages")
    )


@pytest.mark.parametrize("service", SERVICES)
async def test_what_a_queue_s_batches_held_is_what_was_done(shop: Shop, service: str) -> None:
    async def sums() -> list[tuple[float, float]]:
        seen = await scrape(shop, service)
        queues = {sample.labels["queue"] for sample in seen["messaging_batch_messages"].samples}
        return [
            (
                seen.value("messaging_batch_messages_sum", queue=name),
                seen.value("messaging_process_duration_seconds_count", queue=name, outcome="done"),
            )
            for name in queues
        ]

    await eventually(sums, until=lambda seen: all(batched == done for batched, done in seen))


async def test_while_the_database_is_stopped_a_scrape_answers_at_once_with_all_else(shop: Shop) -> None:
    async with database_stopped(shop):
        for service in SERVICES:
            seen = await eventually(
                partial(scrape, shop, service), until=lambda seen: not seen.value("database_up")
            )
            began = time.monotonic()
            await scrape(shop, service)
            assert time.monotonic() - began < 3
            assert "outbox_messages" not in seen
            assert seen.value("database_pool_limit", pool="messages") > 0
            assert seen.value("messaging_publishes_total", outcome="confirmed") > 0
    for service in SERVICES:
        await scraped_until(shop, service, "database_up", 1)


@asynccontextmanager
async def database_stopped(shop: Shop) -> AsyncIterator[None]:
    await asyncio.to_thread(shop.stack.stop, "postgres")
    try:
        yield
    finally:
        await asyncio.to_thread(shop.stack.start, "postgres")
