"""One order is one trace, that tells its story from the request to the last step, whatever happens on the way."""

import asyncio

import aio_pika
from chassis.auth import Role
from infra.stack import Stack
from poison import dead_letter
from shop import PLENTY, PRICE, Shop
from traces import Trace, read_trace, trace_of, trace_with
from waiting import eventually

BEGINNING = """\
POST /orders @ order
  send events:order.order_placed
  process events:order.order_placed:orchestrator.events @ orchestrator
    saga place_order
"""


def told(kind: str, step: str, service: str) -> str:
    """What a trace tells of one step: the bar, the command's way, and the reply's."""
    return f"""\
      saga.{kind} {step}
        send commands:{service}.{step}
        process commands:{service}.{step}:{service}.commands @ {service}
          send replies:orchestrator
          process replies:orchestrator:orchestrator.replies @ orchestrator
"""


CONFIRMED = (
    BEGINNING
    + told("step", "reserve_stock", "inventory")
    + told("step", "authorize_payment", "payment")
    + told("step", "capture_payment", "payment")
    + told("step", "commit_stock", "inventory")
    + told("step", "approve_order", "order")
)
REFUSED = (
    BEGINNING
    + told("step", "reserve_stock", "inventory")
    + told("step", "authorize_payment", "payment")
    + told("compensate", "release_stock", "inventory")
    + told("compensate", "reject_order", "order")
)


def failed(trace: Trace) -> list[str]:
    return [span.name for span in trace.spans if span.failed]


async def awaiting(shop: Shop, order_id: str, step: str) -> str:
    """The order's saga, once it awaits this step; gives its id."""
    saga_id: str = (await shop.order(order_id))["saga_id"]

    async def asked() -> bool:
        answer = await shop.call("GET", "orchestrator", f"/sagas/{saga_id}")
        rows = answer.json()["history"] if answer.is_success else []
        return (step, "asked") in {(row["step"], row["event"]) for row in rows}

    await eventually(asked, until=bool)
    return saga_id


async def broker_gives_up(stack: Stack, queue: str) -> str:
    """The broker makes a dead letter of the queue's first message, as after too many deliveries; gives its id."""
    async with await aio_pika.connect(stack.amqp_url) as connection:
        channel = await connection.channel()
        waiting = await channel.get_queue(queue, ensure=False)
        message = await eventually(lambda: waiting.get(fail=False), until=lambda seen: seen is not None)
        assert message is not None
        await message.reject(requeue=False)
        return str(message.message_id)


async def test_a_confirmed_order_tells_its_story_through_all_services(shop: Shop) -> None:
    sku, ada = await shop.stocked("lamp", 10), await shop.customer("ada", PLENTY)
    order_id = await shop.place(ada, {sku: 1})
    trace = await trace_of(shop, order_id)
    assert trace.drawn == CONFIRMED.rstrip()
    assert failed(trace) == []


async def test_a_refused_order_is_compensated_before_ones_eyes_and_is_no_error(shop: Shop) -> None:
    sku, bob = await shop.stocked("lamp", 10), await shop.customer("bob", PRICE - 1)
    trace = await trace_of(shop, await shop.place(bob, {sku: 1}))
    assert trace.drawn == REFUSED.rstrip()
    assert failed(trace) == []
    assert trace.named("saga.step authorize_payment").tags["saga.outcome"] == "refused"
    bar = trace.named("saga place_order")
    assert bar.tags["saga.outcome"] == "compensated"
    assert bar.tags["saga.reason"].startswith("insufficient funds")
    assert bar.events[0] == "started"
    assert bar.events[-1] == "compensated"


async def test_the_saga_its_order_and_its_trace_lead_to_one_another(shop: Shop) -> None:
    sku, ada = await shop.stocked("lamp", 10), await shop.customer("ada", PLENTY)
    order_id = await shop.place(ada, {sku: 1})
    trace = await trace_of(shop, order_id)
    order = await shop.order(order_id)
    saga = await shop.saga(order["saga_id"])
    assert saga["trace_url"] == f"{shop.stack.traces.url}/trace/{saga['trace_id']}"
    for name in ("POST /orders", "saga place_order", "saga.step commit_stock"):
        tags = trace.named(name).tags
        assert (tags["order.id"], tags["saga.id"]) == (order_id, saga["saga_id"])


async def test_a_silent_participant_is_a_fault_of_its_step_and_its_late_answers_belong_to_the_trace(
    shop: Shop, stack: Stack
) -> None:
    sku, ada = await shop.stocked("lamp", 10), await shop.customer("ada", PLENTY)
    await asyncio.to_thread(stack.stop, "inventory")
    try:
        order_id = await shop.place(ada, {sku: 1})
        await shop.ended(order_id)
    finally:
        await asyncio.to_thread(stack.start, "inventory")
    trace = await trace_of(shop, order_id)
    assert failed(trace) == ["saga.step reserve_stock"]
    assert trace.named("saga.step reserve_stock").tags["saga.outcome"] == "in_doubt"
    assert trace.named("saga.compensate release_stock").tags["saga.outcome"] == "succeeded"
    assert {span.service for span in trace.spans} == {"order", "orchestrator", "inventory"}


async def test_a_replayed_dead_letter_goes_on_in_its_orders_trace(shop: Shop, stack: Stack) -> None:
    sku, ada = await shop.stocked("lamp", 10), await shop.customer("ada", PLENTY)
    await asyncio.to_thread(stack.stop, "payment")
    try:
        order_id = await shop.place(ada, {sku: 1})
        await awaiting(shop, order_id, "authorize_payment")
        message_id = await broker_gives_up(stack, "payment.commands")
    finally:
        await asyncio.to_thread(stack.start, "payment")
    await dead_letter(shop, "payment", message_id, within=10)
    replayed = await shop.call("POST", "payment", f"/dead-letters/{message_id}/replay", json={"reason": "mended"})
    assert replayed.status_code == 202
    trace = await trace_of(shop, order_id)
    kept = trace.named("process dead_letters:payment.commands:payment.dead_letters")
    resent = trace.named("send retry:payment.commands.1s")
    act = trace.named("operator replay payment.authorize_payment.v1")
    step = trace.named("saga.step authorize_payment")
    assert {kept.parent_id, resent.parent_id, act.parent_id} == {step.span_id}
    assert act.tags["operator.reason"] == "mended"
    (request,) = act.links
    assert (await read_trace(shop, request)).roots == ["POST /dead-letters/{message_id}/replay"]


async def test_a_trace_outlives_the_death_of_every_service(shop: Shop, stack: Stack) -> None:
    sku, ada = await shop.stocked("lamp", 10), await shop.customer("ada", PLENTY)
    await asyncio.to_thread(stack.stop, "payment")
    try:
        order_id = await shop.place(ada, {sku: 1})
        saga_id = await awaiting(shop, order_id, "authorize_payment")
        trace_id = (await shop.saga(saga_id))["trace_id"]
        sent = "send commands:payment.authorize_payment"
        await eventually(
            lambda: read_trace(shop, trace_id), until=lambda seen: sent in {span.name for span in seen.spans}
        )
        for service in ("order", "orchestrator", "inventory"):
            await asyncio.to_thread(stack.kill, service)
    finally:
        await asyncio.to_thread(stack.start, "payment")
    assert (await trace_of(shop, order_id)).drawn == CONFIRMED.rstrip()


async def test_what_an_operator_does_to_a_saga_stands_in_its_trace_and_links_to_the_request(
    shop: Shop, stack: Stack
) -> None:
    sku, ada = await shop.stocked("lamp", 10), await shop.customer("ada", PLENTY)
    await asyncio.to_thread(stack.stop, "payment")
    try:
        order_id = await shop.place(ada, {sku: 1})
        saga_id = await awaiting(shop, order_id, "authorize_payment")
        act = await shop.call("POST", "orchestrator", f"/sagas/{saga_id}/compensate", json={"reason": "a mistake"})
        assert act.status_code == 202
        assert act.json()["trace_url"]
    finally:
        await asyncio.to_thread(stack.start, "payment")
    trace = await trace_of(shop, order_id)
    act_span = trace.named("operator compensate place_order")
    assert act_span.parent_id == trace.named("saga place_order").span_id
    (request,) = act_span.links
    assert (await read_trace(shop, request)).roots == ["POST /sagas/{saga_id}/compensate"]


async def test_a_cancellation_is_a_trace_of_its_own_that_links_to_the_orders(shop: Shop, stack: Stack) -> None:
    sku, ada = await shop.stocked("lamp", 10), await shop.customer("ada", PLENTY)
    await asyncio.to_thread(stack.stop, "payment")
    try:
        order_id = await shop.place(ada, {sku: 1})
        saga_id = await awaiting(shop, order_id, "authorize_payment")
        caller = {**shop.bearer(Role.CUSTOMER, ada), "traceparent": f"00-{'c' * 32}-{'d' * 16}-01"}
        asked = await shop.call("POST", "order", f"/orders/{order_id}/cancel", headers=caller)
        assert asked.status_code == 202
    finally:
        await asyncio.to_thread(stack.start, "payment")
    heard = "process events:order.cancellation_requested:orchestrator.events"
    cancellation = await trace_with(shop, "c" * 32, heard)
    assert cancellation.named(heard).links == {(await shop.saga(saga_id))["trace_id"]}
    assert (await trace_of(shop, order_id)).roots == ["POST /orders"]


async def test_messages_that_shared_a_transaction_link_to_one_another(shop: Shop) -> None:
    sku, ada = await shop.stocked("lamp", 100), await shop.customer("ada", PLENTY)
    orders = await asyncio.gather(*(shop.place(ada, {sku: 1}) for _ in range(40)))
    traces = [await trace_of(shop, order_id) for order_id in orders]
    batch_id = next(link for trace in traces for span in trace.spans for link in span.links)
    (batch,) = (await read_trace(shop, batch_id)).spans
    assert batch.name.startswith("process batch ")
    assert int(batch.tags["messaging.batch.message_count"]) >= len(batch.links) > 1
    for trace_id in batch.links:
        assert any(batch_id in span.links for span in (await read_trace(shop, trace_id)).spans)
