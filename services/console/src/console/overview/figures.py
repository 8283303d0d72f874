"""What one process shows at /metrics, to be asked for by name and labels."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Self

from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample


class Figures:
    """The samples of one scrape."""

    def __init__(self, samples: Iterable[Sample]) -> None:
        self._samples: defaultdict[str, list[Sample]] = defaultdict(list)
        for sample in samples:
            self._samples[sample.name].append(sample)

    @classmethod
    def of(cls, text: str) -> Self:
        """Read Prometheus' text format. Raises ValueError for what is none."""
        return cls(sample for family in text_string_to_metric_families(text) for sample in family.samples)

    def total(self, name: str, **labels: str) -> float:
        """The sum of the samples of this name that have these labels; 0 where there is none."""
        return sum(sample.value for sample in self._matching(name, labels))

    def by(self, label: str, name: str, **labels: str) -> dict[str, float]:
        """The same, apart for each value of one label."""
        totals: defaultdict[str, float] = defaultdict(float)
        for sample in self._matching(name, labels):
            totals[sample.labels[label]] += sample.value
        return dict(totals)

    def _matching(self, name: str, labels: dict[str, str]) -> Iterator[Sample]:
        return (sample for sample in self._samples.get(name, ()) if labels.items() <= sample.labels.items())
