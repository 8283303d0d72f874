"""What was measured, as it is kept in a file."""

from collections.abc import Iterator
from pathlib import Path
from statistics import fmean
from typing import Self

from infra.load.measurements import percentile
from pydantic import BaseModel


class Level(BaseModel, frozen=True):
    """The load: a number of orders at once (closed loop), or a number per second (open loop)."""

    at_once: int | None = None
    rate: float | None = None

    def __str__(self) -> str:
        return f"{self.at_once} at once" if self.at_once else f"{self.rate:g} a second"


class Latency(BaseModel, frozen=True):
    """From the moment that an order was sent, or was due, to its saga's end; in milliseconds."""

    p50: float
    p95: float
    p99: float
    mean: float

    @classmethod
    def of(cls, seconds: list[float]) -> Self:
        """Raises ValueError where there are none."""
        p50, p95, p99 = (1000 * (percentile(seconds, share) or 0.0) for share in (0.5, 0.95, 0.99))
        return cls(p50=p50, p95=p95, p99=p99, mean=1000 * fmean(seconds))


class Round(BaseModel, frozen=True):
    """One system at one level for some seconds; `counted` is the increase of each counter in that time."""

    system: str
    level: Level
    seconds: float
    ended: int
    latency: Latency
    outcomes: dict[str, int] = {}
    put_off: int = 0
    """How often an order was answered 429 or 503, and sent again."""
    late_ms: float = 0.0
    """The 99th percentile of how late the client sent what was due; the latencies include it."""
    counted: dict[str, float] = {}

    @property
    def sagas_per_second(self) -> float:
        return self.ended / self.seconds

    @property
    def cpu_ms(self) -> dict[str, float]:
        """CPU milliseconds a saga, by process."""
        return {name: 1000 * value / self.ended for name, value in self._counted("cpu.")}

    @property
    def system_cpu_ms(self) -> float:
        """CPU milliseconds a saga of all but the client."""
        return sum(value for name, value in self.cpu_ms.items() if name != "client")

    @property
    def per_saga(self) -> dict[str, float]:
        """What else a saga takes: messages, bytes, commits, rows."""
        return {
            f"{part}.{name}": value / self.ended
            for part in ("broker", "postgres")
            for name, value in self._counted(f"{part}.")
        }

    @property
    def batch_sizes(self) -> dict[str, float]:
        """Messages in a transaction, by queue."""
        batches = dict(self._counted("batches."))
        return {queue: value / batches[queue] for queue, value in self._counted("batched.") if batches[queue]}

    def _counted(self, prefix: str) -> Iterator[tuple[str, float]]:
        return (
            (name.removeprefix(prefix), value) for name, value in self.counted.items() if name.startswith(prefix)
        )


class Machine(BaseModel, frozen=True):
    """Where it was measured: figures of two machines say nothing about one another."""

    cpu: str
    cores: int
    memory_gib: float
    system: str
    python: str
    postgres: str
    rabbitmq: str


class Floor(BaseModel, frozen=True):
    """What a saga's messages, or its commits, cost with nothing around them."""

    name: str
    sagas_per_second: float
    cpu_ms: dict[str, float]
    """CPU milliseconds for what one saga takes, by process."""
    what: str


class Results(BaseModel, frozen=True):
    """A whole run."""

    measured_at: str
    revision: str
    machine: Machine
    mix: str
    rounds: list[Round]
    floors: list[Floor] = []

    @classmethod
    def read(cls, path: Path) -> Self:
        """Raises ValueError where it is not such a file, OSError where there is none."""
        return cls.model_validate_json(path.read_text())

    def write(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(self.model_dump_json(indent=2) + "\n")

    def at(self, system: str, level: Level) -> list[Round]:
        """The rounds of one system at one level, in the order in which they were measured."""
        return [each for each in self.rounds if (each.system, each.level) == (system, level)]

    @property
    def levels(self) -> list[Level]:
        """Every level: those of the closed loop first, each kind by its size."""
        found = {each.level for each in self.rounds}
        return sorted(found, key=lambda level: (level.rate or 0.0, level.at_once or 0))

    @property
    def systems(self) -> list[str]:
        return list(dict.fromkeys(each.system for each in self.rounds))
