"""Which services there are, what each consumes and where it may publish: a value, made from a system's contracts.

One declarer creates exchanges, queues and bindings from it; services only use them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import ModuleType

from counterstep.protocol.contracts import Contracts
from counterstep.protocol.exchanges import COMMANDS, DEAD_LETTERS, EVENTS, REPLIES, RETRY
from counterstep.protocol.messages import CancellationEvent, StartEvent
from counterstep.protocol.naming import owner, routing_key


@dataclass(frozen=True)
class Queue:
    """One queue that a service consumes, and the bindings that fill it."""

    name: str
    exchange: str
    routing_keys: tuple[str, ...]


@dataclass(frozen=True)
class ServiceTopology:
    """What one service consumes and where it may publish: `topics` maps a topic exchange to a pattern of keys."""

    name: str
    consumes: tuple[Queue, ...]
    publishes: frozenset[str]
    topics: Mapping[str, str] = field(default_factory=dict)

    @property
    def queues(self) -> tuple[str, ...]:
        """The names of the queues that it consumes."""
        return tuple(queue.name for queue in self.consumes)

    @property
    def writes(self) -> frozenset[str]:
        """Every exchange that it may publish to: its own, and those for messages that failed."""
        return self.publishes | {RETRY, DEAD_LETTERS}


@dataclass(frozen=True, eq=False)
class Topology:
    """The services of one system and the messages between them.

    `name` is the virtual host on the broker and the issuer of the system's tokens. `package` holds the contracts,
    one module for each service, and past versions in its subpackage `past`. `participants` answer commands,
    `orchestrator` drives the sagas, `watcher` is the broker user that may read statistics and touch nothing.
    Which service publishes which event, and which events begin or cancel a saga, follows from the contracts.

    Raises `ValueError` where the contracts declare a command or an event of a service that is not named.

    >>> from trip import contracts
    >>> TRIP = Topology("trip", contracts, participants=("agency", "suppliers"))
    >>> TRIP.services["suppliers"].queues
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
        events = self.contracts.publishes_events(name)
        return ServiceTopology(
            name=name,
            consumes=(Queue(f"{name}.commands", COMMANDS, (f"{name}.#",)),),
            publishes=frozenset({REPLIES, *([EVENTS] if events else [])}),
            topics={EVENTS: rf"^{name}\."} if events else {},
        )

    def _orchestrating(self) -> ServiceTopology:
        heard = [event for event in self.contracts.events if issubclass(event, StartEvent | CancellationEvent)]
        return ServiceTopology(
            name=self.orchestrator,
            consumes=(
                Queue(f"{self.orchestrator}.events", EVENTS, tuple(sorted(map(routing_key, heard)))),
                Queue(f"{self.orchestrator}.replies", REPLIES, (self.orchestrator,)),
            ),
            publishes=frozenset({COMMANDS}),
            topics={COMMANDS: rf"^({'|'.join(self.participants)})\."},
        )

    def _check_owners(self) -> None:
        declared = {owner(message) for message in (*self.contracts.commands, *self.contracts.events)}
        if unknown := sorted(declared - {*self.participants, self.orchestrator}):
            raise ValueError(
                f"the contracts of {self.name} declare messages of {', '.join(unknown)}, which is no service of"
                " it: name it among the topology's participants, or move its messages to another service's module"
            )
