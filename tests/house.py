"""The shop's topology in a virtual host of its own: nobody consumes there, so what a user did can be seen."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any, Final

import aio_pika
import httpx2
from aio_pika import Message
from contracts.topology import SHOP
from counterstep.provision import declare
from counterstep.topology.rabbitmq import definitions
from counterstep.topology.topology import Topology
from infra.components.rabbitmq.conf import ADMIN
from infra.launcher.native.stack import Stack
from yarl import URL

DESCRIBING: Final = {
    "exchanges": ("name", "type", "arguments"),
    "queues": ("name", "type", "arguments"),
    "bindings": ("source", "destination", "destination_type", "routing_key", "arguments"),
    "policies": ("name", "pattern", "definition"),
    "permissions": ("user", "configure", "write", "read"),
}


@dataclass(frozen=True)
class House:
    """A virtual host with the shop's exchanges, queues and permissions."""

    topology: Topology
    stack: Stack
    api: httpx2.AsyncClient

    def url(self, user: str) -> str:
        """The address for this user, with their own password."""
        return str(URL(self.stack.broker.url(user)).with_path(f"/{self.topology.name}", keep_query=True))

    @property
    def queues(self) -> Mapping[str, bool]:
        """Queue → whether it is a stream."""
        return {
            queue["name"]: queue["arguments"]["x-queue-type"] == "stream"
            for queue in definitions(self.topology, {})["queues"]
        }

    async def plan(self) -> dict[str, list[dict[str, Any]]]:
        """All that is declared there."""
        found = {
            kind: (await self.api.get(f"/api/{kind}/{self.topology.name}")).raise_for_status().json()
            for kind in DESCRIBING.keys() - {"permissions"}
        }
        permissions = await self.api.get(f"/api/vhosts/{self.topology.name}/permissions")
        found["permissions"] = permissions.raise_for_status().json()
        return {
            kind: sorted(({name: row.get(name) for name in DESCRIBING[kind]} for row in rows), key=str)
            for kind, rows in found.items()
        }

    async def put_in_every_queue(self, what: str) -> None:
        """Put one message into every queue, as the administrator."""
        async with await aio_pika.connect(self.url(ADMIN)) as connection:
            channel = await connection.channel()
            for queue in self.queues:
                await channel.default_exchange.publish(Message(b"", app_id=what), queue)

    async def senders(self, queue: str, *, until: str) -> list[str]:
        """The users who sent what is in the queue, or what was put there, as far as `until` was put there."""
        async with await aio_pika.connect(self.url(ADMIN)) as connection:
            channel = await connection.channel()
            await channel.set_qos(prefetch_count=1_000)
            found: list[str] = []
            offset = {"x-stream-offset": "first"} if self.queues[queue] else {}
            source = await channel.get_queue(queue, ensure=False)
            async with asyncio.timeout(20), source.iterator(arguments=offset) as messages:
                async for message in messages:
                    await message.ack()
                    found.append(message.app_id or message.user_id or "nobody")
                    if found[-1] == until:
                        break
        return found[:-1]


@asynccontextmanager
async def house(stack: Stack, *, faults: bool) -> AsyncIterator[House]:
    """Such a virtual host, which exists during the block; with `faults` as where FAULTS_ENABLED is set."""
    topology = replace(SHOP, name=f"house-{'faults' if faults else 'production'}")
    async with stack.broker.management() as api:
        try:
            await declare(topology, api, stack.broker.users, faults=faults)
            everything = {"configure": ".*", "write": ".*", "read": ".*"}
            (await api.put(f"/api/permissions/{topology.name}/{ADMIN}", json=everything)).raise_for_status()
            yield House(topology, stack, api)
        finally:
            await api.delete(f"/api/vhosts/{topology.name}")
