"""Lanes become a drawing in which nothing lies upon another."""

from itertools import combinations

from console.lanes import lanes
from console.picture import Box, picture
from runs_told import REFUSED, RETRIED, Row, run

TOGETHER: list[Row] = [
    ("started", "book", "forward", 1, None),
    ("asked", "room", "forward", 1, "hotel.book_room"),
    ("asked", "table", "forward", 1, "hotel.book_table"),
    ("succeeded", "table", "forward", 1, None),
    ("succeeded", "room", "forward", 1, None),
]


def boxes(rows: list[Row]) -> tuple[Box, ...]:
    return picture(lanes(run(rows), begun_by="order")).boxes


def overlap(one: Box, other: Box) -> bool:
    beside = one.x + one.width <= other.x or other.x + other.width <= one.x
    below = one.y + one.height <= other.y or other.y + other.height <= one.y
    return not (beside or below)


def test_bars_do_not_overlap() -> None:
    for rows in (REFUSED, RETRIED, TOGETHER):
        assert not [pair for pair in combinations(boxes(rows), 2) if overlap(*pair)]


def test_every_bar_stands_within_its_own_lane_and_within_the_drawing() -> None:
    for rows in (REFUSED, RETRIED, TOGETHER):
        drawn = picture(lanes(run(rows), begun_by="order"))
        placed = {lane.service: lane for lane in drawn.lanes}
        for box in drawn.boxes:
            lane = placed[box.bar.service]
            assert lane.y <= box.y < box.y + box.height <= lane.y + lane.height
            assert box.x + box.width <= drawn.width


def test_what_is_still_awaited_reaches_beyond_the_last_moment() -> None:
    drawn = picture(lanes(run(RETRIED), begun_by="order"))
    assert drawn.boxes[-1].x + drawn.boxes[-1].width > drawn.ticks[-1][0]
