"""The queues of the topology, by name, and what is in them."""

from contracts.topology import SHOP
from counterstep.topology.topology import Queue
from infra.launcher.native.stack import Stack


def queue(name: str) -> Queue:
    """Raises `StopIteration` for a queue that no service consumes."""
    return next(queue for queue in SHOP.consumed_queues() if queue.name == name)


async def messages(stack: Stack, service: str) -> int:
    """How many messages the service has not acknowledged, as the broker has counted within the last seconds."""
    async with stack.broker.management() as api:
        queues = [
            (await api.get(f"/api/queues/{SHOP.name}/{name}")).raise_for_status().json()
            for name in SHOP.service(service).queues
        ]
    return sum(each.get("messages", 0) for each in queues)
