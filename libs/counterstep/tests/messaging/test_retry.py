"""The delays between tries, then the dead letter; and the reason that is kept."""

import pytest
from counterstep.messaging.consumer.retry import LONGEST_REASON, delay_after, reason_of
from counterstep.messaging.consumer.suspects import KillerError
from counterstep.messaging.wire.errors import PoisonError, UndecodableError
from hypothesis import given
from hypothesis import strategies as st

ANY_TEXT = st.text(st.characters(exclude_categories=()))  # surrogates too


def test_a_failed_message_waits_longer_each_time_and_then_is_a_dead_letter() -> None:
    assert [delay_after(failures, RuntimeError("boom")) for failures in range(1, 6)] == [1, 5, 30, None, None]


@pytest.mark.parametrize("error", [UndecodableError("no such type"), KillerError(2)])
def test_a_message_that_no_try_can_handle_is_a_dead_letter_at_once(error: PoisonError) -> None:
    assert delay_after(1, error) is None
    assert reason_of(error) == str(error)


def test_the_reason_ends_with_the_exception() -> None:
    assert reason_of(RuntimeError("x" * 10_000 + " boom")).endswith("x boom\n")


@given(ANY_TEXT, st.sampled_from([1, 700, 5_000]))
def test_the_reason_is_bounded_in_bytes_and_postgresql_can_store_it(text: str, times: int) -> None:
    for error in (RuntimeError(text * times), UndecodableError(text * times)):
        reason = reason_of(error)
        assert "\0" not in reason
        assert len(reason.encode()) <= LONGEST_REASON


def test_the_signs_for_nul_count_with_their_three_bytes() -> None:
    assert len(reason_of(UndecodableError("\0" * LONGEST_REASON)).encode()) <= LONGEST_REASON
