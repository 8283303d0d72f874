"""Who sends each message and who hears it: what the topology's bindings and permissions make of the contracts."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final, Never

from contracts.base import Command, Event, Message, Reply
from contracts.naming import answers, catalogue, owner, routing_key
from contracts.protocol import Abandoned

from messaging.signature import AnyCommand
from messaging.topology import (
    COMMANDS,
    CONTROL,
    EVENTS,
    EXCHANGE_TYPES,
    PEERS,
    REPLIES,
    REPLY_ADDRESSES,
    Peer,
    Queue,
)

NEVER: Final[object] = Never


@dataclass(frozen=True, slots=True)
class Route:
    """One message on its way: by which exchange and key, from which services, into which queues of which."""

    message: type[Message]
    exchange: str
    key: str
    senders: tuple[str, ...]
    queues: tuple[Queue, ...]

    @property
    def hearers(self) -> tuple[str, ...]:
        """The services that hear it: all of them, each by a queue of its own, what is said on `control`."""
        if self.exchange == CONTROL:
            return tuple(PEERS)
        return tuple(peer.name for peer in PEERS.values() if set(self.queues) & set(peer.consumes))


@cache
def routes() -> tuple[Route, ...]:
    """Every message that services send one another, by the exchange, then the service, that it goes to."""
    return tuple(route for message in catalogue().values() for route in _routes(message))


def sent_by(service: str) -> Iterator[Route]:
    """What this service may say."""
    return (route for route in routes() if service in route.senders)


def heard_by(service: str) -> Iterator[Route]:
    """What this service hears."""
    return (route for route in routes() if service in route.hearers)


def repliers(reply: type[Reply]) -> tuple[str, ...]:
    """The services that have a command which this answers; it is never sent where there is none."""
    return tuple(dict.fromkeys(owner(command) for command in commands() if reply in replies_to(command)))


def commands() -> list[type[AnyCommand]]:
    """Every command there is."""
    return [message for message in catalogue().values() if issubclass(message, Command)]


def replies_to(command: type[AnyCommand]) -> tuple[type[Reply], ...]:
    """What may come back: the declared answers; and, where it can be refused, that it came after its own undo."""
    ok, no = answers(command)
    return (ok,) if no == NEVER else (ok, no, Abandoned)


def _routes(message: type[Message]) -> Iterator[Route]:
    if issubclass(message, Command):
        yield _route(message, COMMANDS, routing_key(message), _publishers(COMMANDS, routing_key(message)))
    elif issubclass(message, Event):
        yield _route(message, EVENTS, routing_key(message), _publishers(EVENTS, routing_key(message)))
    elif owner(message) == CONTROL:
        yield _route(message, CONTROL, "", tuple(PEERS))
    elif issubclass(message, Reply) and (senders := repliers(message)):
        yield from (_route(message, REPLIES, address, senders) for address in sorted(REPLY_ADDRESSES))


def _route(message: type[Message], exchange: str, key: str, senders: tuple[str, ...]) -> Route:
    queues = tuple(queue for peer in PEERS.values() for queue in peer.consumes if _is_bound(queue, exchange, key))
    return Route(message, exchange, key, senders, queues)


def _publishers(exchange: str, key: str) -> tuple[str, ...]:
    return tuple(peer.name for peer in PEERS.values() if _may_publish(peer, exchange, key))


def _may_publish(peer: Peer, exchange: str, key: str) -> bool:
    return exchange in peer.publishes and re.search(peer.topics.get(exchange, ""), key) is not None


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
