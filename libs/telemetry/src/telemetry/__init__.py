"""One order is one trace: tracing and logging, set up once per process."""

from telemetry.logs import LogFormat, set_up_logging
from telemetry.tracing import continued, current_traceparent, set_up_tracing, trace_id


def setup(service_name: str, otlp_endpoint: str | None, log_format: LogFormat) -> None:
    """Set up tracing and logging for this process."""
    set_up_logging(log_format)
    set_up_tracing(service_name, otlp_endpoint)


__all__ = ["LogFormat", "continued", "current_traceparent", "setup", "trace_id"]
