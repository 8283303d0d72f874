"""The entries of several parts, filtered, in the order of time."""

from pathlib import Path

import pytest
from infra.logs import Search, Wanted, matching_lines

SAGA = "01a20fff-b0aa-73a8-a54e-70311cb2efb4"
ORDER = (
    "2026-11-29T12:00:01Z [info     ] accepted\n"
    f"2026-11-29T12:00:04Z [error    ] no answer saga_id={SAGA}\n"
    "Traceback (most recent call last):\n"
    "TimeoutError: payment\n"
    "2026-11-29T12:00:05Z [info     ] ready\n"
)
PAYMENT = f"2026-11-29 12:00:02,5 [warning] <1> Slow saga_id={SAGA}\nWARNING:  without a moment\n"


@pytest.fixture
def logs(tmp_path: Path) -> dict[str, Path]:
    found = {"order": tmp_path / "order.log", "payment": tmp_path / "payment.log"}
    found["order"].write_text(ORDER)
    found["payment"].write_text(PAYMENT)
    return {**found, "traces": tmp_path / "never-written.log"}


def found(logs: dict[str, Path], wanted: Wanted, most: int = 100) -> list[str]:
    lines = Search(logs, wanted, most).read()
    return [f"{line.part} {line.entry.text.splitlines()[0].partition('] ')[2][:9]}".strip() for line in lines]


def test_the_entries_of_all_parts_are_in_the_order_of_time(logs: dict[str, Path]) -> None:
    everything = ["order accepted", "payment <1> Slow", "payment", "order no answer", "order ready"]
    assert found(logs, Wanted()) == everything
    assert found(logs, Wanted(), most=2) == everything[-2:]


@pytest.mark.parametrize(
    ("wanted", "which"),
    [
        (Wanted(ids=("another", SAGA)), ["payment <1> Slow", "order no answer"]),
        (Wanted(text="TIMEOUTERROR"), ["order no answer"]),
        (Wanted(level="warning"), ["payment <1> Slow", "payment", "order no answer"]),
        (Wanted(level="error"), ["order no answer"]),
        (Wanted(ids=(SAGA,), text="slow", level="error"), []),
    ],
)
def test_a_filter_chooses_whole_entries(logs: dict[str, Path], wanted: Wanted, which: list[str]) -> None:
    assert found(logs, wanted) == which


def test_the_next_look_finds_only_what_is_new(logs: dict[str, Path]) -> None:
    search = Search(logs, Wanted(level="error"), 100)
    assert len(search.read()) == 1
    with logs["payment"].open("a") as log:
        log.write("2026-11-29T12:00:09Z [info     ] fine\n2026-11-29T12:00:09Z [error    ] gone\n")
    assert [line.entry.text[-4:] for line in search.read()] == ["gone"]
    assert search.read() == []


def test_lines_of_containers_are_filtered_with_what_belongs_to_them() -> None:
    lines = [f"order-1    | {line}" for line in ORDER.splitlines()]
    between = [*lines[:3], "payment-1  |   a line of another container", *lines[3:]]
    assert list(matching_lines(between, Wanted(ids=(SAGA,)))) == lines[1:4]
