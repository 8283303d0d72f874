"""Gathering the evidence: from the public APIs, the databases and the broker's queues."""

from collections.abc import Mapping
from uuid import UUID

import aio_pika
import httpx2
from contracts.topology import SHOP
from counterstep.http.roles import Role
from infra.launcher.native.stack import Stack
from infra.machine.loopback import DIRECTLY
from shop import Shop

from faults.databases import Databases
from faults.evidence import Evidence, Figures, Scope

PAGE = 100


async def read(shop: Shop, databases: Databases, scope: Scope) -> Evidence:
    """Everything the checker judges. Raises `OSError`, `PostgresError` or `HTTPError` where something is away."""
    published = [await _orders_of(shop, customer) for customer in scope.paid_in]
    stock = {sku: Figures(*(await shop.stock(sku)).values()) for sku in scope.stocked}
    money = {customer: Figures(*(await shop.account(customer)).values()) for customer in scope.paid_in}
    orders = await databases.orders(scope)
    saga_ids = [order.saga_id for order in orders.values()]
    return Evidence(
        scope=scope,
        orders=orders,
        published_status={order_id: status for page in published for order_id, status in page.items()},
        stock=await databases.stock(scope, stock),
        money=await databases.money(scope, money),
        instances=await databases.instances(saga_ids),
        effects=await databases.effects(saga_ids),
        outboxes=await databases.outboxes(),
        queues=await queue_depths(shop.stack),
        dead_letters=await databases.dead_letters(),
    )


async def queue_depths(stack: Stack) -> Mapping[str, int]:
    """How many messages wait in each queue at this moment; the management API's own figures lag by seconds.

    A stream is a log, in which nothing waits.
    """
    async with httpx2.AsyncClient(
        base_url=stack.broker.management_url, auth=stack.broker.admin, **DIRECTLY
    ) as api:
        queues = (await api.get(f"/api/queues/{SHOP.name}")).raise_for_status().json()
    async with await aio_pika.connect(stack.amqp_url) as connection:
        channel = await connection.channel()
        names = [queue["name"] for queue in queues if not queue["exclusive"] and queue["type"] != "stream"]
        found = [await channel.declare_queue(name, passive=True) for name in names]
    return {queue.name: queue.declaration_result.message_count or 0 for queue in found}


async def _orders_of(shop: Shop, customer: str) -> Mapping[UUID, str]:
    """What the API says of this customer's orders, page by page."""
    found: dict[UUID, str] = {}
    cursor: dict[str, str] = {}
    while True:
        query = {"limit": PAGE, **cursor}
        answer = await shop.call(
            "GET", "order", "/orders", params=query, headers=shop.bearer(Role.CUSTOMER, customer)
        )
        page = answer.raise_for_status().json()
        found |= {UUID(order["order_id"]): order["status"] for order in page["items"]}
        if page["next_cursor"] is None:
            return found
        cursor = {"cursor": page["next_cursor"]}
