"""Metrics as a collector gets them: the series of a scrape, under the same names."""

import asyncio
import time
from collections.abc import Iterator, Sequence

import pytest
from collectors import Collector, silent
from counterstep.telemetry import Destinations
from counterstep.telemetry.metric_export import MetricExport
from counterstep.telemetry.metrics import Exposition
from counterstep.telemetry.reception import EXPORT_SECONDS
from opentelemetry.proto.metrics.v1.metrics_pb2 import AggregationTemporality, Metric
from prometheus_client import CollectorRegistry, Counter, Histogram, Summary
from prometheus_client import Metric as Family
from prometheus_client.core import GaugeMetricFamily
from structlog.testing import capture_logs
from waiting import eventually

OFTEN = 0.1  # seconds


@pytest.fixture
def collector() -> Iterator[Collector]:
    collector = Collector()
    with collector.serving():
        yield collector


@pytest.fixture
def registry() -> CollectorRegistry:
    registry = CollectorRegistry()
    taken = Counter("taken", "Taken.", ["kind"], registry=registry)
    taken.labels("good").inc(2)
    taken.labels("bad")
    took = Histogram("took_seconds", "Took.", buckets=(1, 5), registry=registry)
    for seconds in (0.5, 0.6, 3, 70):
        took.observe(seconds)
    Summary("sizes", "Sizes.", registry=registry).observe(9)
    return registry


async def measured_of(registry: CollectorRegistry) -> Sequence[Family]:
    return [*registry.collect(), GaugeMetricFamily("waiting", "Now.", 7)]


def exported(url: str, registry: CollectorRegistry, *, every: float = OFTEN) -> MetricExport:
    export = MetricExport("test", Exposition(), Destinations(metrics=f"{url}/v1/metrics", metrics_every=every))
    export.measure = lambda: measured_of(registry)
    return export


async def sent(collector: Collector, registry: CollectorRegistry) -> dict[str, Metric]:
    async with exported(collector.url, registry):
        await eventually(lambda: asked(collector), until=lambda times: times > 0, within=10)
    return collector.metrics


async def asked(collector: Collector) -> int:
    return collector.asked


async def test_names_are_those_of_a_scrape(collector: Collector, registry: CollectorRegistry) -> None:
    metrics = await sent(collector, registry)
    scrape = Exposition().rendered(await measured_of(registry), accept="")[0].decode()
    names = {line.split(" ")[2] for line in scrape.splitlines() if line.startswith("# TYPE")}
    assert "event_loop_lag_seconds" in names
    assert names - {"sizes"} | {"sizes_count", "sizes_sum"} == set(metrics)


async def test_counters_are_sums_gauges_gauges_and_labels_attributes(
    collector: Collector, registry: CollectorRegistry
) -> None:
    metrics = await sent(collector, registry)
    taken = metrics["taken_total"].sum
    assert taken.is_monotonic
    assert taken.aggregation_temporality == AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE
    assert {point.attributes[0].value.string_value: point.as_double for point in taken.data_points} == {
        "good": 2,
        "bad": 0,
    }
    assert [point.as_double for point in metrics["waiting"].gauge.data_points] == [7]
    assert metrics["sizes_sum"].sum.data_points[0].as_double == 9


async def test_a_histogram_counts_each_value_in_one_bucket(
    collector: Collector, registry: CollectorRegistry
) -> None:
    (point,) = (await sent(collector, registry))["took_seconds"].histogram.data_points
    assert list(point.explicit_bounds) == [1, 5]
    assert list(point.bucket_counts) == [2, 1, 1]
    assert (point.count, point.sum) == (4, 74.1)
    assert not point.HasField("min")
    assert 0 < point.start_time_unix_nano < point.time_unix_nano


async def test_the_last_counts_are_sent_at_the_end(collector: Collector, registry: CollectorRegistry) -> None:
    async with exported(collector.url, registry, every=3600):
        pass
    assert "event_loop_lag_seconds" in collector.metrics


async def test_a_silent_collector_holds_up_neither_the_event_loop_nor_the_end(registry: CollectorRegistry) -> None:
    with silent() as url:
        async with exported(url, registry):
            worst, until = 0.0, time.monotonic() + EXPORT_SECONDS
            while time.monotonic() < until:
                before = time.monotonic()
                await asyncio.sleep(0.01)
                worst = max(worst, time.monotonic() - before)
            ended = time.monotonic()
        assert worst < EXPORT_SECONDS / 4
        assert time.monotonic() - ended < EXPORT_SECONDS * 2


async def test_a_collector_that_refuses_is_logged_once_and_asked_no_last_time(
    collector: Collector, registry: CollectorRegistry
) -> None:
    collector.open = False
    with capture_logs() as logs:
        async with exported(collector.url, registry):
            await eventually(lambda: asked(collector), until=lambda times: times > 2, within=10)
            times = collector.asked
    assert collector.asked <= times + 1
    assert [entry["event"] for entry in logs] == ["metrics are not taken; they are dropped until they are"]


async def test_what_cannot_be_measured_ends_no_export(collector: Collector, registry: CollectorRegistry) -> None:
    failing = iter([RuntimeError("the database is away")])

    async def measure() -> Sequence[Family]:
        for error in failing:
            raise error
        return await measured_of(registry)

    export = exported(collector.url, registry)
    export.measure = measure
    with capture_logs() as logs:
        async with export:
            await eventually(lambda: asked(collector), until=lambda times: times > 0, within=10)
    assert [entry["event"] for entry in logs] == ["the metrics are not sent"]


async def test_without_a_destination_nothing_is_begun() -> None:
    before = asyncio.all_tasks()
    async with MetricExport("test", Exposition(), Destinations()):
        assert asyncio.all_tasks() == before
