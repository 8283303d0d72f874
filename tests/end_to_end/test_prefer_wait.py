"""`Prefer: wait`: an order is placed and its end is read in one request (RFC 7240)."""

import asyncio

from outages import stopped
from preferring import waiting
from shop import PLENTY, Shop


async def test_a_client_that_waits_gets_the_ended_order_as_its_answer(shop: Shop) -> None:
    sku, ada = await shop.stocked("lamp", 10), await shop.customer("ada", PLENTY)
    answer = await shop.post_order(ada, {sku: 1}, **waiting(30))
    assert (answer.status_code, answer.json()["status"]) == (200, "confirmed")
    assert answer.headers["preference-applied"] == "wait=30"


async def test_a_client_that_waits_is_told_of_a_refusal(shop: Shop) -> None:
    sku, ada = await shop.stocked("lamp", 10), await shop.customer("ada", 0)
    answer = await shop.post_order(ada, {sku: 1}, **waiting(30))
    assert (answer.status_code, answer.json()["status"]) == (200, "rejected")
    assert answer.json()["reason"]


async def test_a_client_that_does_not_wait_is_answered_at_once(shop: Shop) -> None:
    sku, ada = await shop.stocked("lamp", 10), await shop.customer("ada", PLENTY)
    answer = await shop.post_order(ada, {sku: 1})
    assert (answer.status_code, answer.json()["status"]) == (202, "pending")
    assert "preference-applied" not in answer.headers


async def test_when_the_time_is_over_the_answer_is_202(shop: Shop) -> None:
    sku, ada = await shop.stocked("lamp", 10), await shop.customer("ada", PLENTY)
    async with stopped(shop, "payment"):
        answer = await shop.post_order(ada, {sku: 1}, **waiting(1))
    assert (answer.status_code, answer.json()["status"]) == (202, "pending")
    assert (await shop.ended(answer.json()["order_id"]))["status"] == "confirmed"


async def test_a_repeated_request_waits_for_the_same_order_and_is_answered_at_once_when_it_has_ended(
    shop: Shop,
) -> None:
    sku, ada = await shop.stocked("lamp", 10), await shop.customer("ada", PLENTY)
    key = shop.named("key")
    first, second = await asyncio.gather(
        *(shop.post_order(ada, {sku: 1}, key=key, **waiting(30)) for _ in range(2))
    )
    third = await shop.post_order(ada, {sku: 1}, key=key, **waiting(30))
    assert first.json() == second.json() == third.json()
    assert {first.status_code, second.status_code, third.status_code} == {200}
