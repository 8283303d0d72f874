"""Tracing, logging and metrics. One saga is one trace; both are set up once per process."""

from counterstep.telemetry.destinations import Destinations
from counterstep.telemetry.events import SpanEvent, record_exception
from counterstep.telemetry.links import Links
from counterstep.telemetry.logs import LogFormat, set_up_logging
from counterstep.telemetry.scope import TelemetryScope
from counterstep.telemetry.setting_up import set_up_telemetry
from counterstep.telemetry.spans import (
    FinishedSpan,
    begin,
    begin_of_many,
    current_traceparent,
    linked_span,
    operator_span,
    record_span,
    traceparent_of,
)
from counterstep.telemetry.traceparent import below, is_recorded, trace_id

__all__ = [
    "Destinations",
    "FinishedSpan",
    "Links",
    "LogFormat",
    "SpanEvent",
    "TelemetryScope",
    "begin",
    "begin_of_many",
    "below",
    "current_traceparent",
    "is_recorded",
    "linked_span",
    "operator_span",
    "record_exception",
    "record_span",
    "set_up_logging",
    "set_up_telemetry",
    "trace_id",
    "traceparent_of",
]
