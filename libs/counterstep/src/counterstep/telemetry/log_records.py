"""What is sent as OpenTelemetry's log records: the lines that are printed, and events.

A record is made in the context of a span, and leads to it.
"""

from collections.abc import Mapping
from typing import Any, Final

from opentelemetry._logs import LogRecord, SeverityNumber, get_logger
from opentelemetry.context import Context
from opentelemetry.trace import Span, set_span_in_context

LONGEST_TEXT: Final = 8 * 1024
"""In characters, of a record's text and of each of its attributes. The rest is cut off."""

_LOGGER: Final = get_logger("counterstep")


def lines_are_wanted() -> bool:
    """Whether log lines are sent anywhere."""
    return _LOGGER.enabled()


def events_are_wanted() -> bool:
    """Whether events are sent as log records. If not, they belong into the spans."""
    return _LOGGER.enabled(event_name="any")


def send_record(  # noqa: PLR0913 - keywords, each with one meaning
    text: str,
    *,
    at: int,
    severity: SeverityNumber,
    attributes: Mapping[str, Any],
    context: Context | None = None,
    event_name: str | None = None,
) -> None:
    """Send a record; `at` is in nanoseconds since the Unix epoch. Without `context` it is of the current span."""
    _LOGGER.emit(
        LogRecord(
            timestamp=at,
            context=context,
            severity_number=severity,
            severity_text=severity.name,
            body=_sendable(text),
            attributes={name: _sendable(value) for name, value in attributes.items() if value is not None},
            event_name=event_name,
        )
    )


def context_of_span(span: Span) -> Context:
    """The context of a record that is about this span."""
    return set_span_in_context(span, Context())


def _sendable(value: Any) -> bool | int | float | str:
    """The value, or its text where OTLP has no such type; without what UTF-8 cannot encode."""
    if isinstance(value, bool | float) or (isinstance(value, int) and value.bit_length() < 64):  # noqa: PLR2004 - OTLP's integers
        return value
    text = str(value)[:LONGEST_TEXT]
    return text if text.isascii() else text.encode(errors="replace").decode()
