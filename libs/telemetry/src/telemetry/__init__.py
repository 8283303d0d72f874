"""One order is one trace: tracing and logging, set up once per process."""

from telemetry.links import Links
from telemetry.logs import LogFormat, set_up_logging
from telemetry.spans import (
    Finished,
    Moment,
    annotate,
    begin,
    begin_of_many,
    current_traceparent,
    elsewhere,
    tell,
    traceparent_of,
)
from telemetry.subject import About
from telemetry.traceparent import below, is_recorded, trace_id
from telemetry.tracing import set_up_tracing

__all__ = [
    "About",
    "Finished",
    "Links",
    "LogFormat",
    "Moment",
    "annotate",
    "begin",
    "begin_of_many",
    "below",
    "current_traceparent",
    "elsewhere",
    "is_recorded",
    "set_up_logging",
    "set_up_tracing",
    "tell",
    "trace_id",
    "traceparent_of",
]
