"""Which traces are recorded. It is decided once, where a trace begins, and travels in its `traceparent`."""

from collections.abc import Sequence
from typing import Final

from opentelemetry.context import Context
from opentelemetry.sdk.trace.sampling import (
    ALWAYS_OFF,
    ALWAYS_ON,
    ParentBased,
    Sampler,
    SamplingResult,
    TraceIdRatioBased,
)
from opentelemetry.trace import Link, SpanKind, TraceState
from opentelemetry.util.types import Attributes

READS: Final = frozenset({"GET", "HEAD", "OPTIONS"})


def sampler(ratio: float) -> Sampler:
    """Record this share of the traces (0 to 1), each whole or not at all."""
    return ParentBased(Root(TraceIdRatioBased(ratio)))


class Root(Sampler):
    """Decides about a trace that begins. With a link to a recorded trace it is recorded; else `otherwise` decides.

    A request that only reads begins no trace: there are many, and they would bury those of the sagas.
    """

    def __init__(self, otherwise: Sampler) -> None:
        self._otherwise = otherwise

    def should_sample(  # noqa: PLR0913, PLR0917 - OpenTelemetry's signature
        self,
        parent_context: Context | None,
        trace_id: int,
        name: str,
        kind: SpanKind | None = None,
        attributes: Attributes = None,
        links: Sequence[Link] | None = None,
        trace_state: TraceState | None = None,
    ) -> SamplingResult:
        decides = self._otherwise
        if any(link.context.trace_flags.sampled for link in links or ()):
            decides = ALWAYS_ON
        elif kind is SpanKind.SERVER and (attributes or {}).get("http.request.method") in READS:
            decides = ALWAYS_OFF
        return decides.should_sample(parent_context, trace_id, name, kind, attributes, links, trace_state)

    def get_description(self) -> str:
        return f"Root{{{self._otherwise.get_description()}}}"
