"""Everything that AMQP lets one user try against a topology, made from the topology."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import AsyncExitStack, suppress
from itertools import product
from typing import Any, Final, TypeAlias

import aiormq
from aiormq.abc import AbstractChannel, AbstractConnection
from aiormq.exceptions import AMQPError
from counterstep.protocol.exchanges import EVENTS
from counterstep.topology.rabbitmq import definitions
from counterstep.topology.topology import Topology
from pamqp.commands import Basic

Attempt: TypeAlias = Callable[[AbstractChannel], Awaitable[object]]

DEFAULT: Final = ""
SERVER_S_OWN: Final = ("amq.direct", "amq.fanout", "amq.topic", "amq.headers", "amq.match", "amq.rabbitmq.trace")
OF_EARLIER_RELEASES: Final = (EVENTS, "retry", "dead_letters", "unrouted")
NEW: Final = "amq.gen-intruder", "intruder", "payment.more"
"""Names that an intruder gives to what they declare; the first is like one that the broker makes."""


class Intruder:
    """One user with their own password, who may say anything in AMQP."""

    def __init__(self, topology: Topology, user: str) -> None:
        self.user = user
        defined = definitions(topology, {})
        self._queues = sorted(queue["name"] for queue in defined["queues"])
        self._bindings = defined["bindings"]
        self._exchanges = sorted({*topology.exchanges, *SERVER_S_OWN, *OF_EARLIER_RELEASES})
        self._keys = sorted({*(each["routing_key"] for each in self._bindings), *self._queues, *topology.services})

    async def try_everything(self, url: str) -> int:
        """Try each act, whatever comes of the one before. Gives the number of acts that the broker allowed."""
        allowed = 0
        async with AsyncExitStack() as opened:
            connection, channel = await _connected(url, opened)
            for attempt in self.attempts():
                if connection.is_closed:
                    connection, channel = await _connected(url, opened)
                elif channel.is_closed:
                    channel = await connection.channel()
                with suppress(AMQPError):
                    await attempt(channel)
                    allowed += 1
        return allowed

    def attempts(self) -> Iterator[Attempt]:
        """Each act, what is destroyed last."""
        yield from self._publishes()
        yield from self._declarations()
        yield from self._bindings_of_their_own()
        yield from self._takings()
        yield from self._removals()

    def _publishes(self) -> Iterator[Attempt]:
        for exchange, key in product([DEFAULT, *self._exchanges], self._keys):
            yield self._publish(exchange, key)
            yield self._publish(exchange, f"{self.user}.nothing", {"CC": [key]})
            yield self._publish(exchange, f"{self.user}.nothing", {"BCC": [key]})

    def _publish(self, exchange: str, key: str, headers: Mapping[str, Any] | None = None) -> Attempt:
        # The broker compares this name with the connection's: so a message tells whose it is.
        properties = Basic.Properties(user_id=self.user, headers=dict(headers or {}))
        return lambda channel: channel.basic_publish(
            b"{}", exchange=exchange, routing_key=key, properties=properties
        )

    def _declarations(self) -> Iterator[Attempt]:
        for name, exchange in product([*NEW, *self._queues, ""], ["", *self._exchanges]):
            dead = {"x-dead-letter-exchange": exchange, "x-dead-letter-routing-key": self._keys[0]}
            for more in ({"x-max-length": 0}, {"x-overflow": "reject-publish-dlx"}, {"x-message-ttl": 0}):
                yield _declare(name, {**dead, **more})
        for name, exchange in product([*NEW, *self._exchanges], self._exchanges):
            yield _declare_exchange(name, {"alternate-exchange": exchange})

    def _bindings_of_their_own(self) -> Iterator[Attempt]:
        for queue, exchange in product([*NEW, *self._queues], self._exchanges):
            yield _bind(queue, exchange, "#")
        for source, target in product(self._exchanges, self._exchanges):
            yield _bind_exchange(source, target, "#")

    def _takings(self) -> Iterator[Attempt]:
        for queue in self._queues:
            yield _get(queue)
            yield _consume(queue)
            yield _purge(queue)

    def _removals(self) -> Iterator[Attempt]:
        for each in self._bindings:
            yield _unbind(each["destination"], each["source"], each["routing_key"])
        for queue in self._queues:
            yield _delete(queue)
        for exchange in self._exchanges:
            yield _delete_exchange(exchange)


async def _connected(url: str, opened: AsyncExitStack) -> tuple[AbstractConnection, AbstractChannel]:
    connection = await aiormq.connect(url)
    opened.push_async_callback(connection.close)
    return connection, await connection.channel()


def _declare(name: str, arguments: Mapping[str, Any]) -> Attempt:
    return lambda channel: channel.queue_declare(name, durable=True, arguments=dict(arguments))


def _declare_exchange(name: str, arguments: Mapping[str, Any]) -> Attempt:
    return lambda channel: channel.exchange_declare(name, exchange_type="topic", arguments=dict(arguments))


def _bind(queue: str, exchange: str, key: str) -> Attempt:
    return lambda channel: channel.queue_bind(queue, exchange, key)


def _bind_exchange(source: str, target: str, key: str) -> Attempt:
    return lambda channel: channel.exchange_bind(destination=target, source=source, routing_key=key)


def _get(queue: str) -> Attempt:
    return lambda channel: channel.basic_get(queue, no_ack=True)


def _consume(queue: str) -> Attempt:
    async def ignore(_: object) -> None:
        """Take it, and tell nobody."""

    return lambda channel: channel.basic_consume(queue, ignore, no_ack=True)


def _purge(queue: str) -> Attempt:
    return lambda channel: channel.queue_purge(queue)


def _unbind(queue: str, exchange: str, key: str) -> Attempt:
    return lambda channel: channel.queue_unbind(queue, exchange, key)


def _delete(queue: str) -> Attempt:
    return lambda channel: channel.queue_delete(queue)


def _delete_exchange(exchange: str) -> Attempt:
    return lambda channel: channel.exchange_delete(exchange)
