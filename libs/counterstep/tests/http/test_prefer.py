"""What of the header `Prefer` is understood (RFC 7240)."""

import pytest
from counterstep.http.waiting.prefer import LONGEST_WAIT_SECONDS, wait_seconds
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        (["wait=10"], 10),
        (["WAIT = 10"], 10),
        (['wait="10"'], 10),
        (["wait=10; x=y"], 10),
        (["respond-async, wait=10"], 10),
        (["respond-async", "wait=10"], 10),
        (['note="a, wait=9", wait=10'], 10),
    ],
)
def test_a_client_says_for_how_long_it_waits(headers: list[str], seconds: int) -> None:
    assert wait_seconds(headers) == seconds


@pytest.mark.parametrize(
    "header", ["", "wait", "wait=", "wait=-1", "wait=1.5", "wait=soon", "await=10", "wait=10s"]
)
def test_what_is_not_understood_is_ignored(header: str) -> None:
    assert wait_seconds([header]) == 0


def test_of_two_waits_the_first_counts() -> None:
    assert wait_seconds(["wait=3, wait=5"]) == wait_seconds(["wait=3", "wait=5"]) == 3


def test_nobody_waits_longer_than_the_longest_wait() -> None:
    assert wait_seconds(["wait=86400"]) == LONGEST_WAIT_SECONDS


@given(st.lists(st.text()))
def test_any_text_gives_a_number_within_the_bounds(headers: list[str]) -> None:
    assert 0 <= wait_seconds(headers) <= LONGEST_WAIT_SECONDS
