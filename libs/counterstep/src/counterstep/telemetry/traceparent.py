"""A span's place in its trace, as the W3C `traceparent` that travels in every message and every stored row.

It is `<version>-<trace id>-<span id>-<flags>`; the lowest bit of the flags says whether the trace is recorded.
"""

from typing import Final

from opentelemetry.trace import TraceFlags

_FORM: Final = "{version}-{trace_id}-{span_id:016x}-{flags}"


def trace_id(traceparent: str | None) -> str | None:
    """The trace that a `traceparent` belongs to."""
    return traceparent.split("-")[1] if traceparent else None


def is_recorded(traceparent: str | None) -> bool:
    """Whether the spans of its trace are kept; without a `traceparent` that is not decided yet."""
    return bool(traceparent and int(traceparent.rsplit("-", 1)[1], 16) & TraceFlags.SAMPLED)


def below(traceparent: str, span_id: int) -> str:
    """The same trace, continued below another of its spans."""
    version, trace, _, flags = traceparent.split("-")
    return _FORM.format(version=version, trace_id=trace, span_id=span_id, flags=flags)
