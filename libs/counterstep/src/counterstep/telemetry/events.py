"""Events of a span: log records in its context where logs are taken, else events within the span itself.

OpenTelemetry is moving events, and so exceptions, from spans to logs. A collector that takes no logs still gets
all of them, within the spans.
"""

import time
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from opentelemetry._logs import SeverityNumber
from opentelemetry.trace import Span
from opentelemetry.util.types import AttributeValue

from counterstep.telemetry.log_lines import type_name
from counterstep.telemetry.log_records import context_of_span, events_are_wanted, send_record
from counterstep.telemetry.redaction import redacted

Attributes = Mapping[str, AttributeValue]

_NOTHING_MORE: Final[Attributes] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class SpanEvent:
    """An event of a span; `at` is in nanoseconds since the Unix epoch."""

    name: str
    """For people, such as `reserve_seat asked`."""
    at: int
    attributes: Attributes = field(default_factory=dict)
    kind: str = "event"
    """For machines, such as `saga.asked`: there are few kinds. It is the name of the log record."""


@dataclass(slots=True)
class _Spans:
    keep_their_events: bool = False


_SPANS: Final = _Spans()


def keep_span_events(*, keep: bool) -> None:
    """Whether spans keep their events where these are sent as logs as well."""
    _SPANS.keep_their_events = keep


def record_events(span: Span, events: Sequence[SpanEvent], about: Attributes = _NOTHING_MORE) -> None:
    """Record what happened during a span. A log record says what it is `about` as well, such as the saga's id."""
    record_marks(span, events)
    if events_are_wanted():
        context = context_of_span(span)
        for event in events:
            send_record(
                event.name,
                at=event.at,
                severity=SeverityNumber.INFO,
                attributes={**about, **event.attributes},
                context=context,
                event_name=event.kind,
            )


def record_marks(span: Span, events: Sequence[SpanEvent]) -> None:
    """Record events within the span alone, and only where spans have events."""
    if _spans_have_events():
        for event in events:
            span.add_event(event.name, event.attributes, event.at)


def record_exception(span: Span, error: BaseException, kind: str) -> None:
    """Record the exception that ended what the span is about, without secrets.

    `kind` is such as `messaging.process.exception`.
    """
    if not span.is_recording():
        return
    kind_of_error, message = type_name(error), redacted(str(error))
    attributes = {
        "exception.type": kind_of_error,
        "exception.message": message,
        "exception.stacktrace": redacted("".join(traceback.format_exception(error))),
    }
    record_marks(span, [SpanEvent("exception", time.time_ns(), attributes)])
    if events_are_wanted():
        send_record(
            f"{kind_of_error}: {message}",
            at=time.time_ns(),
            severity=SeverityNumber.ERROR,
            attributes=attributes,
            context=context_of_span(span),
            event_name=kind,
        )


def _spans_have_events() -> bool:
    return _SPANS.keep_their_events or not events_are_wanted()
