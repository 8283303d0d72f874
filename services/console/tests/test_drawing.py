"""Swim lanes become a drawing without overlaps."""

from itertools import combinations

from console.sagas.drawing import Box, draw
from console.sagas.swim_lanes import swim_lanes
from saga_details import REFUSED, RETRIED, Row, saga_detail

PARALLEL: list[Row] = [
    ("started", "book", "forward", 1, None),
    ("asked", "room", "forward", 1, "hotel.book_room"),
    ("asked", "table", "forward", 1, "hotel.book_table"),
    ("succeeded", "table", "forward", 1, None),
    ("succeeded", "room", "forward", 1, None),
]


def boxes(rows: list[Row]) -> tuple[Box, ...]:
    return draw(swim_lanes(saga_detail(rows), started_by="order")).boxes


def overlap(one: Box, other: Box) -> bool:
    beside = one.x + one.width <= other.x or other.x + other.width <= one.x
    below = one.y + one.height <= other.y or other.y + other.height <= one.y
    return not (beside or below)


def test_bars_do_not_overlap() -> None:
    for rows in (REFUSED, RETRIED, PARALLEL):
        assert not [pair for pair in combinations(boxes(rows), 2) if overlap(*pair)]


def test_every_bar_is_within_its_own_lane_and_within_the_drawing() -> None:
    for rows in (REFUSED, RETRIED, PARALLEL):
        drawn = draw(swim_lanes(saga_detail(rows), started_by="order"))
        placed = {lane.service: lane for lane in drawn.lanes}
        for box in drawn.boxes:
            lane = placed[box.bar.service]
            assert lane.y <= box.y < box.y + box.height <= lane.y + lane.height
            assert box.x + box.width <= drawn.width


def test_a_pending_command_reaches_beyond_the_last_moment() -> None:
    drawn = draw(swim_lanes(saga_detail(RETRIED), started_by="order"))
    assert drawn.boxes[-1].x + drawn.boxes[-1].width > drawn.ticks[-1][0]
