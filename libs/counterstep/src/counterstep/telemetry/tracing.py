"""Tracing, set up once per process: which traces are recorded, and where they go."""

import atexit
import logging
from uuid import uuid4

from opentelemetry import trace
from opentelemetry.sdk.resources import SERVICE_INSTANCE_ID, SERVICE_NAME, Resource
from opentelemetry.sdk.trace import TracerProvider

from counterstep.telemetry.export import Export
from counterstep.telemetry.identity import DerivedIdGenerator
from counterstep.telemetry.sampling import sampler


def set_up_tracing(service_name: str, otlp_endpoint: str | None, ratio: float = 1.0) -> None:
    """Record this share of the traces (0 to 1), and send them to `<otlp_endpoint>/v1/traces` if there is one."""
    # OTEL_RESOURCE_ATTRIBUTES may name the instance instead.
    unnamed = Resource({SERVICE_INSTANCE_ID: str(uuid4())})
    resource = unnamed.merge(Resource.create({SERVICE_NAME: service_name}))
    decides = sampler(ratio if otlp_endpoint else 0.0)
    provider = TracerProvider(
        sampler=decides, resource=resource, id_generator=DerivedIdGenerator(), shutdown_on_exit=False
    )
    if otlp_endpoint:
        # `LogOnceExporter` logs that a collector is away, and does it once.
        logging.getLogger("opentelemetry").setLevel(logging.CRITICAL)
        export = Export(f"{otlp_endpoint}/v1/traces")
        provider.add_span_processor(export.processor)
        atexit.register(export.stop)
    trace.set_tracer_provider(provider)
