"""What was found about scale, as it is kept in a file."""

from pathlib import Path

from pydantic import BaseModel

from performance.results import Results


class Ended(BaseModel, frozen=True):
    """An empty stack, compared with one that holds this many ended sagas."""

    sagas: int
    filling_seconds: float
    pages: dict[str, dict[str, float]]
    """Milliseconds, by stack and page."""
    scanned: dict[str, int]
    """Rows that sequential scans read while the filled stack was measured, by table."""
    of: Results


class Memory(BaseModel, frozen=True):
    """Bytes that each part held after a number of sagas."""

    sagas: list[int]
    resident: dict[str, list[int]]

    @property
    def growth(self) -> dict[str, float]:
        """Bytes a thousand sagas, over the last half: by then, what fills up once is full."""
        middle = next(place for place, sagas in enumerate(self.sagas) if 2 * sagas >= self.sagas[-1])
        thousands = (self.sagas[-1] - self.sagas[middle]) / 1000
        return {name: (held[-1] - held[middle]) / thousands for name, held in self.resident.items()}


class Flat(BaseModel, frozen=True):
    """A long run on one stack."""

    memory: Memory
    of: Results


class Drained(BaseModel, frozen=True):
    """Orders that waited for the orchestrator, and the seconds from its start until all of them had ended."""

    orders: int
    placing_seconds: float
    seconds: float
    otherwise: int
    """How many ended differently than expected, because of a timeout, for example."""
    resent: int
    """How many commands were sent again."""

    @property
    def per_second(self) -> float:
        return self.orders / self.seconds


class Backlog(BaseModel, frozen=True):
    """A backlog, and the closed loop on the same stack."""

    drained: Drained
    of: Results


class Scale(BaseModel, frozen=True):
    """A whole run; a part that was left out is none."""

    ended: Ended | None = None
    flat: Flat | None = None
    backlog: Backlog | None = None

    def write(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(self.model_dump_json(indent=2) + "\n")
