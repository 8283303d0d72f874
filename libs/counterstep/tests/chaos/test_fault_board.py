"""What is on, and until when: of all words said, in whatever order they were heard."""

from datetime import UTC, datetime, timedelta

import pytest
from counterstep.chaos.board import NONE, FaultBoard
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


def word(faults: Faults, *services: str, at: int = 0, seconds: int = 60, seed: int = 0) -> SwitchFaults:
    said_at = BEGAN + timedelta(seconds=at)
    return SwitchFaults(
        services=services or ("hotel",),
        faults=faults,
        switched_at=said_at,
        ends_at=said_at + timedelta(seconds=seconds),
        seed=seed,
        by="grace",
        reason="to see it",
    )


def heard(*words: SwitchFaults) -> FaultBoard:
    board = FaultBoard(Clock())
    for each in words:
        board.hear(each)
    return board


WORDS = st.builds(
    word,
    st.sampled_from([NONE, REFUSING, SILENT]),
    st.sampled_from(sorted(TRAVEL.services)),
    at=st.integers(0, 3),
)


def test_a_fault_is_on_for_the_services_that_it_names_and_for_no_other() -> None:
    board = heard(word(REFUSING, "hotel", "flight"))
    assert (board.of("hotel"), board.of("flight"), board.of("trip")) == (REFUSING, REFUSING, NONE)
    assert board.on().keys() == {"hotel", "flight"}


def test_a_fault_ends_by_itself() -> None:
    clock = Clock()
    board = FaultBoard(clock)
    board.hear(word(REFUSING, seconds=60))
    clock.now += timedelta(seconds=59)
    assert (board.of("hotel"), board.left("hotel")) == (REFUSING, timedelta(seconds=1))
    clock.now += timedelta(seconds=1)
    assert (board.of("hotel"), board.on(), board.words()) == (NONE, {}, [])


def test_no_fault_stays_on_for_longer_than_the_longest() -> None:
    with pytest.raises(ValidationError, match="ends by itself"):
        word(REFUSING, seconds=round(LONGEST.total_seconds()) + 1)


def test_the_last_word_counts_though_an_earlier_one_comes_later() -> None:
    assert heard(word(NONE, at=2), word(REFUSING, at=1)).of("hotel") == NONE


def test_what_was_heard_before_is_no_news() -> None:
    board = heard(word(REFUSING, at=1))
    assert not board.hear(word(REFUSING, at=1))
    assert not board.hear(word(SILENT, at=0))
    assert board.hear(word(SILENT, at=2))


def test_who_has_missed_everything_is_also_told_what_was_switched_off() -> None:
    on, off = word(REFUSING), word(NONE, at=1)
    late = heard(on)
    for said in heard(on, off).words():
        late.hear(said)
    assert late.of("hotel") == NONE


@given(st.lists(WORDS, max_size=6).flatmap(lambda said: st.tuples(st.just(said), st.permutations(said))))
def test_whoever_has_heard_the_same_words_knows_the_same(
    both: tuple[list[SwitchFaults], list[SwitchFaults]],
) -> None:
    said, shuffled = both
    assert heard(*said).on() == heard(*shuffled, *said).on()


def test_a_share_falls_on_about_so_many_and_on_the_same_ones_each_time() -> None:
    board, again, other = (heard(word(Faults(refuses=0.3), seed=seed)) for seed in (1, 1, 2))
    fallen = [board.falls_on("hotel", 0.3, nth, "book_hotel") for nth in range(1_000)]
    assert 250 < sum(fallen) < 350
    assert fallen == [again.falls_on("hotel", 0.3, nth, "book_hotel") for nth in range(1_000)]
    assert fallen != [other.falls_on("hotel", 0.3, nth, "book_hotel") for nth in range(1_000)]


@pytest.mark.parametrize(("share", "falls"), [(0, False), (1, True)])
def test_no_share_falls_on_none_and_a_whole_one_on_all(share: float, *, falls: bool) -> None:
    board = heard(word(REFUSING))
    assert {board.falls_on("hotel", share, nth) for nth in range(100)} == {falls}
