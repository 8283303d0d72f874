"""The counts and times of a load, while it runs."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil
from typing import Final, TypeVar
from uuid import UUID

from contracts.inventory import StockUnavailableCode
from contracts.payment import PaymentDeclinedCode
from counterstep.http.views.sagas import SagaSummary

from infra.load.mix import Fate
from infra.load.planning import Planned

Time = TypeVar("Time", timedelta, float)

LATE = timedelta(milliseconds=100)
"""An order that is sent this long after it was due was not sent at the requested rate."""
FEW = 0.01  # of the orders may be late: a hiccup is no other rate

FATES_BY_CODE: Final[Mapping[str, Fate]] = {
    StockUnavailableCode.INSUFFICIENT_STOCK: "no_stock",
    PaymentDeclinedCode.INSUFFICIENT_FUNDS: "no_money",
}
"""The refusals that a load provokes on purpose."""


@dataclass
class Measurements:
    """Counts and times; `begun` is when the load's clock was at zero."""

    planned: Sequence[Planned]
    begun: datetime
    offered: int = 0
    late: int = 0
    accepted: int = 0
    errors: Counter[str] = field(default_factory=Counter)
    pending: dict[UUID, Planned] = field(default_factory=dict)
    outcomes: Counter[str] = field(default_factory=Counter)
    unplanned: int = 0
    latencies: list[timedelta] = field(default_factory=list)
    last_end: datetime | None = None

    def sent(self, order: Planned, at: datetime) -> None:
        self.offered += 1
        self.late += at - self.due(order) > LATE

    def took(self, order: Planned, saga_id: UUID) -> None:
        """The service has accepted it, and promises that it will end."""
        self.accepted += 1
        self.pending[saga_id] = order

    def ended(self, saga: SagaSummary) -> None:
        """One of our orders has ended: its time counts from when it was due, not from when it could be sent."""
        order = self.pending.pop(saga.saga_id)
        outcome = outcome_of(saga)
        self.outcomes[outcome] += 1
        self.unplanned += outcome != order.fate
        if saga.ended_at:
            self.latencies.append(saga.ended_at - self.due(order))
            self.last_end = max(saga.ended_at, self.last_end or saga.ended_at)

    def due(self, order: Planned) -> datetime:
        return self.begun + timedelta(seconds=order.due)

    @property
    def settled(self) -> bool:
        """Whether every order was sent and has ended."""
        return self.accepted + self.errors.total() == len(self.planned) and not self.pending

    @property
    def kept_the_rate(self) -> bool:
        return self.late <= FEW * len(self.planned)

    @property
    def ended_per_second(self) -> float:
        span = self.last_end - self.begun if self.last_end else timedelta()
        return len(self.latencies) / span.total_seconds() if span else 0.0

    @property
    def well(self) -> bool:
        """Whether every order was sent in time, was accepted, and ended as planned."""
        return self.kept_the_rate and self.settled and not self.errors and not self.unplanned


def outcome_of(saga: SagaSummary) -> str:
    """The saga's outcome: a planned one, or the refusal's code, or the reason if no step refused."""
    if saga.status == "completed":
        return "confirmed"
    return FATES_BY_CODE.get(saga.code or "") or saga.code or saga.reason or ""


def percentile(times: Sequence[Time], share: float) -> Time | None:
    """The nearest rank: the least of them that this share does not exceed; None of nothing."""
    return sorted(times)[ceil(share * len(times)) - 1] if times else None
