"""From the spans of a trace to their tree, whatever is missing, doubled or knotted."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from infra.trace_sink.span import Span


@dataclass
class Node:
    """A span with its children; without a span it stands for a parent that is not here."""

    span_id: str
    span: Span | None
    children: list["Node"] = field(default_factory=list)

    @property
    def start(self) -> int:
        """A parent that is not here began, as far as one sees, with its first child."""
        return self.span.start if self.span else min(child.start for child in self.children)


def grow(spans: Iterable[Span]) -> list[Node]:
    """The roots, oldest first, and under each its children in the order of their start.

    Each span is there once. Spans whose parent is not here are the children of one node that has no span, and of
    spans that are each other's ancestors the earliest becomes a root.
    """
    ordered = {span.span_id: span for span in sorted(spans, key=lambda span: (span.start, -span.end))}
    nodes = {span_id: Node(span_id, span) for span_id, span in ordered.items()}
    rings = _rings(ordered)
    roots: dict[str, Node] = {}
    for span_id, span in ordered.items():
        if not span.parent_id or span_id in rings:
            roots[span_id] = nodes[span_id]
            continue
        if span.parent_id not in nodes:
            roots[span.parent_id] = nodes[span.parent_id] = Node(span.parent_id, None)
        nodes[span.parent_id].children.append(nodes[span_id])
    return sorted(roots.values(), key=lambda root: root.start)


def walk(roots: Sequence[Node]) -> Iterator[tuple[Node, int]]:
    """Every node with its depth, parents before their children; without recursion, as traces may be deep."""
    waiting = [(root, 0) for root in reversed(roots)]
    while waiting:
        node, depth = waiting.pop()
        yield node, depth
        waiting.extend((child, depth + 1) for child in reversed(node.children))


def _rings(spans: Mapping[str, Span]) -> set[str]:
    """Of each ring of ancestors the first span in their order."""
    found: set[str] = set()
    seen: set[str] = set()
    order = {span_id: place for place, span_id in enumerate(spans)}
    for span_id in spans:
        path: list[str] = []
        here = span_id
        while here in spans and here not in seen:
            seen.add(here)
            path.append(here)
            here = spans[here].parent_id
        if here in path:
            found.add(min(path[path.index(here) :], key=order.__getitem__))
    return found
