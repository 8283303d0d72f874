"""Who publishes each message and who consumes it: what a topology makes of its contracts."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Never

from counterstep.protocol.answers import Abandoned
from counterstep.protocol.exchanges import COMMANDS, CONTROL, REPLIES, events_of
from counterstep.protocol.messages import Command, Event, Message, Reply
from counterstep.protocol.naming import answers, owner, routing_key
from counterstep.topology.topology import Binding, Queue, Topology

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
        exchange = COMMANDS if issubclass(message, Command) else events_of(owner(message))
        yield _route(topology, message, exchange, routing_key(message), _publishers(topology, exchange))
    elif owner(message) == CONTROL:
        every = tuple(topology.services)
        yield Route(message, CONTROL, "", every, (), every)  # each process reads the stream
    elif issubclass(message, Reply) and (publishers := repliers(topology, message)):
        for address in sorted(topology.reply_addresses):
            yield _route(topology, message, REPLIES, address, publishers)


def _route(
    topology: Topology, message: type[Message], exchange: str, key: str, publishers: tuple[str, ...]
) -> Route:
    queues = tuple(queue for queue in topology.consumed_queues() if _is_bound(topology, queue, exchange, key))
    consumers = tuple(each.name for each in topology.services.values() if set(queues) & set(each.consumes))
    return Route(message, exchange, key, publishers, queues, consumers)


def _publishers(topology: Topology, exchange: str) -> tuple[str, ...]:
    return tuple(each.name for each in topology.services.values() if exchange in each.publishes)


def _is_bound(topology: Topology, queue: Queue, exchange: str, key: str) -> bool:
    return any(_matches(topology, binding, key) for binding in queue.bindings if binding.exchange == exchange)


def _matches(topology: Topology, binding: Binding, key: str) -> bool:
    if topology.exchanges[binding.exchange] == "topic":
        return _pattern(binding.key).fullmatch(key) is not None
    return binding.key == key


@cache
def _pattern(binding: str) -> re.Pattern[str]:
    """A topic binding as a regular expression; ours end with `#`, if they have it at all."""
    return re.compile(re.escape(binding).replace(r"\.\#", r"(\..+)?").replace(r"\*", r"[^.]+"))
