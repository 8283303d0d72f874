"""Two looks, and what has happened between them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from counterstep.monitoring.broker import BrokerView

from console.overview.figures import Figures
from console.overview.quantile import quantile

SECONDS: Final = 15.0
"""How far back "now" goes."""


@dataclass(frozen=True, slots=True)
class Look:
    """All that was seen at one moment (of a monotonic clock, in seconds).

    `missing` says of each part what it lacks; a service that does not answer has no figures.
    """

    at: float
    services: Mapping[str, Figures]
    broker: BrokerView | None
    missing: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Window:
    """From `before` to `now`. One look alone is a window in which nothing can be told to have happened.

    `missing` is what two looks in a row have missed: on a busy machine one may come to nothing.
    """

    before: Look
    now: Look
    missing: Mapping[str, str]

    def rate(self, service: str, name: str, **labels: str) -> float | None:
        """How much a service's counter grew, per second; `None` where that is not known."""
        if (known := self._known(service)) is None:
            return None
        before, now = (figures.total(name, **labels) for figures in known)
        return _growth(before, now) / (self.now.at - self.before.at)

    def quantile(self, share: float, service: str, name: str, **labels: str) -> float | None:
        """A quantile of what a service's histogram has counted; `None` where it has counted nothing."""
        if (known := self._known(service)) is None:
            return None
        before, now = (figures.by("le", f"{name}_bucket", **labels) for figures in known)
        return quantile(share, {float(le): _growth(before.get(le, 0), upto) for le, upto in now.items()})

    def _known(self, service: str) -> tuple[Figures, Figures] | None:
        before, now = self.before.services.get(service), self.now.services.get(service)
        return (before, now) if before and now and self.now.at > self.before.at else None


def window(looks: Sequence[Look]) -> Window:
    """The widest window of these, the latest of which is the last."""
    now, last = looks[-1], looks[-2] if len(looks) > 1 else looks[-1]
    missing = {name: why for name, why in now.missing.items() if name in last.missing}
    return Window(next(look for look in looks if now.at - look.at <= SECONDS), now, missing)


def _growth(before: float, now: float) -> float:
    """A counter only grows: one that is less has begun anew, with its process."""
    return now - before if now >= before else now
