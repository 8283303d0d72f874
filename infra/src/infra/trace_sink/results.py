"""The search results: a list, and a chart with a dot for each trace by its start and duration."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from infra.trace_sink.axis import Axis
from infra.trace_sink.role import Role, outcome, role
from infra.trace_sink.span import Span
from infra.trace_sink.summary import Summary


@dataclass(frozen=True)
class Result:
    """One trace; `share` is its duration in per cent of the longest one's."""

    summary: Summary
    share: float
    percent: float

    @property
    def name(self) -> str:
        return self.summary.root.name if self.summary.root else "a trace without its beginning"

    @property
    def outcome(self) -> str:
        """The outcome of its saga; empty without a saga or before its end."""
        return next((outcome(span) for span in self.summary.spans if role(span) is Role.SAGA), "")

    @property
    def failures(self) -> int:
        return sum(self.summary.failures.values())


class Results:
    """Traces, the newest first."""

    def __init__(self, traces: Sequence[Sequence[Span]]) -> None:
        self._summaries = [Summary(spans) for spans in traces]

    @cached_property
    def axis(self) -> Axis:
        first = min(summary.start for summary in self._summaries)
        last = max(summary.start for summary in self._summaries)
        return Axis(first, max(last - first, 1))

    @cached_property
    def longest(self) -> int:
        return max([summary.duration for summary in self._summaries], default=0)

    @property
    def found(self) -> list[Result]:
        return [
            Result(
                summary,
                share=round(100 * summary.duration / max(self.longest, 1), 2),
                percent=self.axis.percent(summary.start),
            )
            for summary in self._summaries
        ]
