"""One order is one trace, from the request to the last step, whatever happens on the way."""

import asyncio
import json

import aio_pika
import asyncpg
from counterstep.http.roles import Role
from faults.databases import databases
from infra.launcher.native.stack import Stack
from outages import stopped, waiting_for_payment
from poison import dead_letter
from shop import PLENTY, PRICE, Shop
from traces import Trace, Traces
from waiting import eventually

BEGINNING = """\
POST /orders @ order
  send events.order:order.order_placed
  process events.order:order.order_placed:orchestrator.events @ orchestrator
    saga place_order
"""


def leg(kind: str, step: str, service: str) -> str:
    """The spans of one step: its bar, those of the command, and those of the reply."""
    return f"""\
      saga.{kind} {step}
        send commands:{service}.{step}
        process commands:{service}.{step}:{service}.commands @ {service}
          send replies:orchestrator
          process replies:orchestrator:orchestrator.replies @ orchestrator
"""


SPANS_UNTIL_PAYMENT = 8  # spans until then: the request, three sent, three processed, and the one that is awaited

CONFIRMED = (
    BEGINNING
    + leg("step", "reserve_stock", "inventory")
    + leg("step", "authorize_payment", "payment")
    + leg("step", "capture_payment", "payment")
    + leg("step", "commit_stock", "inventory")
    + leg("step", "approve_order", "order")
)
REFUSED = (
    BEGINNING
    + leg("step", "reserve_stock", "inventory")
    + leg("step", "authorize_payment", "payment")
    + leg("compensate", "release_stock", "inventory")
    + leg("compensate", "reject_order", "order")
)


async def trace_of(shop: Shop, traces: Traces, order_id: str) -> Trace:
    """The whole trace of an order that has ended, or will."""
    return await traces.of_saga(await shop.saga_ended((await shop.ended(order_id))["saga_id"]))


def failed(trace: Trace) -> list[str]:
    return [span.name for span in trace.spans if span.failed]


_DIED = """
INSERT INTO dead_letters (message_id, saga_id, sender, type, exchange, routing_key, origin, headers, body,
                          reason, deaths, status, died_at)
VALUES ($1::text::uuid, $2::text::uuid, $3, $4, $5, $6, $7, $8, $9, 'planted', 1, 'waiting', now())
"""


async def died(stack: Stack, queue: str) -> str:
    """The queue's first message becomes a dead letter of payment, as if no try had succeeded; gives its id."""
    async with await aio_pika.connect(stack.amqp_url) as connection:
        channel = await connection.channel()
        waiting = await channel.get_queue(queue, ensure=False)
        message = await eventually(lambda: waiting.get(fail=False), until=lambda seen: seen is not None)
        assert message is not None
        address = (message.exchange, message.routing_key)
        letter = (message.user_id, message.type, *address, queue, json.dumps(message.headers), message.body)
        database = await asyncpg.connect(stack.database_url("payment"))
        try:
            await database.execute(_DIED, message.message_id, message.correlation_id, *letter)
        finally:
            await database.close()
        await message.ack()
        return str(message.message_id)


async def test_a_confirmed_order_has_one_trace_through_all_services(shop: Shop, traces: Traces) -> None:
    sku, ada = await shop.stocked("lamp", 10), await shop.customer("ada", PLENTY)
    order_id = await shop.place(ada, {sku: 1})
    trace = await trace_of(shop, traces, order_id)
    assert trace.drawn == CONFIRMED.rstrip()
    assert failed(trace) == []


async def test_a_refused_order_is_seen_compensated_and_is_no_error(shop: Shop, traces: Traces) -> None:
    sku, bob = await shop.stocked("lamp", 10), await shop.customer("bob", PRICE - 1)
    trace = await trace_of(shop, traces, await shop.place(bob, {sku: 1}))
    assert trace.drawn == REFUSED.rstrip()
    assert failed(trace) == []
    assert trace.named("saga.step authorize_payment").tags["saga.outcome"] == "refused"
    bar = trace.named("saga place_order")
    assert bar.tags["saga.outcome"] == "compensated"
    assert bar.tags["saga.reason"].startswith("insufficient funds")
    assert bar.events[0] == "started"
    assert bar.events[-1] == "compensated"


async def test_the_saga_its_order_and_its_trace_lead_to_one_another(shop: Shop, traces: Traces) -> None:
    sku, ada = await shop.stocked("lamp", 10), await shop.customer("ada", PLENTY)
    order_id = await shop.place(ada, {sku: 1})
    trace = await trace_of(shop, traces, order_id)
    order = await shop.order(order_id)
    saga = await shop.saga(order["saga_id"])
    assert saga["trace_url"] == f"{shop.stack.traces.url}/trace/{saga['trace_id']}"
    for name in ("POST /orders", "saga place_order", "saga.step commit_stock"):
        tags = trace.named(name).tags
        assert (tags["order.id"], tags["saga.id"]) == (order_id, saga["saga_id"])


async def test_a_timeout_is_a_fault_of_its_step_and_late_replies_belong_to_the_trace(
    shop: Shop, traces: Traces
) -> None:
    sku, ada = await shop.stocked("lamp", 10), await shop.customer("ada", PLENTY)
    async with stopped(shop, "inventory"):
        order_id = await shop.place(ada, {sku: 1})
        await shop.ended(order_id)
    trace = await trace_of(shop, traces, order_id)
    assert failed(trace) == ["saga.step reserve_stock"]
    assert trace.named("saga.step reserve_stock").tags["saga.outcome"] == "in_doubt"
    assert trace.named("saga.compensate release_stock").tags["saga.outcome"] == "succeeded"
    assert {span.service for span in trace.spans} == {"order", "orchestrator", "inventory", "payment"}


async def test_a_replayed_dead_letter_goes_on_in_its_orders_trace(
    shop: Shop, stack: Stack, traces: Traces
) -> None:
    sku, ada = await shop.stocked("lamp", 10), await shop.customer("ada", PLENTY)
    async with stopped(shop, "payment"):
        order = await waiting_for_payment(shop, ada, sku)
        message_id = await died(stack, "payment.commands")
    await dead_letter(shop, "payment", message_id, within=10)
    replayed = await shop.call("POST", "payment", f"/dead-letters/{message_id}/replay", json={"reason": "mended"})
    assert replayed.status_code == 202
    trace = await trace_of(shop, traces, order["order_id"])
    tried = trace.named("process commands:payment.authorize_payment:payment.commands")
    act = trace.named("operator replay payment.authorize_payment.v1")
    step = trace.named("saga.step authorize_payment")
    assert {tried.parent_id, act.parent_id} == {step.span_id}
    assert act.tags["operator.reason"] == "mended"
    (request,) = act.links
    assert [root.name for root in (await traces.of(request)).roots] == ["POST /dead-letters/{message_id}/replay"]


async def test_a_trace_outlives_the_death_of_every_service(shop: Shop, stack: Stack, traces: Traces) -> None:
    sku, ada = await shop.stocked("lamp", 10), await shop.customer("ada", PLENTY)
    async with stopped(shop, "payment"):
        order = await waiting_for_payment(shop, ada, sku)
        trace_id = (await shop.saga(order["saga_id"]))["trace_id"]
        await eventually(lambda: traces.of(trace_id), until=lambda seen: len(seen.spans) == SPANS_UNTIL_PAYMENT)
        async with databases(stack) as stores:  # a row that is still there would be published again
            await eventually(stores.outboxes, until=lambda waiting: not any(waiting.values()))
        for service in ("order", "orchestrator", "inventory"):
            await asyncio.to_thread(stack.kill, service)
    assert (await trace_of(shop, traces, order["order_id"])).drawn == CONFIRMED.rstrip()


async def test_a_cancellation_is_a_trace_of_its_own_that_links_to_the_orders(shop: Shop, traces: Traces) -> None:
    sku, ada = await shop.stocked("lamp", 10), await shop.customer("ada", PLENTY)
    async with stopped(shop, "payment"):
        order = await waiting_for_payment(shop, ada, sku)
        caller = {**shop.bearer(Role.CUSTOMER, ada), "traceparent": f"00-{'c' * 32}-{'d' * 16}-01"}
        response = await shop.call("POST", "order", f"/orders/{order['order_id']}/cancel", headers=caller)
        assert response.status_code == 202
    process = "process events.order:order.cancellation_requested:orchestrator.events"
    cancellation = await traces.with_span("c" * 32, process)
    assert cancellation.named(process).links == {(await shop.saga(order["saga_id"]))["trace_id"]}


async def test_messages_that_shared_a_transaction_link_to_one_another(shop: Shop, traces: Traces) -> None:
    sku, ada = await shop.stocked("lamp", 100), await shop.customer("ada", PLENTY)
    orders = await asyncio.gather(*(shop.place(ada, {sku: 1}) for _ in range(40)))
    stories = [await trace_of(shop, traces, order_id) for order_id in orders]
    batches = {link: (await traces.of(link)).spans[0] for trace in stories for link in linked_by(trace)}
    for batch in batches.values():
        assert batch.name.startswith("process batch ")
        assert int(batch.tags["messaging.batch.message_count"]) >= len(batch.links)
    of_several = {link: batch for link, batch in batches.items() if len(batch.links) > 1}
    assert of_several, "every batch held the messages of one order alone"
    for link, batch in of_several.items():
        for trace_id in batch.links:
            assert link in linked_by(await traces.of(trace_id))


def linked_by(trace: Trace) -> set[str]:
    return {link for span in trace.spans for link in span.links}
