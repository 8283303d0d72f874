"""How long the pages take that people and programs look at most."""

import time
from statistics import median
from typing import Final

from infra.launcher.native.stack import Stack
from infra.machine.user_error import UserError

from performance.client import client

READS: Final = 30
MIDDLE: Final = """
SELECT saga_id, key FROM saga_runs ORDER BY saga_id LIMIT 1 OFFSET (SELECT count(*) / 2 FROM saga_runs)
"""


async def pages(stack: Stack) -> dict[str, float]:
    """The median of some requests for each page, in milliseconds. Raises UserError where one cannot be shown."""
    found = {}
    async with client(stack) as lean:
        for name, url in (await _urls(stack)).items():
            took = []
            for _ in range(READS):
                begun = time.perf_counter()
                await lean.text(url)
                took.append(1000 * (time.perf_counter() - begun))
            found[name] = median(took)
    return found


async def _urls(stack: Stack) -> dict[str, str]:
    """Each page by its name; the saga and the order are those in the middle of all."""
    async with stack.postgres.databases.session("orchestrator") as sql:
        row = await sql.fetchrow(MIDDLE)
    if not row:
        raise UserError("orchestrator", "there is no saga to show; place an order first")
    saga_id, order_id = row
    sagas, orders = f"{stack.url('orchestrator')}/sagas", f"{stack.url('order')}/orders"
    return {
        "sagas": sagas,
        "sagas that completed": f"{sagas}?status=completed",
        "sagas that need attention": f"{sagas}?status=needs_attention",
        "an order's saga": f"{sagas}?key={order_id}",
        "one saga with its history": f"{sagas}/{saga_id}",
        "orders": orders,
        "orders that are pending": f"{orders}?status=pending",
        "a customer's orders": f"{orders}?customer_id=load-customer-0",
        "one order": f"{orders}/{order_id}",
    }
