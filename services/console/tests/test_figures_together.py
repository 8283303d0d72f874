"""The figures of a service with several processes: what each counts is added, what they share counts once."""

from collections.abc import Mapping

from console.overview.figures import Figures
from console.overview.window import Snapshot, Window

COUNTER = "http_server_request_duration_seconds_count"


def process(requests: int) -> Figures:
    lines = {f'{COUNTER}{{method="GET"}}': requests, "outbox_messages": 7, "database_up": 1}
    return Figures.of("".join(f"{name} {value}\n" for name, value in lines.items()))


def window(before: Mapping[str, Figures], now: Mapping[str, Figures]) -> Window:
    first, last = (
        Snapshot(at, {"payment": Figures.together(each)}, None, {}) for at, each in ((0.0, before), (10.0, now))
    )
    return Window(first, last, missing={})


def test_what_each_process_counts_is_added_and_what_they_share_counts_once() -> None:
    both = Figures.together({"payment": process(30), "payment-2": process(12)})
    assert both.total(COUNTER) == 42
    assert both.by("method", COUNTER) == {"GET": 42}
    assert (both.total("outbox_messages"), both.total("database_up")) == (7, 1)


def test_a_rate_is_the_sum_of_what_the_processes_have_grown() -> None:
    found = window(
        {"payment": process(100), "payment-2": process(1000)},
        {"payment": process(120), "payment-2": process(1010)},
    )
    assert found.rate("payment", COUNTER) == 3.0


def test_a_process_that_comes_or_goes_is_no_leap() -> None:
    one, two = {"payment": process(100)}, {"payment": process(110), "payment-2": process(5000)}
    assert window(one, two).rate("payment", COUNTER) == 1.0
    assert window(two, {"payment": process(130)}).rate("payment", COUNTER) == 2.0


def test_a_process_that_started_again_counts_from_zero() -> None:
    found = window(
        {"payment": process(100), "payment-2": process(1000)}, {"payment": process(100), "payment-2": process(20)}
    )
    assert found.rate("payment", COUNTER) == 2.0


def test_a_first_process_that_is_away_leaves_what_the_others_show() -> None:
    assert Figures.together({"payment-2": process(12)}).total("outbox_messages") == 7
