"""Two snapshots of the metrics, and the rates between them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from counterstep.monitoring.broker import BrokerView
from shop_client import WaitingReviews

from console.overview.figures import PROCESS, Figures
from console.overview.quantile import quantile

SECONDS: Final = 15.0
"""The longest time, in seconds, over which a rate is measured."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One snapshot, taken at a moment of a monotonic clock, in seconds.

    `missing` gives the problem of each part that is not ready. A service that does not answer has no figures.
    """

    at: float
    services: Mapping[str, Figures]
    broker: BrokerView | None
    missing: Mapping[str, str]
    reviews: WaitingReviews | None = None
    """The orders that wait for a person; `None` where the order service does not answer."""


@dataclass(frozen=True, slots=True)
class Window:
    """The time from `before` to `now`. With one snapshot only they are the same, and no rate is known.

    `missing` has the parts that were not ready in two snapshots in a row: on a busy machine one request may fail.
    """

    before: Snapshot
    now: Snapshot
    missing: Mapping[str, str]

    def rate(self, service: str, name: str, **labels: str) -> float | None:
        """The growth per second of a service's counter; `None` where it is not known."""
        if (known := self._known(service)) is None:
            return None
        return sum(_growths(known, (), name, labels).values()) / (self.now.at - self.before.at)

    def quantile(self, share: float, service: str, name: str, **labels: str) -> float | None:
        """A quantile of a service's histogram over the window; `None` without an observation."""
        if (known := self._known(service)) is None:
            return None
        growths = _growths(known, ("le",), f"{name}_bucket", labels)
        return quantile(share, {float(le): growth for (le,), growth in growths.items()})

    def _known(self, service: str) -> tuple[Figures, Figures] | None:
        before, now = self.before.services.get(service), self.now.services.get(service)
        return (before, now) if before and now and self.now.at > self.before.at else None


def window(snapshots: Sequence[Snapshot]) -> Window:
    """The widest window over these snapshots, oldest first, that is not longer than `SECONDS`."""
    now, last = snapshots[-1], snapshots[-2] if len(snapshots) > 1 else snapshots[-1]
    missing = {name: why for name, why in now.missing.items() if name in last.missing}
    return Window(next(snapshot for snapshot in snapshots if now.at - snapshot.at <= SECONDS), now, missing)


def _growths(
    known: tuple[Figures, Figures], by: tuple[str, ...], name: str, labels: Mapping[str, str]
) -> dict[tuple[str, ...], float]:
    """How much a counter has grown, summed over the processes, for each combination of these labels.

    Each process is compared with itself. One that was not there before is left out: nobody knows when it counted.
    """
    before, now = (figures.grouped((PROCESS, *by), name, **labels) for figures in known)
    growths: defaultdict[tuple[str, ...], float] = defaultdict(float)
    for (process, *rest), upto in now.items():
        if process in known[0].processes:
            growths[tuple(rest)] += _growth(before.get((process, *rest), 0), upto)
    return dict(growths)


def _growth(before: float, now: float) -> float:
    """The growth of a counter. One that has become less was reset when its process started again."""
    return now - before if now >= before else now
