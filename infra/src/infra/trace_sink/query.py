"""The parameters of a search for traces."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from infra.trace_sink.span import Span, values

DEFAULT_LIMIT = 20
HIGHEST_LIMIT = 1500


@dataclass(frozen=True)
class TraceQuery:
    """A trace is found where one of its spans is all of this; times and durations in nanoseconds."""

    earliest: int
    latest: int
    service: str = ""
    operation: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    """Among them, as with Jaeger, `error`, which is `true` of a failed span."""
    shortest: int | None = None
    longest: int | None = None
    limit: int = DEFAULT_LIMIT


def has_attributes(span: Span, wanted: Mapping[str, str]) -> bool:
    """Tell whether the span, its resource or one of its events has each of them; values are compared as text."""
    events = (values(event.attributes) for event in span.message.events)
    held = (span.attributes, span.origin.resource, *events)
    return all(any(key in each and as_text(each[key]) == text for each in held) for key, text in wanted.items())


def as_text(value: Any) -> str:
    """The value as a person writes it in a query."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def can_only_be_text(text: str) -> bool:
    """Tell whether no number, truth value or list is written like this: then its bytes are in the message."""
    try:
        float(text)
    except ValueError:
        return bool(text) and text not in {"true", "false", "None"} and not text.startswith(("[", "{", "b'", 'b"'))
    return False
