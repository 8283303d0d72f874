"""Rates and quantiles, computed from two scrapes."""

from math import inf

import pytest
from console.overview.figures import Figures
from console.overview.quantile import quantile
from console.overview.window import Snapshot, Window, window

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


def snapshot(at: float, text: str | None, **missing: str) -> Snapshot:
    return Snapshot(at, {"orchestrator": Figures.of(text)} if text else {}, broker=None, missing=missing)


def test_a_rate_is_a_counter_s_growth_per_second() -> None:
    seen = Window(snapshot(100.0, BEFORE), snapshot(110.0, NOW), {})
    assert seen.rate("orchestrator", "saga_ended_total", outcome="completed") == 2.0
    assert seen.rate("orchestrator", "saga_ended_total") == 2.0
    assert seen.rate("orchestrator", "saga_ended_total", outcome="compensated") == 0.0


def test_a_counter_that_began_anew_has_grown_by_what_it_shows() -> None:
    assert Window(snapshot(0.0, NOW), snapshot(10.0, BEFORE), {}).rate("orchestrator", "saga_ended_total") == 1.4


@pytest.mark.parametrize("earlier", [snapshot(100.0, None), snapshot(110.0, BEFORE)])
def test_one_snapshot_gives_no_rates(earlier: Snapshot) -> None:
    seen = Window(earlier, snapshot(110.0, NOW), {})
    assert seen.rate("orchestrator", "saga_ended_total") is None
    assert seen.quantile(0.5, "orchestrator", "saga_duration_seconds") is None


def test_a_quantile_is_of_what_happened_in_between() -> None:
    seen = Window(snapshot(100.0, BEFORE), snapshot(110.0, NOW), {})
    assert seen.quantile(0.5, "orchestrator", "saga_duration_seconds") == pytest.approx(0.15)


@pytest.mark.parametrize(("share", "value"), [(0.25, 0.5), (0.5, 1.0), (0.625, 2.0), (0.99, 3.0)])
def test_values_lie_evenly_in_their_bucket_and_beyond_the_last_bound_at_it(share: float, value: float) -> None:
    assert quantile(share, {1.0: 2, 3.0: 3, inf: 4}) == pytest.approx(value)


def test_nothing_counted_has_no_quantile() -> None:
    assert quantile(0.5, {1.0: 0, inf: 0}) is None
    assert quantile(0.5, {}) is None


def test_a_window_is_no_wider_than_now() -> None:
    snapshots = [snapshot(at, BEFORE) for at in (0.0, 90.0, 100.0)]
    assert window(snapshots) == Window(snapshots[1], snapshots[2], {})
    assert window(snapshots[:1]) == Window(snapshots[0], snapshots[0], {})


def test_a_service_is_missing_only_after_two_snapshots() -> None:
    well, ill, other = (
        snapshot(1.0, BEFORE),
        snapshot(2.0, BEFORE, order="gone"),
        snapshot(3.0, BEFORE, payment="gone"),
    )
    assert window([well, ill]).missing == {}
    assert window([ill, other]).missing == {}
    assert window([ill, ill]).missing == {"order": "gone"}
    assert window([ill]).missing == {"order": "gone"}
