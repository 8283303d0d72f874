"""The page of a trace."""

import pytest
from counterstep.telemetry import Links

UI = "http://jaeger:16686"
TRACE = "0af7651916cd43dd8448eb211c80319c"
RECORDED, UNRECORDED = (f"00-{TRACE}-b7ad6b7169203331-{flags}" for flags in ("01", "00"))


def test_a_recorded_trace_has_a_page() -> None:
    assert Links(UI).page(RECORDED) == f"{UI}/trace/{TRACE}"


@pytest.mark.parametrize(("ui", "place"), [(None, RECORDED), (UI, UNRECORDED), (UI, None)])
def test_nobody_is_sent_to_a_page_that_is_not_there(ui: str | None, place: str | None) -> None:
    assert Links(ui).page(place) is None
