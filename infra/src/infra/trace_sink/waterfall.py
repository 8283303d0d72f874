"""A trace as a waterfall: rows in the order of the tree, each with its bar. It contains no HTML."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from infra.trace_sink import formatting
from infra.trace_sink.axis import Axis
from infra.trace_sink.role import Role, outcome, reason, role
from infra.trace_sink.span import Span
from infra.trace_sink.summary import Summary
from infra.trace_sink.tree import Node, grow, walk

DEEPEST = 12  # deeper rows are not indented any further
COLOURS = 8


@dataclass(frozen=True)
class Mark:
    """An event of a span, on its bar."""

    percent: float
    since: str
    name: str


@dataclass(frozen=True)
class Row:
    """A span, or a gap where one is missing. `closes` counts the parents that end below it."""

    node: Node
    depth: int
    closes: int
    colour: int
    axis: Axis

    @property
    def span(self) -> Span | None:
        return self.node.span

    @property
    def indent(self) -> int:
        return min(self.depth, DEEPEST)

    @property
    def is_parent(self) -> bool:
        return bool(self.node.children)

    @property
    def role(self) -> Role:
        return role(self.span) if self.span else Role.OTHER

    @property
    def verb(self) -> str:
        """What is done, as names by OpenTelemetry's conventions begin: `send`, `process`, `POST`."""
        return self.span.name.partition(" ")[0] if self.span and " " in self.span.name else ""

    @property
    def subject(self) -> str:
        """To what it is done: the rest of the name."""
        return self.span.name.removeprefix(self.verb).lstrip() if self.span else ""

    @property
    def outcome(self) -> str:
        """How the saga, a step or a compensation ended; of what serves them it would be said twice."""
        return outcome(self.span) if self.span and self.role is not Role.OTHER else ""

    @property
    def reason(self) -> str:
        return reason(self.span) if self.span else ""

    @property
    def duration(self) -> str:
        return formatting.duration(self.span.duration) if self.span else ""

    @property
    def left(self) -> float:
        return self.axis.percent(self.node.start)

    @property
    def width(self) -> float:
        return self.axis.width(self.span.duration) if self.span else 0

    @property
    def marks(self) -> Iterator[Mark]:
        for event in self.span.message.events if self.span else ():
            since = event.time_unix_nano - self.axis.start
            yield Mark(self.axis.percent(event.time_unix_nano), formatting.duration(max(since, 0)), event.name)


class Waterfall:
    """All of it, for a trace of at least one span."""

    def __init__(self, spans: Sequence[Span]) -> None:
        self.summary = Summary(spans)
        self.axis = Axis(self.summary.start, max(self.summary.duration, 1))
        self.colours = {service: number % COLOURS for number, service in enumerate(self.summary.services)}

    @cached_property
    def rows(self) -> list[Row]:
        nodes = list(walk(grow(self.summary.spans)))
        depths = [depth for _, depth in nodes] + [0]
        return [
            Row(
                node=node,
                depth=depth,
                closes=0 if node.children else depth - depths[place + 1],
                colour=self.colours[node.span.service] if node.span else 0,
                axis=self.axis,
            )
            for place, (node, depth) in enumerate(nodes)
        ]

    @property
    def story(self) -> list[Row]:
        """The saga's steps and compensations, in the order in which their commands were sent."""
        steps = (row for row in self.rows if row.role in {Role.STEP, Role.COMPENSATION})
        return sorted(steps, key=lambda row: row.node.start)

    @property
    def saga(self) -> Row | None:
        """The saga's own row; None where it is not here, as of one that has not ended."""
        return next((row for row in self.rows if row.role is Role.SAGA), None)
