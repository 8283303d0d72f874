"""Entries of the formats that our parts write."""

import json

import pytest
from infra.logs.entry import MOST_CHARACTERS, MOST_LINES, Entry, entries

SAGA = "01a20fff-b0aa-73a8-a54e-70311cb2efb4"
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
OURS = f"2026-11-29T12:40:49.611843Z [warning  ] set aside [counterstep.messaging] saga_id={SAGA} trace_id={TRACE}"
JSON = json.dumps(
    {"event": "set aside", "level": "error", "timestamp": "2026-11-29T12:40:49.611843Z", "saga_id": SAGA}
)
BROKER = "2026-11-29 12:40:06.116853+00:00 [info] <0.223.0> Feature flags: [ ] user_limits"
DATABASE = "2026-11-29 12:40:06.170 UTC [24752] FATAL:  terminating connection"
UVICORN = "WARNING:  Invalid HTTP request received."


@pytest.mark.parametrize(
    ("written", "level", "at"),
    [
        (OURS, "warning", "12:40:49.611843"),
        (JSON, "error", "12:40:49.611843"),
        (BROKER, "info", "12:40:06.116853"),
        (DATABASE, "error", "12:40:06.170000"),
        ("2026-11-29T14:40:06+02:00 [debug    ] waiting", "debug", "12:40:06"),
        (UVICORN, "warning", None),
        ("Traceback (most recent call last):\n  File x", "error", None),
        ("2026-13-29 12:40:06.170 UTC [1] LOG:  a month that there is not", "info", None),
        ("2026-11-29T12:40:49Z [info     ] it wrote [error] and ERROR: x", "info", "12:40:49"),
    ],
)
def test_an_entry_has_the_level_and_the_moment_that_its_program_wrote(
    written: str, level: str, at: str | None
) -> None:
    found = Entry.of(written)
    assert (found.level, found.at and found.at.time().isoformat()) == (level, at)


def test_an_entry_names_its_saga_and_its_trace() -> None:
    assert (Entry.of(OURS).saga_id, Entry.of(OURS).trace_id) == (SAGA, TRACE)
    assert (Entry.of(JSON).saga_id, Entry.of(JSON).trace_id) == (SAGA, None)


def test_a_traceback_belongs_to_the_entry_above_it() -> None:
    raised = f"{OURS}\nTraceback (most recent call last):\n  File x\nValueError: no\n"
    assert list(entries(f"{BROKER}\n{raised}{UVICORN}\n")) == [f"{BROKER}\n", raised, f"{UVICORN}\n"]


def test_a_program_that_writes_no_heads_has_all_of_its_lines_shown() -> None:
    lines = "".join(f"line {number}\n" for number in range(2 * MOST_LINES + 1))
    found = list(entries(lines))
    assert ("".join(found), len(found)) == (lines, 3)


def test_a_long_entry_is_cut_and_says_so() -> None:
    found = Entry.of("x" * (MOST_CHARACTERS + 1500)).text
    assert found == "x" * MOST_CHARACTERS + " … (1,500 more characters)"


def test_an_empty_log_has_no_entry() -> None:
    assert list(entries("")) == []
