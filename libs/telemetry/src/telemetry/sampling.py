"""Which traces are recorded: decided once, where a trace begins, and carried along in its `traceparent`."""

from collections.abc import Sequence

from opentelemetry.context import Context
from opentelemetry.sdk.trace.sampling import ALWAYS_ON, ParentBased, Sampler, SamplingResult, TraceIdRatioBased
from opentelemetry.trace import Link, SpanKind, TraceState
from opentelemetry.util.types import Attributes


def sampler(ratio: float) -> Sampler:
    """Record this share of the traces (0 to 1), each whole or not at all."""
    return ParentBased(Linked(TraceIdRatioBased(ratio)))


class Linked(Sampler):
    """A trace of what happened to others is recorded where one of those is; any other as `otherwise` says."""

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
        recorded = any(link.context.trace_flags.sampled for link in links or ())
        decides = ALWAYS_ON if recorded else self._otherwise
        return decides.should_sample(parent_context, trace_id, name, kind, attributes, links, trace_state)

    def get_description(self) -> str:
        return f"Linked{{{self._otherwise.get_description()}}}"
