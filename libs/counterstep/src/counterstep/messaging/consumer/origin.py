"""Where a delivery came from, and what it takes to end it there: an acknowledgement, or the deletion of a row.

The code that handles deliveries knows of neither. It writes a `Settlement` with its own changes, and completes it
once they are committed.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol, Self
from uuid import UUID

from aiormq.abc import AbstractChannel

from counterstep.messaging.consumer import retries
from counterstep.messaging.database.sql import Statement


class Receipt(NamedTuple):
    """The broker's number for a delivery: `tag`, on `channel`. To send it back is to acknowledge.

    Where a pack was delivered, its messages share the number, and each has its own `part` of `parts`.
    """

    channel: AbstractChannel
    tag: int
    part: int = 0
    parts: int = 1


class LeasedRow(NamedTuple):
    """A row of the table of retries that this process leases; `held` has those whose lease it renews."""

    fingerprint: UUID
    lease: UUID
    held: set[UUID]


@dataclass(frozen=True, slots=True)
class Settlement:
    """What ends some deliveries, by their origins."""

    receipts: list[Receipt] = field(default_factory=list)
    rows: list[LeasedRow] = field(default_factory=list)

    @classmethod
    def of(cls, origins: Iterable["Origin"]) -> Self:
        """The settlement of all these."""
        made = cls()
        for origin in origins:
            origin.settle(made)
        return made

    def written(self) -> Iterator[Statement]:
        """What to write in the transaction that settles them: a conflict, where a row is not ours any more."""
        if self.rows:
            yield retries.deleting(list({row.fingerprint for row in self.rows}), self.rows[0].lease)

    def committed(self) -> None:
        """Renew no lease any more."""
        for row in self.rows:
            row.held.discard(row.fingerprint)


class Origin(Protocol):
    """The broker, or the table of retries."""

    @property
    def failures(self) -> int:
        """How often the message could not be handled, before this delivery."""

    @property
    def fingerprint(self) -> UUID | None:
        """The key of its row; `None` where it has none."""

    @property
    def lease(self) -> UUID | None:
        """The lease of its row; `None` where it has none."""

    @property
    def is_repeated(self) -> bool:
        """Whether a process was given it before, and did not end it: that process may have died of it."""

    @property
    def is_gone(self) -> bool:
        """Whether this process can no longer end it: it comes again, here or elsewhere."""

    def settle(self, settlement: Settlement) -> None:
        """Add to the settlement what it takes to end the delivery."""


@dataclass(frozen=True, slots=True)
class BrokerOrigin:
    """A delivery by the broker, which delivers it again if its channel closes before it is acknowledged."""

    receipt: Receipt
    is_repeated: bool
    failures: int = 0
    fingerprint: UUID | None = None
    lease: UUID | None = None

    @property
    def is_gone(self) -> bool:
        """Whether its channel is closed."""
        return self.receipt.channel.is_closed

    def settle(self, settlement: Settlement) -> None:
        """Acknowledge it."""
        settlement.receipts.append(self.receipt)


@dataclass(frozen=True, slots=True)
class RetryOrigin:
    """A row of the table of retries, leased by this process."""

    row: LeasedRow
    is_repeated: bool
    failures: int

    @property
    def fingerprint(self) -> UUID:
        """The key of the row."""
        return self.row.fingerprint

    @property
    def lease(self) -> UUID:
        """This process's lease."""
        return self.row.lease

    @property
    def is_gone(self) -> bool:
        """Whether the row is settled, or leased by another process."""
        return self.fingerprint not in self.row.held

    def settle(self, settlement: Settlement) -> None:
        """Delete the row."""
        settlement.rows.append(self.row)
