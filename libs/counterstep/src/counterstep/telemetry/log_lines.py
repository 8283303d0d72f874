"""Sends the lines of the log as they are printed: the same text, without secrets.

A line is sent if its trace is recorded, if it belongs to no trace, or if it is a warning or worse.
"""

import sys
import time
from typing import Final

from opentelemetry import trace
from opentelemetry._logs import SeverityNumber
from structlog.typing import EventDict, WrappedLogger

from counterstep.telemetry.log_records import lines_are_wanted, send_record

_EXCEPTION: Final = "_exception"
_SEVERITIES: Final = {
    "debug": SeverityNumber.DEBUG,
    "info": SeverityNumber.INFO,
    "warning": SeverityNumber.WARN,
    "error": SeverityNumber.ERROR,
    "critical": SeverityNumber.FATAL,
}
_NAMES: Final = {"logger": "logger.name", "exception": "exception.stacktrace"}
_SAID_OTHERWISE: Final = frozenset({"event", "level", "timestamp", "trace_id", "trace_url", _EXCEPTION})


def exception_noted(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """A structlog processor: notes the exception's type and message, before only its traceback is left."""
    error = event.get("exc_info")
    error = sys.exc_info() if error is True else error
    error = error[1] if isinstance(error, tuple) else error
    return {**event, _EXCEPTION: [type_name(error), str(error)]} if isinstance(error, BaseException) else event


def sent(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """A structlog processor: sends the line that it is given, and passes on what is to be printed."""
    error = event.pop(_EXCEPTION, None)
    severity = _SEVERITIES.get(event.get("level", ""), SeverityNumber.INFO)
    if lines_are_wanted() and _is_worth_sending(severity):
        attributes = {
            _NAMES.get(name, name): value for name, value in event.items() if name not in _SAID_OTHERWISE
        }
        if error:
            attributes["exception.type"], attributes["exception.message"] = error
        send_record(str(event.get("event", "")), at=time.time_ns(), severity=severity, attributes=attributes)
    return event


def type_name(error: BaseException) -> str:
    """The name of the error's class, with its module unless it is Python's own."""
    kind = type(error)
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


def _is_worth_sending(severity: SeverityNumber) -> bool:
    place = trace.get_current_span().get_span_context()
    return severity.value >= SeverityNumber.WARN.value or not place.is_valid or place.trace_flags.sampled
