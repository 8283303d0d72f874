"""Which services there are, what each consumes and where it may publish: a value, made from a system's contracts.

One declarer creates exchanges, queues and bindings from it; services only use them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import ModuleType

from counterstep.protocol.contracts import Contracts
from counterstep.protocol.exchanges import (
    COMMANDS,
    REPLIES,
    SHARED_EXCHANGES,
    events_of,
)
from counterstep.protocol.messages import CancellationEvent, StartEvent
from counterstep.protocol.naming import owner, routing_key


@dataclass(frozen=True)
class Binding:
    """Fills a queue with the messages of one exchange whose routing key matches."""

    exchange: str
    key: str


@dataclass(frozen=True)
class Queue:
    """One queue that a service consumes, and the bindings that fill it."""

    name: str
    bindings: tuple[Binding, ...]

    @property
    def exchanges(self) -> tuple[str, ...]:
        """The exchanges that fill it."""
        return tuple(dict.fromkeys(binding.exchange for binding in self.bindings))


@dataclass(frozen=True)
class ServiceTopology:
    """What one service consumes, and the exchanges to which it may publish."""

    name: str
    consumes: tuple[Queue, ...]
    publishes: frozenset[str]

    @property
    def queues(self) -> tuple[str, ...]:
        """The names of the queues that it consumes."""
        return tuple(queue.name for queue in self.consumes)


@dataclass(frozen=True, eq=False)
class Topology:
    """The services of one system and the messages between them.

    `name` is the virtual host on the broker and the issuer of the system's tokens. `package` holds the contracts,
    one module for each service, and past versions in its subpackage `past`. `participants` answer commands,
    `orchestrator` drives the sagas, `watcher` is the broker user that may read statistics and touch nothing. Which
    service publishes which event, and which events begin or cancel a saga, follows from the contracts.

    Units: none.

    Raises: `ValueError` from `services` where the contracts declare a command or an event of a service that is not
    named; `LookupError` from `service` for a name that is not there.

    >>> from trip import contracts
    >>> TRAVEL = Topology("trip", contracts, participants=("agency", "suppliers"))
    >>> TRAVEL.services["suppliers"].queues
    ('suppliers.commands',)
    """

    name: str
    package: ModuleType
    participants: tuple[str, ...]
    orchestrator: str = "orchestrator"
    watcher: str = "watcher"

    @cached_property
    def contracts(self) -> Contracts:
        """Every message that the package's modules declare."""
        return Contracts(self.package)

    @cached_property
    def services(self) -> Mapping[str, ServiceTopology]:
        """Every service by name: the participants, then the orchestrator."""
        self._check_owners()
        made = (*map(self._participant, self.participants), self._orchestrating())
        return {service.name: service for service in made}

    @cached_property
    def exchanges(self) -> Mapping[str, str]:
        """Every exchange and its type: those of the services' events, and those that every topology has."""
        published = {exchange for service in self.services.values() for exchange in service.publishes}
        events = sorted(published - SHARED_EXCHANGES.keys())
        return {**SHARED_EXCHANGES, **dict.fromkeys(events, "topic")}

    @property
    def reply_addresses(self) -> frozenset[str]:
        """The routing keys that a command may name for its reply. No other address in a message is ever used."""
        return frozenset({self.orchestrator})

    def service(self, name: str) -> ServiceTopology:
        """Raises `LookupError` where there is no such service."""
        if name not in self.services:
            raise LookupError(f"{self.name} has no service {name!r}; it has {', '.join(self.services)}")
        return self.services[name]

    def consumed_queues(self) -> Iterator[Queue]:
        """Every queue that some service consumes."""
        for service in self.services.values():
            yield from service.consumes

    def _participant(self, name: str) -> ServiceTopology:
        return ServiceTopology(
            name=name,
            consumes=(Queue(f"{name}.commands", (Binding(COMMANDS, f"{name}.#"),)),),
            publishes=frozenset({REPLIES, *self._events_of(name)}),
        )

    def _orchestrating(self) -> ServiceTopology:
        heard = [event for event in self.contracts.events if issubclass(event, StartEvent | CancellationEvent)]
        events = sorted((events_of(owner(event)), routing_key(event)) for event in heard)
        return ServiceTopology(
            name=self.orchestrator,
            consumes=(
                Queue(f"{self.orchestrator}.events", tuple(Binding(*each) for each in events)),
                Queue(f"{self.orchestrator}.replies", (Binding(REPLIES, self.orchestrator),)),
            ),
            publishes=frozenset({COMMANDS, *self._events_of(self.orchestrator)}),
        )

    def _events_of(self, name: str) -> Iterator[str]:
        if self.contracts.publishes_events(name):
            yield events_of(name)

    def _check_owners(self) -> None:
        declared = {owner(message) for message in (*self.contracts.commands, *self.contracts.events)}
        if unknown := sorted(declared - {*self.participants, self.orchestrator}):
            raise ValueError(
                f"the contracts of {self.name} declare messages of {', '.join(unknown)}, which is no service of"
                " it: name it among the topology's participants, or move its messages to another service's module"
            )
