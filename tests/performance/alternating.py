"""Every system at every level, in turns: a machine that slows down slows all of them."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from performance.results import Level, Round
from performance.round import Load


class Measured(Protocol):
    """Anything that can be put under load."""

    @property
    def name(self) -> str: ...

    def warm_up(self, load: Load) -> None:
        """Put it in its stride. Raises UserError where anything goes wrong."""
        ...

    def measure(self, level: Level, load: Load) -> Round:
        """Put this load on it. Raises UserError where anything goes wrong."""
        ...


def alternate(systems: Sequence[Measured], levels: Sequence[Level], load: Load, rounds: int) -> Iterator[Round]:
    """Measure this many rounds; every second one goes backwards, so that none is always the first or the last."""
    for number in range(rounds):
        turn = -1 if number % 2 else 1
        for level in levels[::turn]:
            for system in systems[::turn]:
                yield system.measure(level, load)
