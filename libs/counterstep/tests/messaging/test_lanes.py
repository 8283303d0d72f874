"""What is ready for one address is taken in packs, in its order, and not too much of it at once."""

from uuid import uuid4

from counterstep.messaging.outbox.lanes import Lane, Lanes, Packing
from counterstep.messaging.outbox.table import Stored
from counterstep.messaging.wire.envelope import Envelope


def row(position: int, *, key: str = "k", body: bytes = b"{}") -> Stored:
    return Stored(position, Envelope(saga_id=uuid4(), type="t", exchange="x", routing_key=key, body=body))


def taken(lanes: Lanes, lane: Lane) -> list[list[int]]:
    """All packs that may be sent now."""
    packs = []
    while lanes.may_send(lane):
        packs.append([each.position for each in lanes.take(lane)])
    return packs


def lane_of(lanes: Lanes, *rows: Stored) -> Lane:
    """The lane of these rows, which have one address."""
    [lane] = {id(lane): lane for lane in map(lanes.add, rows)}.values()
    return lane


def test_a_pack_has_at_most_so_many_messages() -> None:
    lanes = Lanes(Packing(messages=2, bytes=1_000, on_their_way=9))
    assert taken(lanes, lane_of(lanes, *map(row, range(5)))) == [[0, 1], [2, 3], [4]]


def test_a_pack_has_at_most_so_many_bytes_and_a_message_that_has_more_goes_alone() -> None:
    lanes = Lanes(Packing(messages=9, bytes=10, on_their_way=9))
    lane = lane_of(lanes, row(0), row(1, body=b"x" * 8), row(2), row(3, body=b"x" * 99), row(4))
    assert taken(lanes, lane) == [[0, 1], [2], [3], [4]]


def test_a_body_of_several_lines_goes_alone() -> None:
    lanes = Lanes(Packing(messages=9, bytes=1_000, on_their_way=9))
    assert taken(lanes, lane_of(lanes, row(0), row(1, body=b"{\n}"), row(2), row(3))) == [[0], [1], [2, 3]]


def test_while_so_many_packs_are_on_their_way_the_next_one_gathers() -> None:
    lanes = Lanes(Packing(messages=9, bytes=1_000, on_their_way=1))
    lane = lane_of(lanes, row(0))
    assert taken(lanes, lane) == [[0]]
    lane_of(lanes, row(1), row(2))
    assert taken(lanes, lane) == []
    lanes.arrived(lane)
    assert taken(lanes, lane) == [[1, 2]]


def test_each_address_has_its_own_lane_for_as_long_as_something_is_on_its_way() -> None:
    lanes = Lanes(Packing.of(1))
    here, there = lanes.add(row(0)), lanes.add(row(1, key="other"))
    assert here is not there
    assert lanes.add(row(2)) is here
    assert taken(lanes, here) == [[0], [2]]
    lanes.arrived(here)
    assert lanes.add(row(3)) is here
    assert taken(lanes, here) == [[3]]
    lanes.arrived(here)
    lanes.arrived(here)
    assert lanes.add(row(4)) is not here
