"""The samples that the processes of a service show at `/metrics`, by name and labels."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Final, Self

from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample

SHOWN: Final = (
    "saga_started_total",
    "saga_ended_total",
    "saga_duration_seconds_bucket",
    "saga_running",
    "http_server_request_duration_seconds_bucket",
    "http_server_request_duration_seconds_count",
    "messaging_publishes_total",
    "messaging_process_duration_seconds_count",
    "outbox_",
    "dead_letters_forged",
    "dead_letters_waiting",
    "retries_waiting",
    "database_up",
)
"""Lines that begin otherwise are not parsed: parsing a line costs far more than finding it."""


SHARED: Final = ("outbox_", "dead_letters_", "retries_waiting", "saga_running", "database_up")
"""What every process of a service reads in their database: it counts once."""
PROCESS: Final = "process"
"""The label that says which process a sample is of."""


class Figures:
    """The samples of one scrape of a service. `processes` are those that it is of."""

    def __init__(self, samples: Iterable[Sample], processes: Iterable[str] = ("",)) -> None:
        self.processes = frozenset(processes)
        self._samples: defaultdict[str, list[Sample]] = defaultdict(list)
        for sample in samples:
            self._samples[sample.name].append(sample)

    @classmethod
    def of(cls, text: str) -> Self:
        """Parse the samples that the console shows from Prometheus' text format. Raises `ValueError` otherwise."""
        shown = "\n".join(line for line in text.splitlines() if line.startswith(SHOWN))
        return cls(sample for family in text_string_to_metric_families(f"{shown}\n") for sample in family.samples)

    def __iter__(self) -> Iterator[Sample]:
        """All of its samples."""
        return chain.from_iterable(self._samples.values())

    @classmethod
    def together(cls, processes: Mapping[str, Self]) -> Self:
        """The figures of all processes of a service, by the names of the processes.

        What a process counts is added to what the others count. What they share is taken from the first.
        """
        first = next(iter(processes), "")
        return cls(
            (
                sample._replace(labels={**sample.labels, PROCESS: name})
                for name, figures in processes.items()
                for sample in figures
                if name == first or not sample.name.startswith(SHARED)
            ),
            processes,
        )

    def total(self, name: str, **labels: str) -> float:
        """The sum of the samples with this name and these labels; 0 without any."""
        return sum(sample.value for sample in self._matching(name, labels))

    def by(self, label: str, name: str, **labels: str) -> dict[str, float]:
        """The same sums, one for each value of this label."""
        return {key: value for (key,), value in self.grouped((label,), name, **labels).items()}

    def grouped(self, by: tuple[str, ...], name: str, **labels: str) -> dict[tuple[str, ...], float]:
        """The same sums, one for each combination of the values of these labels."""
        totals: defaultdict[tuple[str, ...], float] = defaultdict(float)
        for sample in self._matching(name, labels):
            totals[tuple(sample.labels.get(label, "") for label in by)] += sample.value
        return dict(totals)

    def _matching(self, name: str, labels: dict[str, str]) -> Iterator[Sample]:
        return (sample for sample in self._samples.get(name, ()) if labels.items() <= sample.labels.items())
