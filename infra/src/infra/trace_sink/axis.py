"""A time axis: where a moment lies on it, and which moments are written on it."""

from collections.abc import Iterator
from dataclasses import dataclass

from infra.trace_sink import formatting

MOST_TICKS = 6
STEPS = [factor * 10**power for power in range(9) for factor in (1, 2, 5)] + [
    factor * unit
    for unit, factors in (
        (formatting.SECOND, (1, 2, 5, 10, 15, 30)),
        (formatting.MINUTE, (1, 2, 5, 10, 15, 30)),
        (formatting.HOUR, (1, 2, 3, 6, 12)),
        (formatting.DAY, (1, 2, 5, 10, 20, 50, 100)),
    )
    for factor in factors
]


@dataclass(frozen=True)
class Axis:
    """From `start` on, for `length`; both in nanoseconds, and the length is never nothing."""

    start: int
    length: int

    def percent(self, moment: int) -> float:
        """The position of a moment on the axis, in percent."""
        return round(100 * (moment - self.start) / self.length, 4)

    def width(self, duration: int) -> float:
        """The width of a duration on the axis, in percent."""
        return round(100 * duration / self.length, 4)

    def ticks(self) -> Iterator[tuple[float, str]]:
        """Round durations since the start, each with its place in per cent."""
        step = next((step for step in STEPS if self.length / step <= MOST_TICKS), self.length)
        for since in range(0, self.length, step):
            if since + step / 4 < self.length or not since:  # a label at the very end would not fit
                yield self.width(since), formatting.duration(since)
