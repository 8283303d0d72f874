"""What earlier releases declared, and this one does not: it is removed as soon as nothing can be lost by it."""

from collections.abc import Iterable, Iterator
from typing import Final

import httpx2

from counterstep.protocol.exchanges import EVENTS
from counterstep.provision.old_queues import UNROUTED, old_queues, retire_queues
from counterstep.provision.virtual_host import Row, VirtualHost
from counterstep.topology.topology import Topology

EXCHANGES: Final = {
    EVENTS: f"bind that to {EVENTS}.<service> instead, remove this binding",
    "retry": "remove this binding",
    "dead_letters": "remove this binding",
    UNROUTED: "remove this binding",
}
"""Exchange of earlier releases → what to do about a binding that is not ours.

What an outbox still holds for them is sent to the exchanges of today, or kept in the service's database.
"""


async def retire(topology: Topology, management: httpx2.AsyncClient, declared: Iterable[Row]) -> list[str]:
    """Remove what only earlier releases need. Gives one line for each thing that had to stay, with what to do.

    `declared` are the bindings of today. No topic permission is declared any more.
    """
    host = VirtualHost(management, topology.name)
    await _retire_topic_permissions(topology, host)
    for binding in stale(topology, declared, await host.rows("bindings")):
        await host.delete(
            "bindings", "e", binding["source"], "q", binding["destination"], binding["properties_key"]
        )
    lines = await _retire_exchanges(topology, host)
    return [*lines, *await retire_queues(topology, host)]


async def _retire_topic_permissions(topology: Topology, host: VirtualHost) -> None:
    having = {each["user"] for each in await host.topic_permissions()}
    for user in sorted(having & {*topology.services, topology.watcher}):
        await host.delete("topic-permissions", user)


async def _retire_exchanges(topology: Topology, host: VirtualHost) -> list[str]:
    bindings = await host.rows("bindings")
    found = {row["name"] for row in await host.rows("exchanges")}
    retired = [name for name in EXCHANGES if name in found]
    left = [line for name in retired for line in _users_of(topology, name, bindings)]
    for name in retired:
        if not list(_users_of(topology, name, bindings)):
            await host.delete("exchanges", name)
    return left


def stale(topology: Topology, declared: Iterable[Row], found: Iterable[Row]) -> Iterator[Row]:
    """The bindings that fill our queues from our exchanges, of today or of before, and are declared no more.

    Whatever else is bound there was not declared by us, and stays.
    """
    wanted = {_identity(each) for each in declared}
    queues = {("queue", queue.name) for queue in topology.consumed_queues()}
    exchanges = {*topology.exchanges, *EXCHANGES}
    return (
        each
        for each in found
        if each["source"] in exchanges
        and (each["destination_type"], each["destination"]) in queues
        and _identity(each) not in wanted
    )


def _users_of(topology: Topology, exchange: str, bindings: Iterable[Row]) -> Iterator[str]:
    """One line for each binding of the exchange that none of our releases declared."""
    ours = old_queues(topology)
    for each in bindings:
        if exchange in {each["source"], each["destination"]} and each["destination"] not in ours:
            yield (
                f"exchange {exchange} is no longer used and stays, for {each['source']} is bound to"
                f" {each['destination_type']} {each['destination']}: {EXCHANGES[exchange]}, and declare again"
            )


def _identity(binding: Row) -> tuple[str, str, str, str]:
    return binding["source"], binding["destination_type"], binding["destination"], binding["routing_key"]
