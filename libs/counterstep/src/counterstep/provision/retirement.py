"""What earlier releases declared, and this one does not: it is removed as soon as nothing can be lost by it."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final
from urllib.parse import quote

import httpx

from counterstep.protocol.exchanges import EVENTS
from counterstep.topology.rabbitmq import Definition
from counterstep.topology.topology import Topology

Row = Mapping[str, Any]
"""A binding, as the management API lists it."""

EXCHANGES: Final = (EVENTS,)
"""Those of earlier releases. What an outbox still holds for them is sent to the exchanges of today."""


async def retire(topology: Topology, management: httpx.AsyncClient, declared: Definition) -> list[str]:
    """Remove what only earlier releases need. Gives one line for each thing that had to stay, with what to do.

    `declared` are the definitions of today.
    """
    vhost = quote(topology.name, safe="")
    await _retire_topic_permissions(topology, management, declared["topic_permissions"])
    bindings = await _rows(management, f"/api/bindings/{vhost}")
    for binding in stale(topology, declared["bindings"], bindings):
        await _delete(management, f"/api/bindings/{vhost}/e/{_path(binding)}")
    bindings = await _rows(management, f"/api/bindings/{vhost}")
    found = {row["name"] for row in await _rows(management, f"/api/exchanges/{vhost}")}
    retired = [name for name in EXCHANGES if name in found]
    for name in retired:
        if not list(_users_of(name, bindings)):
            await _delete(management, f"/api/exchanges/{vhost}/{name}")
    return [line for name in retired for line in _users_of(name, bindings)]


async def _retire_topic_permissions(
    topology: Topology, management: httpx.AsyncClient, declared: Iterable[Row]
) -> None:
    """Clear every topic permission of our users, where one is no longer declared; then set those that are.

    The management API clears all that a user has in a virtual host, or nothing.
    """
    vhost = quote(topology.name, safe="")
    wanted = {(each["user"], each["exchange"]) for each in declared}
    found = await _rows(management, f"/api/vhosts/{vhost}/topic-permissions")
    ours = {*topology.services, topology.watcher}
    for user in sorted({each["user"] for each in found if (each["user"], each["exchange"]) not in wanted} & ours):
        path = f"/api/topic-permissions/{vhost}/{quote(user, safe='')}"
        await _delete(management, path)
        for each in declared:
            if each["user"] == user:
                (await management.put(path, json=dict(each))).raise_for_status()


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


def _users_of(exchange: str, bindings: Iterable[Row]) -> Iterator[str]:
    for each in bindings:
        if exchange in {each["source"], each["destination"]}:
            yield (
                f"exchange {exchange} is no longer used and stays, for {each['source']} is bound to"
                f" {each['destination_type']} {each['destination']}: bind that to {exchange}.<service> instead,"
                " remove this binding, and declare again"
            )


def _identity(binding: Row) -> tuple[str, str, str, str]:
    return binding["source"], binding["destination_type"], binding["destination"], binding["routing_key"]


def _path(binding: Row) -> str:
    parts = binding["source"], "q", binding["destination"], binding["properties_key"]
    return "/".join(quote(part, safe="") for part in parts)


async def _rows(management: httpx.AsyncClient, path: str) -> list[Row]:
    rows: list[Row] = (await management.get(path)).raise_for_status().json()
    return rows


async def _delete(management: httpx.AsyncClient, path: str) -> None:
    """Delete; another who did it at the same time is right too."""
    answer = await management.delete(path)
    if answer.status_code != httpx.codes.NOT_FOUND:
        answer.raise_for_status()
