"""Swim lanes as a drawing: the place and size of each element, in pixels."""

from dataclasses import dataclass
from typing import Final

from console.sagas.swim_lanes import ORCHESTRATOR, Bar, Milestone, SwimLanes

GUTTER: Final = 112
"""The width of the column with the lanes' names."""
COLUMN: Final = 150
ROW: Final = 46
PADDING: Final = 10
HEAD: Final = 26
GAP: Final = 6


@dataclass(frozen=True)
class Lane:
    """The horizontal band of one service."""

    service: str
    y: int
    height: int

    @property
    def middle(self) -> int:
        return self.y + self.height // 2


@dataclass(frozen=True)
class Box:
    """A bar (a command that was sent) and where it is drawn."""

    bar: Bar
    x: int
    y: int
    width: int
    height: int = ROW - GAP


@dataclass(frozen=True)
class PlacedMilestone:
    """A mark (an event of the whole saga) and where it is drawn."""

    milestone: Milestone
    x: int
    y: int


@dataclass(frozen=True)
class Drawing:
    """The whole drawing. A tick is the x of a moment, with the seconds since the saga began."""

    width: int
    height: int
    lanes: tuple[Lane, ...]
    ticks: tuple[tuple[int, float], ...]
    boxes: tuple[Box, ...]
    milestones: tuple[PlacedMilestone, ...]


def draw(chart: SwimLanes) -> Drawing:
    """Place every element. Bars of one lane that overlap in time are drawn below one another."""
    tracks = {bar: _track(bar, chart.bars) for bar in chart.bars}
    lanes_by_service: dict[str, Lane] = {}
    y = HEAD
    for service in chart.services:
        rows = 1 + max((track for bar, track in tracks.items() if bar.service == service), default=0)
        lanes_by_service[service] = Lane(service, y, rows * ROW + PADDING)
        y += lanes_by_service[service].height
    columns = max(len(chart.moments), 1) if any(bar.end is None for bar in chart.bars) else len(chart.moments) - 1
    return Drawing(
        width=GUTTER + max(columns, 1) * COLUMN + 30,
        height=y,
        lanes=tuple(lanes_by_service.values()),
        ticks=tuple((_x(moment), seconds) for moment, seconds in enumerate(chart.moments)),
        boxes=tuple(
            _box(bar, lanes_by_service[bar.service], tracks[bar], len(chart.moments)) for bar in chart.bars
        ),
        milestones=tuple(
            PlacedMilestone(milestone, _x(milestone.moment), lanes_by_service[ORCHESTRATOR].middle)
            for milestone in chart.milestones
        ),
    )


def _box(bar: Bar, lane: Lane, track: int, moments: int) -> Box:
    end = moments if bar.end is None else bar.end
    y = lane.y + PADDING // 2 + GAP // 2 + track * ROW
    return Box(bar, _x(bar.begin) + 3, y, max(end - bar.begin, 1) * COLUMN - 6)


def _track(bar: Bar, bars: tuple[Bar, ...]) -> int:
    """The row of a bar within its lane: how many earlier bars of the lane have not ended where it begins."""
    earlier = (other for other in bars if other.service == bar.service and other.row < bar.row)
    return sum(other.end is None or other.end > bar.begin for other in earlier)


def _x(moment: int) -> int:
    return GUTTER + moment * COLUMN
