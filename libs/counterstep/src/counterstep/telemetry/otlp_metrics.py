"""Prometheus' metrics as OpenTelemetry's: the same series, under the names that a scrape shows.

They are counted once, in Prometheus' registry, and translated when they are sent.
"""

import math
import time
from collections.abc import Iterable, Iterator
from itertools import groupby, pairwise
from operator import attrgetter
from typing import Final

from opentelemetry.sdk.metrics.export import (
    AggregationTemporality,
    Gauge,
    Histogram,
    HistogramDataPoint,
    Metric,
    MetricsData,
    NumberDataPoint,
    ResourceMetrics,
    ScopeMetrics,
    Sum,
)
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from prometheus_client import Metric as Family
from prometheus_client.samples import Sample

BEGAN: Final = time.time_ns()
"""When the counters of this process began to count."""

_CUMULATIVE: Final = AggregationTemporality.CUMULATIVE
_SCOPE: Final = InstrumentationScope("counterstep")
_LE: Final = "le"
"""The label of a histogram's bucket: the highest value in it."""


def translated(families: Iterable[Family], resource: Resource) -> MetricsData:
    """Every metric of these families as it is now."""
    now = time.time_ns()
    metrics = [metric for family in families for metric in _metrics(family, now)]
    return MetricsData([ResourceMetrics(resource, [ScopeMetrics(_SCOPE, metrics, "")], "")])


def _metrics(family: Family, now: int) -> Iterator[Metric]:
    """One for each name that a scrape shows; a histogram's buckets are one metric."""
    if family.type == "histogram":
        histogram = Histogram(list(_distributions(family, now)), _CUMULATIVE)
        yield Metric(family.name, family.documentation, "", histogram)
        return
    samples = sorted(family.samples, key=attrgetter("name"))
    for name, same in groupby(samples, key=attrgetter("name")):
        points = [NumberDataPoint(each.labels, BEGAN, now, float(each.value)) for each in same]
        counts = family.type in {"counter", "summary"} and "quantile" not in (points[0].attributes or {})
        data = Sum(points, _CUMULATIVE, is_monotonic=True) if counts else Gauge(points)
        yield Metric(name, family.documentation, "", data)


def _distributions(family: Family, now: int) -> Iterator[HistogramDataPoint]:
    """A point for each set of labels. Prometheus counts in a bucket what is in the lower ones, OTLP does not."""
    by_labels: dict[tuple[tuple[str, str], ...], list[Sample]] = {}
    for sample in family.samples:
        labels = tuple(sorted((name, text) for name, text in sample.labels.items() if name != _LE))
        by_labels.setdefault(labels, []).append(sample)
    for labels, samples in by_labels.items():
        buckets = [(float(each.labels[_LE]), int(each.value)) for each in samples if _LE in each.labels]
        below = [0, *(count for _, count in buckets)]
        yield HistogramDataPoint(
            attributes=dict(labels),
            start_time_unix_nano=BEGAN,
            time_unix_nano=now,
            count=below[-1],
            sum=next(each.value for each in samples if each.name.endswith("_sum")),
            bucket_counts=[upper - lower for lower, upper in pairwise(below)],
            explicit_bounds=[bound for bound, _ in buckets if math.isfinite(bound)],
            min=None,  # type: ignore[arg-type] # Prometheus does not keep it; None is left out of the message
            max=None,  # type: ignore[arg-type]
        )
