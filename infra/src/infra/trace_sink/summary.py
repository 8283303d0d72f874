"""A trace in a line: where it began, how long it took, who took part."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from infra.trace_sink.span import Span


@dataclass(frozen=True)
class Summary:
    """Read from the spans of one trace, of which there is at least one."""

    spans: Sequence[Span]

    @property
    def trace_id(self) -> str:
        return self.spans[0].trace_id

    @cached_property
    def root(self) -> Span | None:
        """The first span that has no parent; None where it has not come yet."""
        roots = (span for span in self.spans if not span.parent_id)
        return min(roots, key=lambda span: span.start, default=None)

    @cached_property
    def start(self) -> int:
        return min(span.start for span in self.spans)

    @cached_property
    def end(self) -> int:
        return max(span.end for span in self.spans)

    @property
    def duration(self) -> int:
        """Nanoseconds from the first start to the last end."""
        return self.end - self.start

    @cached_property
    def services(self) -> dict[str, int]:
        """How many spans each service has, in the order in which they first take part."""
        return dict(Counter(span.service for span in sorted(self.spans, key=lambda span: span.start)))

    @cached_property
    def failures(self) -> dict[str, int]:
        """How many failed spans each service has; none where a service has none."""
        return dict(Counter(span.service for span in self.spans if span.failed))

    @cached_property
    def orphans(self) -> int:
        """How many spans name a parent that is not here."""
        known = {span.span_id for span in self.spans}
        return sum(bool(span.parent_id) and span.parent_id not in known for span in self.spans)

    def attribute(self, name: str) -> str | None:
        """The first value that a span has for it."""
        found = (span.attributes[name] for span in self.spans if name in span.attributes)
        return next((str(value) for value in found), None)
