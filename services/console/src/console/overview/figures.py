"""The samples that one process shows at `/metrics`, by name and labels."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
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


class Figures:
    """The samples of one scrape."""

    def __init__(self, samples: Iterable[Sample]) -> None:
        self._samples: defaultdict[str, list[Sample]] = defaultdict(list)
        for sample in samples:
            self._samples[sample.name].append(sample)

    @classmethod
    def of(cls, text: str) -> Self:
        """Parse the samples that the console shows from Prometheus' text format. Raises `ValueError` otherwise."""
        shown = "\n".join(line for line in text.splitlines() if line.startswith(SHOWN))
        return cls(sample for family in text_string_to_metric_families(f"{shown}\n") for sample in family.samples)

    def total(self, name: str, **labels: str) -> float:
        """The sum of the samples with this name and these labels; 0 without any."""
        return sum(sample.value for sample in self._matching(name, labels))

    def by(self, label: str, name: str, **labels: str) -> dict[str, float]:
        """The same sums, one for each value of this label."""
        totals: defaultdict[str, float] = defaultdict(float)
        for sample in self._matching(name, labels):
            totals[sample.labels[label]] += sample.value
        return dict(totals)

    def _matching(self, name: str, labels: dict[str, str]) -> Iterator[Sample]:
        return (sample for sample in self._samples.get(name, ()) if labels.items() <= sample.labels.items())
