"""The service map: services at the sides, exchanges in the middle, and each message rate as a line between them.

Participants are on the left and the orchestrator is on the right. A queue is drawn beside its consumer. All
lengths are in the units of the drawing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from contracts.topology import PARTICIPANTS, SHOP
from counterstep.protocol.exchanges import COMMANDS, REPLIES
from counterstep.topology.topology import Queue, ServiceTopology

from console.overview.flow import Flow, handled, published
from console.overview.window import Window

_PUBLISHED: Final = {exchange for peer in SHOP.services.values() for exchange in peer.publishes}
_EVENTS: Final = sorted(_PUBLISHED - {COMMANDS, REPLIES})
_EXCHANGES: Final = (*_EVENTS, COMMANDS, REPLIES)

WIDTH: Final = 1120
HEIGHT: Final = max(400, 100 * len(PARTICIPANTS), 100 * len(_EXCHANGES))
MIDDLE: Final = {name: 52 + nth * (HEIGHT - 104) // (len(_EXCHANGES) - 1) for nth, name in enumerate(_EXCHANGES)}
"""Exchange → the y of its row."""

SERVICE: Final = (150, 84)
QUEUE: Final = (176, 30)
EXCHANGE: Final = (140, 48)
LEFT, LEFT_QUEUES, CENTER, RIGHT_QUEUES, RIGHT = 8, 190, 482, 730, 962

PACES: Final = (0.0, 1.0, 10.0, 100.0)
"""Messages per second from which a line is animated faster. A line without messages is not animated."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle: a service, an exchange or a queue; `label` is the text below its name."""

    kind: str
    name: str
    x: int
    y: int
    width: int
    height: int
    label: str
    alarming: bool = False

    @property
    def middle(self) -> tuple[int, int]:
        return self.x + self.width // 2, self.y + self.height // 2


@dataclass(frozen=True, slots=True)
class Line:
    """A flow: an SVG path in the direction of the messages, and the place of its rate."""

    flow: Flow
    path: str
    at: tuple[int, int]

    @property
    def pace(self) -> int:
        """The speed of the animation; 0 is none."""
        return sum((self.flow.rate or 0.0) > above for above in PACES)


@dataclass(frozen=True, slots=True)
class ServiceMap:
    """The whole map. The lines are drawn first, below the boxes."""

    lines: tuple[Line, ...]
    boxes: tuple[Box, ...]
    size: tuple[int, int] = (WIDTH, HEIGHT)


def service_map(window: Window) -> ServiceMap:
    """Lay out the map with the rates of this window."""
    publish_flows = {(flow.source, flow.target): flow for flow in published(window)}
    handled_flows = {flow.source: flow for flow in handled(window)}
    return ServiceMap(tuple(_lines(publish_flows, handled_flows)), tuple(_boxes(window)))


def _is_left(peer: ServiceTopology) -> bool:
    return COMMANDS not in peer.publishes


_LEFT: Final = [peer for peer in SHOP.services.values() if _is_left(peer)]
_RIGHT: Final = [peer for peer in SHOP.services.values() if not _is_left(peer)]
_ROWS: Final = {
    peer.name: HEIGHT * (2 * nth + 1) // (2 * len(side))
    for side in (_LEFT, _RIGHT)
    for nth, peer in enumerate(side)
}


def _boxes(window: Window) -> Iterator[Box]:
    depths = {queue.name: queue for queue in window.now.broker.queues} if window.now.broker else {}
    for peer in SHOP.services.values():
        width, height = SERVICE
        missing = window.missing.get(peer.name)
        x, y, tall = (LEFT, _ROWS[peer.name] - height // 2, height) if _is_left(peer) else (RIGHT, 12, HEIGHT - 24)
        yield Box("service", peer.name, x, y, width, tall, "not ready" if missing else "ready", bool(missing))
        for queue in peer.consumes:
            seen = depths.get(queue.name)
            label = f"{seen.ready + seen.unacked}" if seen else "?"
            waits = bool(seen and (seen.resting or seen.consumers == 0))
            yield _queue_box(peer, queue, label, alarming=waits)
    width, height = EXCHANGE
    for exchange, y in MIDDLE.items():
        yield Box("exchange", exchange, CENTER, y - height // 2, width, height, SHOP.exchanges[exchange])


def _queue_box(peer: ServiceTopology, queue: Queue, label: str, *, alarming: bool) -> Box:
    width, height = QUEUE
    x, y = (LEFT_QUEUES, _ROWS[peer.name]) if _is_left(peer) else (RIGHT_QUEUES, _row(queue))
    return Box("queue", queue.name, x, y - height // 2, width, height, label, alarming)


def _row(queue: Queue) -> int:
    """The y of a queue on the right: the middle of its exchanges."""
    return sum(MIDDLE[exchange] for exchange in queue.exchanges) // len(queue.exchanges)


def _lines(publish_flows: Mapping[tuple[str, str], Flow], handled_flows: Mapping[str, Flow]) -> Iterator[Line]:
    for peer in SHOP.services.values():
        yield from (
            _published_line(peer, exchange, publish_flows[peer.name, exchange])
            for exchange in sorted(peer.publishes)
        )
        for queue in peer.consumes:
            yield _handled_line(peer, queue, handled_flows[queue.name])


def _published_line(peer: ServiceTopology, exchange: str, flow: Flow) -> Line:
    """From a service to an exchange: past its queue, which lies in the middle of its row."""
    middle = MIDDLE[exchange]
    if not _is_left(peer):
        start, end = RIGHT, CENTER + EXCHANGE[0]
        return Line(flow, f"M{start} {middle}H{end}", ((start + end) // 2, middle - 6))
    above = exchange in _EVENTS
    offset_y = _ROWS[peer.name] + (-28 if above else 28)
    turn = LEFT_QUEUES + QUEUE[0]
    path = (
        f"M{LEFT + SERVICE[0]} {offset_y}H{turn}C{turn + 70} {offset_y} {CENTER - 70} {middle} {CENTER} {middle}"
    )
    return Line(flow, path, (turn - QUEUE[0] // 2, offset_y - 6 if above else offset_y + 15))


def _handled_line(peer: ServiceTopology, queue: Queue, flow: Flow) -> Line:
    """From each exchange of a queue through the queue to its service."""
    if not _is_left(peer):
        row, start = _row(queue), CENTER + EXCHANGE[0]
        path = " ".join(_to_the_right(start, MIDDLE[exchange], row) for exchange in queue.exchanges)
        return Line(flow, path, ((start + RIGHT_QUEUES) // 2, row - 6))
    row, end = _ROWS[peer.name], LEFT_QUEUES + QUEUE[0]
    path = " ".join(
        f"M{CENTER} {MIDDLE[exchange]}C{CENTER - 60} {MIDDLE[exchange]} {end + 60} {row} {end} {row}"
        f"H{LEFT + SERVICE[0]}"
        for exchange in queue.exchanges
    )
    return Line(flow, path, (end + 34, row - 6))


def _to_the_right(start: int, middle: int, row: int) -> str:
    turn = start + (RIGHT_QUEUES - start) // 2
    bend = "" if middle == row else f"C{turn} {middle} {turn} {row} {RIGHT_QUEUES} {row}"
    return f"M{start} {middle}{bend}H{RIGHT}"
