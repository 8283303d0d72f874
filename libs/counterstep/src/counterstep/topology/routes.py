"""Who publishes each message and who consumes it: what a topology makes of its contracts."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Never

from counterstep.protocol.answers import Abandoned
from counterstep.protocol.exchanges import COMMANDS, CONTROL, EVENTS, EXCHANGE_TYPES, REPLIES
from counterstep.protocol.messages import Command, Event, Message, Reply
from counterstep.protocol.naming import answers, owner, routing_key
from counterstep.topology.topology import Queue, ServiceTopology, Topology

NEVER: Final[object] = Never


@dataclass(frozen=True, slots=True)
class Route:
    """One message's way: exchange and routing key, and by service name who publishes it and who consumes it."""

    message: type[Message]
    exchange: str
    key: str
    publishers: tuple[str, ...]
    queues: tuple[Queue, ...]
    consumers: tuple[str, ...]


@cache
def routes(topology: Topology) -> tuple[Route, ...]:
    """Every message that the services send one another."""
    return tuple(
        route for message in topology.contracts.catalogue.values() for route in _routes(topology, message)
    )


def published_by(topology: Topology, service: str) -> Iterator[Route]:
    """What this service may publish."""
    return (route for route in routes(topology) if service in route.publishers)


def consumed_by(topology: Topology, service: str) -> Iterator[Route]:
    """What this service consumes."""
    return (route for route in routes(topology) if service in route.consumers)


def repliers(topology: Topology, reply: type[Reply]) -> tuple[str, ...]:
    """The services with a command that this answers. Where there is none, the reply is never sent."""
    commands = topology.contracts.commands
    return tuple(dict.fromkeys(owner(command) for command in commands if reply in replies_to(command)))


def replies_to(command: type[Command[Any, Any]]) -> tuple[type[Reply], ...]:
    """The declared answers; and, where the command can be refused, that it came after its own compensation."""
    ok, no = answers(command)
    return (ok,) if no == NEVER else (ok, no, Abandoned)


def _routes(topology: Topology, message: type[Message]) -> Iterator[Route]:
    if issubclass(message, Command | Event):
        exchange, key = COMMANDS if issubclass(message, Command) else EVENTS, routing_key(message)
        yield _route(topology, message, exchange, key, _publishers(topology, exchange, key))
    elif owner(message) == CONTROL:
        every = tuple(topology.services)
        yield Route(message, CONTROL, "", every, (), every)  # each process has a queue of its own there
    elif issubclass(message, Reply) and (publishers := repliers(topology, message)):
        for address in sorted(topology.reply_addresses):
            yield _route(topology, message, REPLIES, address, publishers)


def _route(
    topology: Topology, message: type[Message], exchange: str, key: str, publishers: tuple[str, ...]
) -> Route:
    queues = tuple(queue for queue in topology.consumed_queues() if _is_bound(queue, exchange, key))
    consumers = tuple(each.name for each in topology.services.values() if set(queues) & set(each.consumes))
    return Route(message, exchange, key, publishers, queues, consumers)


def _publishers(topology: Topology, exchange: str, key: str) -> tuple[str, ...]:
    return tuple(each.name for each in topology.services.values() if _may_publish(each, exchange, key))


def _may_publish(service: ServiceTopology, exchange: str, key: str) -> bool:
    return exchange in service.publishes and re.search(service.topics.get(exchange, ""), key) is not None


def _is_bound(queue: Queue, exchange: str, key: str) -> bool:
    if queue.exchange != exchange:
        return False
    if EXCHANGE_TYPES[exchange] == "topic":
        return any(_pattern(binding).fullmatch(key) for binding in queue.routing_keys)
    return key in queue.routing_keys


@cache
def _pattern(binding: str) -> re.Pattern[str]:
    """A topic binding as a regular expression; ours end with `#`, if they have it at all."""
    return re.compile(re.escape(binding).replace(r"\.\#", r"(\..+)?").replace(r"\*", r"[^.]+"))
