"""The answer to a scrape: the process's metrics, an application's HTTP metrics, and what is measured now.

Counters and histograms are the process's, defined once where they are counted. What belongs to one application
(its requests, its database) is kept or measured by that application, so several may run in one process.
"""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import chain
from time import perf_counter
from typing import Final

from opentelemetry.exporter.prometheus import PrometheusMetricReader
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.view import DropAggregation, View
from prometheus_client import REGISTRY, CollectorRegistry, Histogram, Metric, disable_created_metrics
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.exposition import generate_latest as as_text
from prometheus_client.openmetrics.exposition import CONTENT_TYPE_LATEST as OPENMETRICS
from prometheus_client.openmetrics.exposition import generate_latest as as_openmetrics

disable_created_metrics()  # type: ignore[no-untyped-call] # when each series began: twice the series, and no use

SAMPLE_SECONDS: Final = 0.25

EVENT_LOOP_LAG: Final = Histogram(
    "event_loop_lag_seconds",
    "How late the event loop wakes a timer: everything in the process waits at least so long.",
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5),
)

_HTTP_VIEWS: Final = (
    # OpenTelemetry's name, with only the labels that tell how a request ended.
    View(
        instrument_name="http.server.request.duration",
        attribute_keys={"http.request.method", "http.route", "http.response.status_code"},
    ),
    View(instrument_name="*", aggregation=DropAggregation()),
)


@dataclass(frozen=True)
class _Families:
    """Metric families in the given order, in the form that an encoder collects."""

    collect: Callable[[], Iterable[Metric]]


class Exposition:
    """The metrics of one application. FastAPI counts its requests through `meter_provider`."""

    def __init__(self) -> None:
        self._http = CollectorRegistry()
        reader = PrometheusMetricReader(disable_target_info=True, scope_info_enabled=False, registry=self._http)
        self.meter_provider = MeterProvider(metric_readers=[reader], views=_HTTP_VIEWS, shutdown_on_exit=False)

    def families(self, measured: Iterable[Metric]) -> Iterable[Metric]:
        """Every metric as it is now, with what is `measured` besides."""
        return chain(REGISTRY.collect(), self._http.collect(), measured)

    def rendered(self, measured: Iterable[Metric], *, accept: str) -> tuple[bytes, str]:
        """The metrics and their content type: OpenMetrics if it is accepted, else Prometheus' text 0.0.4."""
        families = _Families(lambda: self.families(measured))
        if "application/openmetrics-text" in accept:
            return as_openmetrics(families), OPENMETRICS  # type: ignore[no-untyped-call] # the library's own
        return as_text(families), CONTENT_TYPE_PLAIN_0_0_4


async def watch_event_loop() -> None:
    """Measure the event loop's lag, without end."""
    while True:
        due = perf_counter() + SAMPLE_SECONDS  # uvloop's own clock counts whole milliseconds
        await asyncio.sleep(SAMPLE_SECONDS)
        EVENT_LOOP_LAG.observe(max(0.0, perf_counter() - due))
