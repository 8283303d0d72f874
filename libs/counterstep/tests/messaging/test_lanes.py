"""What is ready for one address is taken in packs, in its order, and not too much of it at once."""

from uuid import UUID

from counterstep.messaging.outbox.lanes import Lane, Lanes, Packing, Ready

HERE, THERE = ("commands", "here"), ("commands", "there")


def ready(nth: int, *, size: int = 2, alone: bool = False) -> Ready:
    return Ready(UUID(int=nth), size, alone)


def taken(lanes: Lanes, lane: Lane) -> list[list[int]]:
    """All packs that may be sent now."""
    packs = []
    while lanes.may_send(lane):
        packs.append([each.int for each in lanes.take(lane)])
    return packs


def lane_of(lanes: Lanes, *messages: Ready) -> Lane:
    """The lane of these messages to one address."""
    [lane] = {id(lane): lane for lane in (lanes.add(HERE, each) for each in messages)}.values()
    return lane


def test_a_pack_has_at_most_so_many_messages() -> None:
    lanes = Lanes(Packing(messages=2, bytes=1_000, on_their_way=9))
    assert taken(lanes, lane_of(lanes, *map(ready, range(5)))) == [[0, 1], [2, 3], [4]]


def test_a_pack_has_at_most_so_many_bytes_and_a_message_that_has_more_goes_alone() -> None:
    lanes = Lanes(Packing(messages=9, bytes=10, on_their_way=9))
    lane = lane_of(lanes, ready(0), ready(1, size=8), ready(2), ready(3, size=99), ready(4))
    assert taken(lanes, lane) == [[0, 1], [2], [3], [4]]


def test_what_must_go_alone_goes_alone() -> None:
    lanes = Lanes(Packing(messages=9, bytes=1_000, on_their_way=9))
    assert taken(lanes, lane_of(lanes, ready(0), ready(1, alone=True), ready(2), ready(3))) == [[0], [1], [2, 3]]


def test_while_so_many_packs_are_on_their_way_the_next_one_gathers() -> None:
    lanes = Lanes(Packing(messages=9, bytes=1_000, on_their_way=1))
    lane = lane_of(lanes, ready(0))
    assert taken(lanes, lane) == [[0]]
    lane_of(lanes, ready(1), ready(2))
    assert taken(lanes, lane) == []
    lanes.arrived(lane)
    assert taken(lanes, lane) == [[1, 2]]


def test_each_address_has_its_own_lane_for_as_long_as_something_is_on_its_way() -> None:
    lanes = Lanes(Packing.of(1))
    here, there = lanes.add(HERE, ready(0)), lanes.add(THERE, ready(1))
    assert here is not there
    assert lanes.add(HERE, ready(2)) is here
    assert taken(lanes, here) == [[0], [2]]
    lanes.arrived(here)
    assert lanes.add(HERE, ready(3)) is here
    assert taken(lanes, here) == [[3]]
    lanes.arrived(here)
    lanes.arrived(here)
    assert lanes.add(HERE, ready(4)) is not here
