"""Which faults are on, and until when, in whatever order the messages arrive."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from counterstep.chaos.board import NONE, SKEW, CrowdedError, FaultBoard, FutureDatedError
from counterstep.protocol.control import LONGEST, Faults, SwitchFaults
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from travel.topology import TRAVEL

BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
REFUSING = Faults(refuses=1)
SILENT = Faults(silent=True)


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = BEGAN

    def __call__(self) -> datetime:
        return self.now


def switching(faults: Faults, *services: str, at: int = 0, seconds: int = 60, seed: int = 0) -> SwitchFaults:
    switched_at = BEGAN + timedelta(seconds=at)
    return SwitchFaults(
        services=services or ("hotel",),
        faults=faults,
        switched_at=switched_at,
        ends_at=switched_at + timedelta(seconds=seconds),
        seed=seed,
        by="grace",
        reason="to see it",
    )


def board_after(*messages: SwitchFaults) -> FaultBoard:
    board = FaultBoard(Clock(), TRAVEL.services)
    for message in messages:
        board.apply(message)
    return board


MESSAGES = st.builds(
    switching,
    st.sampled_from([NONE, REFUSING, SILENT]),
    st.sampled_from(sorted(TRAVEL.services)),
    at=st.integers(0, 3),
)


def test_a_fault_is_on_for_the_services_that_it_names_and_for_no_other() -> None:
    board = board_after(switching(REFUSING, "hotel", "flight"))
    assert (board.of("hotel"), board.of("flight"), board.of("trip")) == (REFUSING, REFUSING, NONE)
    assert board.on().keys() == {"hotel", "flight"}


def test_a_fault_ends_by_itself() -> None:
    clock = Clock()
    board = FaultBoard(clock, TRAVEL.services)
    board.apply(switching(REFUSING, seconds=60))
    clock.now += timedelta(seconds=59)
    assert (board.of("hotel"), board.left("hotel")) == (REFUSING, timedelta(seconds=1))
    clock.now += timedelta(seconds=1)
    assert (board.of("hotel"), board.on(), board.current()) == (NONE, {}, [])


def test_no_fault_stays_on_for_longer_than_the_longest() -> None:
    with pytest.raises(ValidationError, match="ends by itself"):
        switching(REFUSING, seconds=round(LONGEST.total_seconds()) + 1)


def test_the_latest_message_counts_even_if_an_earlier_one_arrives_after_it() -> None:
    assert board_after(switching(NONE, at=2), switching(REFUSING, at=1)).of("hotel") == NONE


def test_a_message_of_the_future_is_refused() -> None:
    board = FaultBoard(Clock(), TRAVEL.services)
    with pytest.raises(FutureDatedError, match="2099"):
        board.apply(switching(REFUSING).model_copy(update={"switched_at": datetime(2099, 1, 1, tzinfo=UTC)}))
    assert board.of("hotel") == NONE


def test_no_flood_of_names_fills_the_memory_or_crowds_out_a_service_that_is_known() -> None:
    strangers = [f"{a}{b}_new" for a, b in product("abcdefghij", repeat=2)]
    board = board_after(switching(SILENT, *strangers[:50]), switching(SILENT, *strangers[50:]))
    with pytest.raises(CrowdedError, match="101 services are unknown here"):
        board.apply(switching(REFUSING, "one_more"))
    board.apply(switching(REFUSING, "hotel"))
    board.apply(switching(NONE, strangers[0], at=1))
    assert board.on().keys() == {"hotel", *strangers[1:]}


def test_switching_off_ends_what_a_clock_that_is_ahead_has_switched_on() -> None:
    board = board_after(on := switching(REFUSING, at=round(SKEW.total_seconds())))
    assert board.of("hotel") == REFUSING
    board.apply(switching(NONE).model_copy(update={"switched_at": (now := board.moment()), "ends_at": now}))
    assert now > on.switched_at
    assert board.of("hotel") == NONE


def test_what_can_no_longer_count_is_forgotten() -> None:
    clock = Clock()
    board = FaultBoard(clock, TRAVEL.services)
    board.apply(switching(REFUSING))
    clock.now += LONGEST
    board.apply(switching(REFUSING, "flight", at=round(LONGEST.total_seconds())))
    assert board.moment() > clock.now
    assert [message.services for message in board.current()] == [("flight",)]


def test_a_message_that_changes_nothing_is_reported_as_no_news() -> None:
    board = board_after(switching(REFUSING, at=1))
    assert not board.apply(switching(REFUSING, at=1))
    assert not board.apply(switching(SILENT, at=0))
    assert board.apply(switching(SILENT, at=2))


def test_a_late_process_also_learns_which_faults_were_switched_off() -> None:
    on, off = switching(REFUSING), switching(NONE, at=1)
    late = board_after(on)
    for message in board_after(on, off).current():
        late.apply(message)
    assert late.of("hotel") == NONE


@given(st.lists(MESSAGES, max_size=6).flatmap(lambda sent: st.tuples(st.just(sent), st.permutations(sent))))
def test_processes_that_received_the_same_messages_know_the_same_faults(
    both: tuple[list[SwitchFaults], list[SwitchFaults]],
) -> None:
    sent, shuffled = both
    assert board_after(*sent).on() == board_after(*shuffled, *sent).on()


def test_a_share_hits_about_that_part_of_the_messages_and_the_same_ones_each_time() -> None:
    board, again, other = (board_after(switching(Faults(refuses=0.3), seed=seed)) for seed in (1, 1, 2))
    fallen = [board.falls_on("hotel", 0.3, nth, "book_hotel") for nth in range(1_000)]
    assert 250 < sum(fallen) < 350
    assert fallen == [again.falls_on("hotel", 0.3, nth, "book_hotel") for nth in range(1_000)]
    assert fallen != [other.falls_on("hotel", 0.3, nth, "book_hotel") for nth in range(1_000)]


@pytest.mark.parametrize(("share", "falls"), [(0, False), (1, True)])
def test_a_share_of_zero_hits_no_message_and_a_share_of_one_hits_all(share: float, *, falls: bool) -> None:
    board = board_after(switching(REFUSING))
    assert {board.falls_on("hotel", share, nth) for nth in range(100)} == {falls}
