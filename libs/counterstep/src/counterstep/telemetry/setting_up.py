"""Traces and logs, set up once per process: which traces are recorded, and where all of it goes."""

import atexit
import logging
from collections.abc import Callable
from functools import cache, partial
from uuid import uuid4

from opentelemetry import trace
from opentelemetry._logs import set_logger_provider
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk.resources import SERVICE_INSTANCE_ID, SERVICE_NAME, Resource
from opentelemetry.sdk.trace import TracerProvider

from counterstep.telemetry.destinations import Destinations
from counterstep.telemetry.events import keep_span_events
from counterstep.telemetry.export import LogExport, SpanExport, at_once
from counterstep.telemetry.identity import DerivedIdGenerator
from counterstep.telemetry.sampling import sampler


def set_up_telemetry(service_name: str, destinations: Destinations, ratio: float = 1.0) -> None:
    """Record this share of the traces (0 to 1), and send traces and logs to where these destinations say.

    The metrics belong to an application: see `metric_export`.
    """
    # `Reception` logs that a collector is away, and does it once.
    logging.getLogger("opentelemetry").setLevel(logging.CRITICAL)
    stops = [*_traces(service_name, destinations.traces, ratio), *_logs(service_name, destinations.logs)]
    keep_span_events(keep=destinations.span_events_too)
    atexit.register(partial(at_once, stops))


@cache
def resource_of(service_name: str) -> Resource:
    """What telemetry says of its origin: the same for all kinds that one process sends."""
    # OTEL_RESOURCE_ATTRIBUTES may name the instance instead.
    unnamed = Resource({SERVICE_INSTANCE_ID: str(uuid4())})
    return unnamed.merge(Resource.create({SERVICE_NAME: service_name}))


def _traces(service_name: str, endpoint: str | None, ratio: float) -> list[Callable[[], None]]:
    provider = TracerProvider(
        sampler=sampler(ratio if endpoint else 0.0),
        resource=resource_of(service_name),
        id_generator=DerivedIdGenerator(),
        shutdown_on_exit=False,
    )
    trace.set_tracer_provider(provider)
    if not endpoint:
        return []
    export = SpanExport(endpoint)
    provider.add_span_processor(export.processor)
    return [export.stop]


def _logs(service_name: str, endpoint: str | None) -> list[Callable[[], None]]:
    if not endpoint:
        return []
    provider = LoggerProvider(resource_of(service_name), shutdown_on_exit=False)
    export = LogExport(endpoint)
    provider.add_log_record_processor(export.processor)
    set_logger_provider(provider)
    return [export.stop]
