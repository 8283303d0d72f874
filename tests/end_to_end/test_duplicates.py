"""Every message delivered twice changes nothing."""

import asyncio

from books import assert_balanced
from duplicator import duplicating
from shop import PLENTY, PRICE, Shop
from waiting import eventually


async def test_with_every_message_delivered_twice_the_books_balance(shop: Shop) -> None:
    lamp, desk = await shop.stocked("lamp", 30), await shop.stocked("desk", 1_000)
    ada, bob = await shop.customer("ada", PLENTY), await shop.customer("bob", 20 * PRICE)
    async with duplicating(shop.stack) as duplicator:

        async def copies() -> int:
            return duplicator.copies

        wanted = [(ada, {lamp: 1, desk: 1}), (bob, {desk: 1})]
        order_ids = await asyncio.gather(*(shop.place(*wanted[nth % 2]) for nth in range(100)))
        orders = await shop.all_ended(order_ids)
        await eventually(copies, until=lambda count: count >= 100 * 6)  # the orders need not wait for the copies
        await assert_balanced(
            shop, orders, stocked={lamp: 30, desk: 1_000}, paid_in={ada: PLENTY, bob: 20 * PRICE}
        )
    assert [order["status"] for order in orders].count("confirmed") == 30 + 20
