"""What operators can do to an instance, and what the audit keeps of it."""

import asyncio
from contextlib import AsyncExitStack
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from books import assert_balanced
from counterstep.http.roles import Role
from counterstep.saga.instance import ATTENTION_AFTER
from outages import command_sent, stopped, waiting_for_payment
from shop import PLENTY, Shop
from traces import Traces
from waiting import eventually

REASON = {"reason": "the payment provider is back"}
UNDONE = ("compensation", "succeeded")


async def act(shop: Shop, saga_id: object, what: str, body: Any = REASON, **request: Any) -> httpx2.Response:
    return await shop.call("POST", "orchestrator", f"/sagas/{saga_id}/{what}", json=body, **request)


async def test_a_retried_instance_resends_at_once_and_the_audit_names_the_operator_and_the_reason(
    shop: Shop,
) -> None:
    sku, ada = await shop.stocked("lamp", 10), await shop.customer("ada", PLENTY)
    async with stopped(shop, "payment"):
        order = await waiting_for_payment(shop, ada, sku)
        answer = await act(shop, order["saga_id"], "retry")
        assert (answer.status_code, answer.json()["status"]) == (202, "running")
        saga = await shop.saga(order["saga_id"])
    last = {(row["event"], row["step"], row["attempt"], row["detail"]) for row in saga["history"][-2:]}
    assert last == {
        ("nudged", "place_order", 1, REASON["reason"]),
        ("asked", "authorize_payment", 2, "payment.authorize_payment"),
    }
    (audited,) = saga["acts"]
    assert (audited["operator"], audited["act"], audited["reason"]) == ("tester", "retry", REASON["reason"])
    assert saga["history"][-2]["message_id"] == audited["act_id"]
    assert (await shop.get("orchestrator", "/sagas/acts?limit=1"))["items"] == [audited]
    ended = await shop.ended(order["order_id"])
    assert ended["status"] == "confirmed"
    await assert_balanced(shop, [ended], stocked={sku: 10}, paid_in={ada: PLENTY})


async def test_an_operator_s_act_is_in_the_instance_s_own_trace_and_links_to_the_request(
    shop: Shop, traces: Traces
) -> None:
    sku, ada = await shop.stocked("lamp", 10), await shop.customer("ada", PLENTY)
    async with stopped(shop, "payment"):
        order = await waiting_for_payment(shop, ada, sku)
        await act(shop, order["saga_id"], "retry")
    saga = await shop.saga_ended(order["saga_id"])
    trace = await traces.of_saga(saga)
    retry = trace.named("operator retry place_order")
    assert retry.parent_id == trace.named("saga place_order").span_id
    assert retry.tags["operator.reason"] == REASON["reason"]
    (request,) = retry.links
    assert [root.name for root in (await traces.of(request)).roots] == ["POST /sagas/{saga_id}/retry"]
    assert trace.named("saga.step authorize_payment").tags["saga.attempt"] == 2


async def test_a_waiting_instance_can_be_cancelled_once_and_its_late_success_is_compensated(shop: Shop) -> None:
    sku, ada = await shop.stocked("lamp", 10), await shop.customer("ada", PLENTY)
    async with stopped(shop, "payment"):
        order = await waiting_for_payment(shop, ada, sku)
        answer = await act(shop, order["saga_id"], "compensate")
        assert (answer.status_code, answer.json()["status"]) == (202, "compensating")
        again = await act(shop, order["saga_id"], "compensate")
    assert (again.status_code, again.json()["detail"]) == (
        409,
        f"the saga is rolling back already: {REASON['reason']}",
    )
    ended = await shop.ended(order["order_id"])
    assert (ended["status"], ended["reason"]) == ("rejected", REASON["reason"])
    saga = await shop.saga_ended(order["saga_id"])
    undone = [row["step"] for row in saga["history"] if (row["direction"], row["event"]) == UNDONE]
    # In any order: where payment takes long to come back, the others do not wait for it.
    assert sorted(undone) == ["authorize_payment", "place_order", "reserve_stock"]
    assert [each["act"] for each in saga["acts"]] == ["compensate"]
    await assert_balanced(shop, [ended], stocked={sku: 10}, paid_in={ada: PLENTY})


async def test_past_its_pivot_an_instance_can_no_longer_be_cancelled(shop: Shop) -> None:
    sku, ada = await shop.stocked("lamp", 10), await shop.customer("ada", PLENTY)
    async with AsyncExitStack() as until_sent, AsyncExitStack() as until_refused:
        await until_sent.enter_async_context(stopped(shop, "payment"))
        order = await waiting_for_payment(shop, ada, sku)
        await until_refused.enter_async_context(stopped(shop, "inventory"))
        await until_sent.aclose()
        await command_sent(shop, order["saga_id"], "commit_stock")
        answer = await act(shop, order["saga_id"], "compensate")
        assert answer.status_code == 409
        assert "pivot, capture_payment, was sent" in answer.json()["detail"]
    assert (await shop.ended(order["order_id"]))["status"] == "confirmed"
    assert (await shop.saga_ended(order["saga_id"]))["acts"] == []


async def test_an_instance_whose_command_was_resent_too_often_is_listed_until_it_goes_on(shop: Shop) -> None:
    sku, ada = await shop.stocked("lamp", 10), await shop.customer("ada", PLENTY)
    async with stopped(shop, "payment"):
        order = await waiting_for_payment(shop, ada, sku)
        listed = f"/sagas?status=needs_attention&key={order['order_id']}"
        assert (await shop.get("orchestrator", listed))["items"] == []
        answers = [await act(shop, order["saga_id"], "retry") for _ in range(ATTENTION_AFTER - 1)]
        assert answers[-1].json()["status"] == "needs_attention"
        assert (await shop.get("orchestrator", listed))["items"] == [answers[-1].json()]
    assert (await shop.ended(order["order_id"]))["status"] == "confirmed"
    assert (await shop.get("orchestrator", listed))["items"] == []


@pytest.mark.parametrize("what", ["retry", "compensate"])
async def test_nothing_can_be_done_to_an_instance_that_has_ended(shop: Shop, what: str) -> None:
    sku, ada = await shop.stocked("lamp", 1), await shop.customer("ada", PLENTY)
    order = await shop.ended(await shop.place(ada, {sku: 1}))
    before = await shop.saga_ended(order["saga_id"])
    answer = await act(shop, order["saga_id"], what)
    assert (answer.status_code, answer.json()["detail"]) == (
        409,
        "the saga has ended, completed: no command is pending",
    )
    assert await shop.saga(order["saga_id"]) == before


async def test_waiting_instances_are_retried_in_batches_that_come_to_an_end_and_not_too_fast(shop: Shop) -> None:
    sku, ada = await shop.stocked("lamp", 10), await shop.customer("ada", PLENTY)
    batch = {**REASON, "status": "running", "saga": "place_order", "limit": 2}

    async def retry_batch() -> httpx2.Response:
        return await shop.call("POST", "orchestrator", "/sagas/retry", json=batch)

    async with stopped(shop, "payment"):
        orders = [await waiting_for_payment(shop, ada, sku) for _ in range(3)]
        at_once = await asyncio.gather(retry_batch(), retry_batch())
        first, too_soon = sorted(at_once, key=lambda answer: answer.status_code)
        second = await eventually(retry_batch, until=lambda answer: answer.status_code == 202)
        assert (first.json(), second.json()) == ({"retried": 2, "left": 1}, {"retried": 1, "left": 0})
        assert (too_soon.status_code, too_soon.headers["retry-after"]) == (429, "1")
        for order in orders:
            saga = await command_sent(shop, order["saga_id"], "authorize_payment", attempt=2)
            assert [each["reason"] for each in saga["acts"]] == [REASON["reason"]]
    ended = await shop.all_ended(order["order_id"] for order in orders)
    await assert_balanced(shop, ended, stocked={sku: 10}, paid_in={ada: PLENTY})


async def test_an_act_without_a_reason_is_not_done(shop: Shop) -> None:
    answer = await act(shop, uuid4(), "compensate", {})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "body.reason")


async def test_a_customer_may_not_act(shop: Shop) -> None:
    customer = shop.bearer(Role.CUSTOMER, "ada")
    assert (await act(shop, uuid4(), "retry", headers=customer)).status_code == 403


@pytest.mark.parametrize("what", ["retry", "compensate"])
async def test_an_act_on_a_run_that_does_not_exist_is_not_found(shop: Shop, what: str) -> None:
    assert (await act(shop, uuid4(), what)).status_code == 404
