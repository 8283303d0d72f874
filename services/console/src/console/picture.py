"""Swim lanes as a drawing: where each thing stands, in pixels."""

from dataclasses import dataclass
from typing import Final

from console.lanes import ORCHESTRATOR, Bar, Lanes, Mark

GUTTER: Final = 112
"""For the lanes' names."""
COLUMN: Final = 150
ROW: Final = 46
PADDING: Final = 10
HEAD: Final = 26
GAP: Final = 6


@dataclass(frozen=True)
class Lane:
    service: str
    y: int
    height: int

    @property
    def middle(self) -> int:
        return self.y + self.height // 2


@dataclass(frozen=True)
class Box:
    """A bar and its place."""

    bar: Bar
    x: int
    y: int
    width: int
    height: int = ROW - GAP


@dataclass(frozen=True)
class Sign:
    """A mark and its place."""

    mark: Mark
    x: int
    y: int


@dataclass(frozen=True)
class Picture:
    """All of it."""

    width: int
    height: int
    lanes: tuple[Lane, ...]
    ticks: tuple[tuple[int, float], ...]
    boxes: tuple[Box, ...]
    signs: tuple[Sign, ...]


def picture(drawn: Lanes) -> Picture:
    """Place everything: bars that overlap within a lane stand below one another."""
    tracks = {bar: _track(bar, drawn.bars) for bar in drawn.bars}
    placed: dict[str, Lane] = {}
    y = HEAD
    for service in drawn.services:
        rows = 1 + max((track for bar, track in tracks.items() if bar.service == service), default=0)
        placed[service] = Lane(service, y, rows * ROW + PADDING)
        y += placed[service].height
    columns = max(len(drawn.moments), 1) if any(bar.end is None for bar in drawn.bars) else len(drawn.moments) - 1
    return Picture(
        width=GUTTER + max(columns, 1) * COLUMN + 30,
        height=y,
        lanes=tuple(placed.values()),
        ticks=tuple((_x(moment), seconds) for moment, seconds in enumerate(drawn.moments)),
        boxes=tuple(_box(bar, placed[bar.service], tracks[bar], len(drawn.moments)) for bar in drawn.bars),
        signs=tuple(Sign(mark, _x(mark.moment), placed[ORCHESTRATOR].middle) for mark in drawn.marks),
    )


def _box(bar: Bar, lane: Lane, track: int, moments: int) -> Box:
    end = moments if bar.end is None else bar.end
    y = lane.y + PADDING // 2 + GAP // 2 + track * ROW
    return Box(bar, _x(bar.begin) + 3, y, max(end - bar.begin, 1) * COLUMN - 6)


def _track(bar: Bar, bars: tuple[Bar, ...]) -> int:
    """How many of the earlier bars of its lane still run where it begins."""
    earlier = (other for other in bars if other.service == bar.service and other.row < bar.row)
    return sum(other.end is None or other.end > bar.begin for other in earlier)


def _x(moment: int) -> int:
    return GUTTER + moment * COLUMN
