"""Who may send which message: what a topology makes of its contracts, ready to be looked up for each delivery.

The broker has checked the name of the sender. It has not checked that this sender may send this type of message.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from counterstep.protocol.answers import Abandoned
from counterstep.protocol.naming import owner, routing_key
from counterstep.topology.routes import Route, routes
from counterstep.topology.topology import Topology


@dataclass(frozen=True, slots=True)
class Delivered:
    """What the broker says of a message that it delivers; `exchange` is empty for the default exchange."""

    queue: str
    sender: str
    type: str
    exchange: str
    routing_key: str


@dataclass(frozen=True, slots=True)
class _Permitted:
    """Who may send a message of one type to one queue, and with which routing key."""

    senders: frozenset[str]
    key: str


class Senders:
    """The messages of each queue of one service, and who may send them.

    A command may come from a service that may publish it, an event from the service whose module declares it, and
    a reply from a service with a command that it answers. Whether a saga instance has sent that command, only the
    instance knows (see `counterstep.saga.answering`).

    A service also believes itself: what failed under the previous release rests on the broker with its signature,
    and nobody else can sign so.
    """

    def __init__(self, topology: Topology, service: str) -> None:
        self._service = service
        self._permitted = {
            queue.name: _permitted(topology, queue.name) for queue in topology.service(service).consumes
        }

    def objection(self, delivered: Delivered) -> str | None:
        """Why this message is not its sender's to send, as a sentence; `None` where it is.

        A type that no contract declares is no objection: such a message cannot be decoded.
        """
        permitted = self._permitted.get(delivered.queue)
        if permitted is None or delivered.sender == self._service or delivered.type not in permitted:
            return None
        found = permitted[delivered.type]
        if found is None:
            return f"{delivered.sender} sent {delivered.type} to {delivered.queue}, where nobody may send it"
        if delivered.sender not in found.senders:
            return f"{delivered.sender} sent {delivered.type}, which only {_either(found.senders)} may send"
        if delivered.exchange and delivered.routing_key != found.key:
            return f"{delivered.sender} sent {delivered.type} with the routing key {delivered.routing_key!r}"
        return None


@cache
def _permitted(topology: Topology, queue: str) -> Mapping[str, _Permitted | None]:
    """Type name → who may send it to this queue, for every version that can be read; `None` where nobody may."""
    arriving = {routing_key(route.message): route for route in _arriving(topology, queue)}
    return {
        name: _of(topology, arriving.get(routing_key(message)))
        for name, message in topology.contracts.versions.items()
    }


def _arriving(topology: Topology, queue: str) -> Iterator[Route]:
    return (route for route in routes(topology) if any(each.name == queue for each in route.queues))


def _of(topology: Topology, route: Route | None) -> _Permitted | None:
    if route is None:
        return None
    return _Permitted(frozenset(_publishers(topology, route)), route.key)


def _publishers(topology: Topology, route: Route) -> Iterable[str]:
    """Any command may be abandoned because its compensation came first, also one that cannot be refused."""
    return map(owner, topology.contracts.commands) if route.message is Abandoned else route.publishers


def _either(names: frozenset[str]) -> str:
    return " or ".join(sorted(names))
