"""Faults that people switch on: what was promised holds with each of them, and each ends."""

import asyncio
from functools import partial

import httpx2
from another import another
from contracts.topology import SERVICES, SHOP
from counterstep.http.roles import Role
from counterstep.protocol.exchanges import CONTROL_LOG
from scraping import scrape
from waiting import eventually

from faults.broker import management
from faults.market import Market
from faults.switched import all_know, known, switched


async def test_what_payment_refuses_on_purpose_is_compensated(market: Market) -> None:
    async with switched(market.shop, ["payment"], refuses=1):
        order = await market.shop.ended(await market.place())
    saga = await market.shop.saga_ended(order["saga_id"])
    assert (order["status"], saga["code"]) == ("rejected", "injected_fault")
    await market.assert_sound()


async def test_with_several_faults_at_once_the_books_balance(market: Market) -> None:
    before = await scrape(market.shop, "payment")
    async with switched(market.shop, SERVICES, duplicates=True, slow_seconds=0.05, http_unavailable=0.2):
        refusing = {"services": ["payment"], "faults": {"refuses": 0.3, "duplicates": True}, "reason": "a test"}
        (await market.shop.call("POST", "order", "/faults", json=refusing)).raise_for_status()
        async with market.trading(100):
            pass
        await asyncio.gather(*(market.shop.ended(str(order_id)) for order_id in market.scope.accepted))
    await market.assert_sound()
    orders = [await market.shop.order(str(order_id)) for order_id in market.scope.accepted]
    codes = {(await market.shop.saga_ended(order["saga_id"]))["code"] for order in orders}
    assert {"injected_fault", None} <= codes
    again = "inbox_duplicates_total"
    assert (await scrape(market.shop, "payment")).value(again) > before.value(again)


async def test_commands_to_a_silent_service_are_done_when_it_is_silent_no_more(market: Market) -> None:
    async with switched(market.shop, ["inventory"], silent=True):
        order = await market.shop.order(await market.place())
        await eventually(
            lambda: market.shop.call("GET", "orchestrator", f"/sagas/{order['saga_id']}"),
            until=lambda answer: (
                answer.is_success and any(row["step"] == "reserve_stock" for row in answer.json()["history"])
            ),
        )
        assert (await market.shop.order(order["order_id"]))["status"] == "pending"
    assert (await market.shop.ended(order["order_id"]))["status"] == "confirmed"
    await market.assert_sound()


async def test_a_pause_of_publishing_keeps_everything_in_the_outbox_and_ends_by_itself(market: Market) -> None:
    async with switched(market.shop, ["order"], seconds=2, paused=True):
        order = await market.shop.order(await market.place())
        assert (await market.shop.get("order", "/outbox"))["waiting"] == 1
        assert (await market.shop.call("GET", "orchestrator", f"/sagas/{order['saga_id']}")).status_code == 404
        await all_know(market.shop, {"order"})
        health = (await market.shop.call("GET", "order", "/health/ready")).json()
        assert health["parts"]["relay"] == "paused on purpose: nothing is published"
        await eventually(lambda: known(market.shop, "order"), until=lambda on: not on, within=3)
        assert (await market.shop.ended(order["order_id"]))["status"] == "confirmed"
    await market.assert_sound()


async def test_a_restarted_service_learns_which_faults_are_on(market: Market) -> None:
    stack = market.shop.stack
    async with switched(market.shop, ["payment"], refuses=1):
        await asyncio.to_thread(stack.kill, "payment")
        await eventually(lambda: known(market.shop, "payment"), until=lambda on: on == {"payment"})
        assert (await market.shop.ended(await market.place()))["status"] == "rejected"
    await market.assert_sound()


async def test_without_the_switches_a_process_does_not_consume_control(market: Market) -> None:
    stack = market.shop.stack
    async with another(stack, "payment", FAULTS_ENABLED="false") as (_, url):
        operator = market.shop.bearer(Role.OPERATOR, "grace")
        async with httpx2.AsyncClient(base_url=url, headers=operator) as client:
            assert (await client.get("/faults")).status_code == 404
        async with management(stack) as api:
            await eventually(partial(readers_of_control, api), until=lambda readers: readers == sorted(SERVICES))


async def readers_of_control(api: httpx2.AsyncClient) -> list[str]:
    """The users whose consumers read the stream; the management API knows them some seconds later."""
    consumers = (await api.get(f"/api/consumers/{SHOP.name}")).raise_for_status().json()
    reading = [each["channel_details"] for each in consumers if each["queue"]["name"] == CONTROL_LOG]
    return sorted(channel["user"] for channel in reading if channel)
