"""The broker asked over its management API. Its figures are up to 5 s old."""

import asyncio
from typing import Any

from chassis.watch.broker import BrokerView, view
from messaging.topology import VHOST

from infra.rabbitmq import RabbitMQ


async def look(broker: RabbitMQ) -> BrokerView | None:
    """Ask; None in a node's first seconds. Raises httpx.HTTPError where it does not answer."""
    async with broker.management() as api:

        async def get(path: str) -> Any:
            return (await api.get(path)).raise_for_status().json()

        nodes, queues, connections = await asyncio.gather(
            get("/api/nodes"), get(f"/api/queues/{VHOST}"), get(f"/api/vhosts/{VHOST}/connections")
        )
    return view(nodes, queues, connections)
