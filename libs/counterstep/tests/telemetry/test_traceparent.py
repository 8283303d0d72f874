"""A span's place, as text."""

import pytest
from counterstep.telemetry import below, is_recorded, trace_id

TRACE = "0af7651916cd43dd8448eb211c80319c"
PLACE = f"00-{TRACE}-b7ad6b7169203331-01"


def test_a_place_below_keeps_the_trace_and_its_flags() -> None:
    assert below(PLACE, 255) == f"00-{TRACE}-00000000000000ff-01"


@pytest.mark.parametrize(("flags", "recorded"), [("00", False), ("01", True), ("02", False), ("03", True)])
def test_the_lowest_flag_says_whether_the_trace_is_recorded(flags: str, *, recorded: bool) -> None:
    assert is_recorded(f"00-{TRACE}-b7ad6b7169203331-{flags}") is recorded


def test_without_a_place_nothing_is_recorded() -> None:
    assert not is_recorded(None)
    assert trace_id(None) is None


def test_the_trace_id_is_read_from_the_traceparent() -> None:
    assert trace_id(PLACE) == TRACE
