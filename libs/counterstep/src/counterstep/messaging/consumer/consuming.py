"""What a service does with the messages of its queues, as the runtime that consumes them sees it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Protocol, TypeAlias

from counterstep.messaging.consumer.admission import ConcurrencyLimit
from counterstep.messaging.consumer.received import Received
from counterstep.messaging.consumer.task import Task
from counterstep.messaging.outbox.platform_transaction import PlatformTransaction
from counterstep.messaging.scrape.measuring import Measure
from counterstep.topology.topology import Topology

Faults: TypeAlias = Mapping[Received, Exception]
"""Messages that could not be handled, each with its reason: `UndecodableError`, where it never can be."""

Work: TypeAlias = Callable[[PlatformTransaction, Sequence[Received]], Awaitable[Faults]]
"""Handles a whole batch but for the messages that it gives, of which nothing is done.

They are set aside in the same transaction. What it raises is the fault of a message that it cannot name."""


class Consumer(Protocol):
    """What a service does with the messages of its queues."""

    @property
    def name(self) -> str:
        """The service's name."""

    @property
    def topology(self) -> Topology:
        """The system that the service is a part of."""

    @property
    def queues(self) -> tuple[str, ...]:
        """The queues it consumes."""

    @property
    def tasks(self) -> tuple[Task, ...]:
        """What it runs in the background, for as long as the process lives."""

    @property
    def measures(self) -> tuple[Measure, ...]:
        """What each scrape measures of its tables."""

    @property
    def admission(self) -> ConcurrencyLimit | None:
        """The limit to what it has under way, or `None` for no limit."""

    async def work(self, transaction: PlatformTransaction, batch: Sequence[Received]) -> Faults:
        """Handle the batch, as `Work` says."""
