"""Sends the metrics of one application to a collector, now and then. Nothing waits for it."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from types import TracebackType
from typing import Self

import structlog
from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.sdk.metrics.export import MetricExportResult
from prometheus_client import Metric

from counterstep.telemetry.destinations import Destinations
from counterstep.telemetry.metrics import Exposition
from counterstep.telemetry.otlp_metrics import translated
from counterstep.telemetry.reception import EXPORT_SECONDS, Reception
from counterstep.telemetry.setting_up import resource_of

log = structlog.get_logger()


class MetricDelivery:
    """Delivers metrics, and logs once that the collector is away and once that it is back. It blocks."""

    def __init__(self, endpoint: str) -> None:
        self.reception = Reception("metrics", endpoint)
        self._exporter = OTLPMetricExporter(endpoint, timeout=EXPORT_SECONDS, session=self.reception.session)

    def deliver(self, service_name: str, exposition: Exposition, measured: Sequence[Metric]) -> None:
        """Send every metric as it is now."""
        metrics = translated(exposition.families(measured), resource_of(service_name))
        send = partial(self._exporter.export, metrics)
        self.reception.deliver(send, success=MetricExportResult.SUCCESS, failure=MetricExportResult.FAILURE)

    def stop(self) -> None:
        """Give up what is being sent."""
        self._exporter.shutdown()


class MetricExport:
    """Sends inside of an `async with` block, and what has changed since then at its end."""

    def __init__(self, service_name: str, exposition: Exposition, destinations: Destinations) -> None:
        self.measure: Callable[[], Awaitable[Sequence[Metric]]] = _nothing_measured
        """What is measured for each export. It is set once the application has opened what it measures."""
        self._service_name = service_name
        self._exposition = exposition
        self._every = destinations.metrics_every
        self._delivery = MetricDelivery(destinations.metrics) if destinations.metrics else None
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        if self._delivery:
            self._task = asyncio.create_task(self._run(self._delivery))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not (self._delivery and self._task):
            return
        self._task.cancel()
        await asyncio.wait({self._task})
        try:
            async with asyncio.timeout(EXPORT_SECONDS):
                if self._delivery.reception.taken is not False:
                    await self._send(self._delivery, ())
        except TimeoutError:
            pass  # the counts of the last seconds are lost
        finally:
            self._delivery.stop()

    async def _run(self, delivery: MetricDelivery) -> None:
        while True:
            await asyncio.sleep(self._every)
            try:
                measured = await self.measure() if delivery.reception.open else ()
                await self._send(delivery, measured)
            except Exception as error:  # noqa: BLE001 - whatever fails here, the next export is tried
                log.warning("the metrics are not sent", error=repr(error))

    async def _send(self, delivery: MetricDelivery, measured: Sequence[Metric]) -> None:
        await asyncio.to_thread(delivery.deliver, self._service_name, self._exposition, measured)


async def _nothing_measured() -> Sequence[Metric]:
    return ()
