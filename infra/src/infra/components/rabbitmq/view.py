"""The broker asked over its management API. Its figures are up to 5 s old."""

import asyncio
from typing import Any

from contracts.topology import SHOP
from counterstep.monitoring.broker import BrokerView, view

from infra.components.rabbitmq.node import RabbitMQ


async def read_view(broker: RabbitMQ) -> BrokerView | None:
    """Ask; None in a node's first seconds. Raises httpx2.HTTPError where it does not answer."""
    async with broker.management() as api:

        async def get(path: str) -> Any:
            return (await api.get(path)).raise_for_status().json()

        nodes, queues, connections = await asyncio.gather(
            get("/api/nodes"), get(f"/api/queues/{SHOP.name}"), get(f"/api/vhosts/{SHOP.name}/connections")
        )
    return view(SHOP, nodes, queues, connections)
