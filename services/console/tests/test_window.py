"""Rates and quantiles, told from two scrapes."""

from math import inf

import pytest
from console.overview.figures import Figures
from console.overview.quantile import quantile
from console.overview.window import Look, Window, window

BEFORE = """\
# TYPE saga_ended counter
saga_ended_total{saga="place_order",outcome="completed"} 10
saga_ended_total{saga="place_order",outcome="compensated"} 4
# TYPE saga_duration_seconds histogram
saga_duration_seconds_bucket{outcome="completed",le="0.1"} 10
saga_duration_seconds_bucket{outcome="completed",le="0.2"} 10
saga_duration_seconds_bucket{outcome="completed",le="+Inf"} 10
"""
NOW = (
    BEFORE.replace('completed"} 10', 'completed"} 30')
    .replace('"0.2"} 10', '"0.2"} 30')
    .replace('Inf"} 10', 'Inf"} 30')
)


def look(at: float, text: str | None, **missing: str) -> Look:
    return Look(at, {"orchestrator": Figures.of(text)} if text else {}, broker=None, missing=missing)


def test_a_rate_is_a_counter_s_growth_per_second() -> None:
    seen = Window(look(100.0, BEFORE), look(110.0, NOW), {})
    assert seen.rate("orchestrator", "saga_ended_total", outcome="completed") == 2.0
    assert seen.rate("orchestrator", "saga_ended_total") == 2.0
    assert seen.rate("orchestrator", "saga_ended_total", outcome="compensated") == 0.0


def test_a_counter_that_began_anew_has_grown_by_what_it_shows() -> None:
    assert Window(look(0.0, NOW), look(10.0, BEFORE), {}).rate("orchestrator", "saga_ended_total") == 1.4


@pytest.mark.parametrize("earlier", [look(100.0, None), look(110.0, BEFORE)])
def test_nothing_is_told_of_one_look_alone(earlier: Look) -> None:
    seen = Window(earlier, look(110.0, NOW), {})
    assert seen.rate("orchestrator", "saga_ended_total") is None
    assert seen.quantile(0.5, "orchestrator", "saga_duration_seconds") is None


def test_a_quantile_is_of_what_happened_in_between() -> None:
    seen = Window(look(100.0, BEFORE), look(110.0, NOW), {})
    assert seen.quantile(0.5, "orchestrator", "saga_duration_seconds") == pytest.approx(0.15)


@pytest.mark.parametrize(("share", "value"), [(0.25, 0.5), (0.5, 1.0), (0.625, 2.0), (0.99, 3.0)])
def test_values_lie_evenly_in_their_bucket_and_beyond_the_last_bound_at_it(share: float, value: float) -> None:
    assert quantile(share, {1.0: 2, 3.0: 3, inf: 4}) == pytest.approx(value)


def test_nothing_counted_has_no_quantile() -> None:
    assert quantile(0.5, {1.0: 0, inf: 0}) is None
    assert quantile(0.5, {}) is None


def test_a_window_is_no_wider_than_now() -> None:
    looks = [look(at, BEFORE) for at in (0.0, 90.0, 100.0)]
    assert window(looks) == Window(looks[1], looks[2], {})
    assert window(looks[:1]) == Window(looks[0], looks[0], {})


def test_who_was_missed_once_is_not_missing_yet() -> None:
    well, ill, other = look(1.0, BEFORE), look(2.0, BEFORE, order="gone"), look(3.0, BEFORE, payment="gone")
    assert window([well, ill]).missing == {}
    assert window([ill, other]).missing == {}
    assert window([ill, ill]).missing == {"order": "gone"}
    assert window([ill]).missing == {"order": "gone"}
